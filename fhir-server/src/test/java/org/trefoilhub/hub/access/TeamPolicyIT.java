package org.trefoilhub.hub.access;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CareTeam;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.Group;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.trefoilhub.hub.fixture.HubFixture;
import org.trefoilhub.hub.fixture.Login;
import org.trefoilhub.interceptors.fhir.policy.AccessPolicyMapper;

/** Policies that name a group or a care team (dimension 9) bind its members, from the request after a change. */
@Tag("ACC-9")
class TeamPolicyIT {

    private static final FhirContext R4 = FhirContext.forR4Cached();
    private static final String USER = "technician";

    private final HubFixture hub = HubFixture.onH2();
    private final List<Resource> made = new ArrayList<>();
    private String token;
    private String practitioner;

    @BeforeEach
    void person() {
        token = Login.person(hub.base(), USER);
        Bundle known = hub.search("Practitioner?identifier=" + AccessPolicyMapper.BASE + "/sid/user%7C" + USER);
        if (known.getTotal() == 0) {
            Practitioner person = new Practitioner();
            person.addIdentifier()
                    .setSystem(AccessPolicyMapper.BASE + "/sid/user")
                    .setValue(USER);
            practitioner = reference(stored(person));
        } else {
            practitioner = reference(known.getEntryFirstRep().getResource());
        }
    }

    @AfterEach
    void leaveNothing() {
        for (int i = made.size() - 1; i >= 0; i--) {
            HttpResponse<String> answer =
                    hub.send(hub.request("/fhir/" + reference(made.get(i))).DELETE());
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        }
    }

    @Test
    void shouldBindTheMembersOfACareTeamWhileTheyAreMembers() {
        CareTeam team = stored(new CareTeam());
        deny(reference(team));
        assertThat(asked()).as("not a member").isEqualTo(200);

        team.addParticipant().setMember(new Reference(practitioner));
        team = put(team);
        assertThat(asked()).as("a member").isEqualTo(403);

        team.getParticipantFirstRep()
                .getPeriod()
                .setEndElement(new DateTimeType(LocalDate.now().minusDays(2).toString()));
        team = put(team);
        assertThat(asked()).as("was a member").isEqualTo(200);

        team.getParticipantFirstRep()
                .getPeriod()
                .setEndElement(new DateTimeType(LocalDate.now().plusDays(2).toString()));
        team = put(team);
        assertThat(asked()).as("still a member").isEqualTo(403);

        team.setStatus(CareTeam.CareTeamStatus.INACTIVE);
        put(team);
        assertThat(asked()).as("the team is no more").isEqualTo(200);
    }

    @Test
    void shouldBindByPostAndByTeamInATeam() {
        PractitionerRole post = new PractitionerRole();
        post.setPractitioner(new Reference(practitioner));
        post = stored(post);
        CareTeam inner = new CareTeam();
        inner.addParticipant().setMember(new Reference(reference(post)));
        inner = stored(inner);
        CareTeam outer = new CareTeam();
        outer.addParticipant().setMember(new Reference(reference(inner)));
        outer = stored(outer);
        deny(reference(outer));
        assertThat(asked()).isEqualTo(403);

        post.setActive(false);
        put(post);
        assertThat(asked()).as("the post is gone").isEqualTo(200);
    }

    @Test
    void shouldBindTheMembersOfAGroup() {
        Group group = new Group();
        group.setActual(true).setType(Group.GroupType.PRACTITIONER);
        group.addMember().setEntity(new Reference(practitioner));
        group = stored(group);
        deny(reference(group));
        assertThat(asked()).isEqualTo(403);

        group.getMemberFirstRep().setInactive(true);
        put(group);
        assertThat(asked()).as("a member no more").isEqualTo(200);
    }

    /** Denies a team the sight of questionnaires, which everybody else has. */
    private void deny(String team) {
        Consent consent = Consents.of(Consent.ConsentProvisionType.DENY, 250);
        Consents.type(consent, "Questionnaire");
        Consents.provision(consent)
                .addActor()
                .setRole(Consents.concept(AccessPolicyMapper.ACTOR_ROLE_SYSTEM, "user"))
                .setReference(new Reference(team));
        stored(consent);
    }

    private int asked() {
        return hub.send(HttpRequest.newBuilder(URI.create(hub.base() + "/fhir/Questionnaire?_summary=count"))
                        .header("Authorization", "Bearer " + token))
                .statusCode();
    }

    @SuppressWarnings("unchecked")
    private <T extends DomainResource> T stored(T resource) {
        HttpResponse<String> answer = hub.create(resource);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        T stored = (T) hub.parse(resource.getClass(), answer.body());
        made.add(stored);
        return stored;
    }

    @SuppressWarnings("unchecked")
    private <T extends DomainResource> T put(T resource) {
        HttpResponse<String> answer = hub.send(hub.request("/fhir/" + reference(resource))
                .header("Content-Type", "application/fhir+json")
                .PUT(HttpRequest.BodyPublishers.ofString(R4.newJsonParser().encodeResourceToString(resource))));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return (T) hub.parse(resource.getClass(), answer.body());
    }

    private static String reference(Resource resource) {
        return resource.fhirType() + "/" + resource.getIdElement().getIdPart();
    }
}

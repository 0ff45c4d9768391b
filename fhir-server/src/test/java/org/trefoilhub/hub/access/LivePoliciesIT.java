package org.trefoilhub.hub.access;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.Group;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.trefoilhub.access.policy.CurrentPolicies;
import org.trefoilhub.hub.fixture.HubFixture;

/** Consents written through the FHIR door of a whole hub are the policies of the next request. */
class LivePoliciesIT {

    private static final FhirContext R4 = FhirContext.forR4Cached();
    private static final String SEED = "https://trefoil-hub.org/fhir/sid/access-policy%7C";

    private static HubFixture hub;
    private static String his;

    @BeforeAll
    static void start() {
        hub = HubFixture.onH2();
        his = token("his");
    }

    @Test
    @Tag("ACC-8")
    void shouldPutAWrittenPolicyInForceOnTheNextRequest() {
        assertThat(asHis("Slot")).isEqualTo(200);
        long before = version();
        Consent deny = created(Consents.denied("his", "Slot"));
        assertThat(asHis("Slot")).isEqualTo(403);
        assertThat(asHis("Schedule")).isEqualTo(200);

        deny.setStatus(Consent.ConsentState.INACTIVE);
        Consent inactive = updated(deny);
        assertThat(asHis("Slot")).isEqualTo(200);

        inactive.setStatus(Consent.ConsentState.ACTIVE);
        inactive.getProvision().getPeriod().setEndElement(new org.hl7.fhir.r4.model.DateTimeType("2020-12-31"));
        Consent past = updated(inactive);
        assertThat(asHis("Slot")).as("out of its period").isEqualTo(200);

        past.getProvision().setPeriod(null);
        updated(past);
        assertThat(asHis("Slot")).isEqualTo(403);

        HttpResponse<String> deleted = hub.send(
                hub.request("/fhir/Consent/" + past.getIdElement().getIdPart()).DELETE());
        assertThat(deleted.statusCode()).as(deleted.body()).isEqualTo(200);
        assertThat(asHis("Slot")).isEqualTo(200);
        assertThat(version()).isGreaterThanOrEqualTo(before + 5);
    }

    @Test
    void shouldRefuseWhatItDoesNotUnderstandAndChangeNothing() {
        long before = version();
        Consent strange = Consents.denied("his", "Slot");
        strange.addIdentifier().setSystem("urn:test").setValue("strange");
        Consents.provision(strange).addExtension("urn:x", new BooleanType(true));
        HttpResponse<String> answer = hub.create(strange);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(answer.body()).contains("TREFOIL-ACC-0010").contains("unknown extension");
        assertThat(hub.search("Consent?identifier=urn:test%7Cstrange").getTotal())
                .isZero();

        Consent misspelt = Consents.denied("his", "Slto");
        assertThat(hub.create(misspelt).statusCode()).isEqualTo(422);
        misspelt.setStatus(Consent.ConsentState.DRAFT);
        assertThat(hub.create(misspelt).statusCode())
                .as("a draft is nobody's rule")
                .isEqualTo(201);
        assertThat(version()).isEqualTo(before);
        assertThat(asHis("Slot")).isEqualTo(200);
    }

    @Test
    void shouldLeaveNothingOfATransactionThatFailed() {
        Consent deny = Consents.denied("his", "Schedule");
        Observation broken = new Observation();
        broken.setStatus(Observation.ObservationStatus.FINAL);
        broken.setSubject(new Reference("Patient/999999999"));
        HttpResponse<String> answer =
                hub.post("/fhir", R4.newJsonParser().encodeResourceToString(bundle(deny, broken)));
        assertThat(answer.statusCode()).as(answer.body()).isBetween(400, 422);
        assertThat(asHis("Schedule")).isEqualTo(200);

        Bundle strange = bundle(Consents.denied("his", "Schedule"), Consents.denied("his", "Scheduel"));
        answer = hub.post("/fhir", R4.newJsonParser().encodeResourceToString(strange));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(asHis("Schedule")).isEqualTo(200);
    }

    @Test
    void shouldUnderstandReferencesInsideATransaction() {
        Group group = new Group();
        group.setActual(true).setType(Group.GroupType.PERSON);
        Consent deny = Consents.of(Consent.ConsentProvisionType.DENY, 300);
        Consents.actor(deny, "system", "client", "nobody");
        Bundle bundle = bundle(deny, group);
        bundle.getEntry().get(1).setFullUrl("urn:uuid:6e3e3c7e-5a3f-4dc6-9d1c-0a1b5f2d8c11");
        Consents.provision(deny)
                .addData()
                .setMeaning(Consent.ConsentDataMeaning.INSTANCE)
                .setReference(new Reference("urn:uuid:6e3e3c7e-5a3f-4dc6-9d1c-0a1b5f2d8c11"));
        HttpResponse<String> answer = hub.post("/fhir", R4.newJsonParser().encodeResourceToString(bundle));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        String id = new IdType(hub.parse(Bundle.class, answer.body())
                        .getEntryFirstRep()
                        .getResponse()
                        .getLocation())
                .getIdPart();
        assertThat(hub.bean(CurrentPolicies.class).set().policies())
                .anySatisfy(policy -> assertThat(policy.id()).isEqualTo(id + "#0"));
    }

    @Test
    void shouldSeedEachPolicyOnce() {
        Bundle seeded = hub.search("Consent?identifier=" + SEED + "seed-health-commission");
        assertThat(seeded.getTotal()).isEqualTo(1);
        String id = seeded.getEntryFirstRep().getResource().getIdElement().getIdPart();
        assertThat(hub.send(hub.request("/fhir/Consent/" + id).DELETE()).statusCode())
                .isEqualTo(200);
        int before = hub.search("Consent?_summary=count").getTotal();
        hub.bean(PolicyLoader.class).start();
        assertThat(hub.search("Consent?_summary=count").getTotal())
                .as("what was deleted does not come back")
                .isEqualTo(before);
        assertThat(hub.search("Consent?identifier=" + SEED + "seed-hub").getTotal())
                .isEqualTo(1);
        Consent again = (Consent) seeded.getEntryFirstRep().getResource();
        assertThat(hub.send(hub.request("/fhir/Consent/" + id)
                                .header("Content-Type", "application/fhir+json")
                                .PUT(HttpRequest.BodyPublishers.ofString(
                                        R4.newJsonParser().encodeResourceToString(again))))
                        .statusCode())
                .isBetween(200, 201);
    }

    private static Bundle bundle(Resource... resources) {
        Bundle bundle = new Bundle();
        bundle.setType(Bundle.BundleType.TRANSACTION);
        for (Resource resource : resources) {
            bundle.addEntry()
                    .setResource(resource)
                    .getRequest()
                    .setMethod(Bundle.HTTPVerb.POST)
                    .setUrl(resource.fhirType());
        }
        return bundle;
    }

    private static long version() {
        return hub.bean(CurrentPolicies.class).set().version();
    }

    private static Consent created(Consent consent) {
        HttpResponse<String> answer = hub.create(consent);
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
        return hub.parse(Consent.class, answer.body());
    }

    private static Consent updated(Consent consent) {
        HttpResponse<String> answer = hub.send(hub.request(
                        "/fhir/Consent/" + consent.getIdElement().getIdPart())
                .header("Content-Type", "application/fhir+json")
                .PUT(HttpRequest.BodyPublishers.ofString(R4.newJsonParser().encodeResourceToString(consent))));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return hub.parse(Consent.class, answer.body());
    }

    private static int asHis(String query) {
        return hub.send(HttpRequest.newBuilder(URI.create(hub.base() + "/fhir/" + query))
                        .header("Authorization", "Bearer " + his))
                .statusCode();
    }

    private static String token(String client) {
        String basic = Base64.getEncoder()
                .encodeToString((client + ":" + client + "-secret").getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> answer = hub.send(HttpRequest.newBuilder(URI.create(hub.base() + "/oauth2/token"))
                .header("Authorization", "Basic " + basic)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials&scope=system%2F*.rs")));
        Matcher token = Pattern.compile("\"access_token\"\\s*:\\s*\"([^\"]+)\"").matcher(answer.body());
        assertThat(token.find()).as(answer.body()).isTrue();
        return token.group(1);
    }
}

package org.trefoilhub.hub.enforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.trefoilhub.hub.enforce.PolicyHub.client;
import static org.trefoilhub.hub.enforce.PolicyHub.deny;
import static org.trefoilhub.hub.enforce.PolicyHub.permit;

import java.util.Set;
import java.util.UUID;
import org.hl7.fhir.r4.model.Provenance;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.trefoilhub.access.policy.Condition;
import org.trefoilhub.access.policy.FactKind;
import org.trefoilhub.hub.fixture.TestStudies;
import org.trefoilhub.interceptors.fhir.enforce.FhirEnforcement;

/** A study that nobody can assign to a patient leaves no trace for whoever is not permitted to see it. */
class UnassignedStudyIT {

    private static PolicyHub hub;
    private static String unassigned;
    private static String assigned;
    private static String unassignedUid;
    private static String query;
    private static long drift;

    @BeforeAll
    static void store() throws Exception {
        hub = new PolicyHub();
        drift = hub.hub.bean(FhirEnforcement.class).drift();
        hub.set(
                deny("hide", 200, new Condition.Coded(FactKind.DATA_TYPE, Set.of("image-unassigned"))),
                permit("his", 0, client("his")));
        unassignedUid = TestStudies.uid();
        String assignedUid = TestStudies.uid();
        hub.hub.store(TestStudies.slice(unassignedUid, TestStudies.uid(), 1, null));
        hub.hub.store(TestStudies.slice(assignedUid, TestStudies.uid(), 1, "U-" + UUID.randomUUID()));
        unassigned = await(unassignedUid);
        assigned = await(assignedUid);
        query = "ImagingStudy?identifier=" + identifier(unassignedUid) + "," + identifier(assignedUid);
    }

    @AfterAll
    static void restore() {
        hub.close();
    }

    private static String identifier(String uid) {
        return "urn:dicom:uid%7Curn:oid:" + uid;
    }

    private static String await(String uid) throws InterruptedException {
        for (int i = 0; i < 600; i++) {
            var found = hub.search("conformance", "ImagingStudy?identifier=" + identifier(uid));
            if (found.total() == 1) {
                return found.references().iterator().next();
            }
            Thread.sleep(100);
        }
        throw new AssertionError("no ImagingStudy in time");
    }

    @Test
    void shouldBeSeenByWhoeverIsPermitted() {
        assertThat(hub.search("conformance", query).references()).containsExactlyInAnyOrder(unassigned, assigned);
        assertThat(hub.get("conformance", "/" + unassigned).status()).isEqualTo(200);
    }

    @Test
    void shouldNotBeReadByOthers() {
        assertThat(hub.get("his", "/" + assigned).status()).isEqualTo(200);
        String absent = hub.get("his", "/ImagingStudy/999999999").body();
        for (String path : new String[] {"", "/_history", "/_history/1"}) {
            PolicyHub.Answer answer = hub.get("his", "/" + unassigned + path);
            assertThat(answer.status()).as(path).isEqualTo(404);
            assertThat(answer.body()).as(path).isEqualTo(absent);
        }
    }

    @Test
    void shouldNotBeFoundOrCountedForOthers() {
        for (String more : new String[] {"", "&_sort=-started", "&_count=1", "&_total=accurate", "&status=available"}) {
            PolicyHub.Found found = hub.search("his", query + more);
            assertThat(found.references()).as(more).containsExactly(assigned);
            assertThat(found.total()).as(more).isEqualTo(1);
        }
        assertThat(hub.search("his", query + "&_summary=count").total()).isEqualTo(1);
        assertThat(hub.search("his", query + "&_offset=0&_count=5").references())
                .containsExactly(assigned);
        assertThat(hub.search("his", query + "&_offset=1&_count=5").references())
                .isEmpty();
        String one = "ImagingStudy?identifier=" + identifier(unassignedUid);
        assertThat(hub.search("his", one).total()).isZero();
        assertThat(hub.search("his", "ImagingStudy?_id=" + unassigned.substring(13))
                        .total())
                .isZero();
        assertThat(hub.search("his", "ImagingStudy?_id:not=" + assigned.substring(13))
                        .references())
                .doesNotContain(unassigned);
        assertThat(hub.search("his", "ImagingStudy?_content=CT").references()).doesNotContain(unassigned);
    }

    @Test
    void shouldNotComeAlong() {
        Provenance about = new Provenance();
        about.addTarget(new Reference(unassigned));
        about.setRecorded(new java.util.Date());
        about.addAgent().setWho(new Reference().setDisplay("probe"));
        String provenance = hub.create(about);
        assertThat(hub.search("conformance", "Provenance?_id=" + provenance.substring(11) + "&_include=*")
                        .references())
                .contains(unassigned);
        assertThat(hub.search("his", "Provenance?_id=" + provenance.substring(11))
                        .total())
                .isZero();
        assertThat(hub.search("his", query + "&_revinclude=Provenance:target").references())
                .containsExactly(assigned);
    }

    @Test
    void shouldNotBeToldByItsReviewTask() {
        String task =
                "Task?identifier=https://trefoil-hub.org/fhir/sid/imaging-review%7Cpatient-id-missing-" + unassignedUid;
        assertThat(hub.search("conformance", task).total()).isEqualTo(1);
        assertThat(hub.search("his", task).total()).isZero();
    }

    @Test
    void shouldLeaveNothingToTheNet() {
        shouldNotBeFoundOrCountedForOthers();
        assertThat(hub.hub.bean(FhirEnforcement.class).drift()).isEqualTo(drift);
    }
}

package org.trefoilhub.hub.guide;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeSystem;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;
import org.trefoilhub.hub.fixture.HubFixture;
import org.trefoilhub.hub.fixture.TestStudies;

/** A profile that is claimed at the FHIR door is kept, or the write is refused. */
class ClaimedProfileIT {

    private final HubFixture hub = HubFixture.onH2();

    @Test
    void takesWhatKeepsItsProfileAndRefusesWhatBreaksIt() {
        HttpResponse<String> good = hub.create(patient("claimed-good"));
        assertThat(good.statusCode()).as(good.body()).isEqualTo(201);

        Patient anonymous = new Patient();
        HubProfiles.claim(anonymous, HubProfiles.SOURCE_PATIENT);
        HttpResponse<String> bad = hub.create(anonymous);

        assertThat(bad.statusCode()).as(bad.body()).isEqualTo(422);
        OperationOutcome outcome = hub.parse(OperationOutcome.class, bad.body());
        assertThat(outcome.getIssue()).anySatisfy(issue -> {
            assertThat(issue.getDiagnostics()).contains("identifier");
            assertThat(issue.getDetails().getCodingFirstRep().getCode()).startsWith("TREFOIL-");
        });
    }

    @Test
    void looksNotAtWhatClaimsNothing() {
        HttpResponse<String> answer = hub.create(new Patient().setActive(true));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(201);
    }

    @Test
    void judgesAPatchByWhatItMakes() {
        HttpResponse<String> created = hub.create(patient("claimed-patched"));
        String id = hub.parse(Patient.class, created.body()).getIdElement().getIdPart();

        HttpResponse<String> answer = hub.send(hub.request("/fhir/Patient/" + id)
                .header("Content-Type", "application/json-patch+json")
                .method(
                        "PATCH",
                        HttpRequest.BodyPublishers.ofString("[{\"op\": \"remove\", \"path\": \"/identifier\"}]")));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(hub.parse(Patient.class, hub.get("/fhir/Patient/" + id).body())
                        .hasIdentifier())
                .isTrue();
    }

    @Test
    void refusesAWholeTransactionForOneBrokenClaim() {
        HttpResponse<String> answer = hub.post(
                "/fhir",
                """
                {"resourceType": "Bundle", "type": "transaction", "entry": [
                 {"resource": {"resourceType": "Basic", "code": {"text": "claimed-transaction"},
                   "identifier": [{"system": "urn:test", "value": "claimed-transaction"}]},
                  "request": {"method": "POST", "url": "Basic"}},
                 {"resource": {"resourceType": "Patient", "meta": {"profile": ["%s"]}},
                  "request": {"method": "POST", "url": "Patient"}}]}"""
                        .formatted(HubProfiles.SOURCE_PATIENT));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(hub.search("Basic?identifier=urn:test%7Cclaimed-transaction").getEntry())
                .isEmpty();
    }

    @Test
    void whatTheHubProjectsKeepsItsProfiles() throws InterruptedException {
        String study = TestStudies.uid();
        assertThat(hub.store(TestStudies.slice(
                                study, TestStudies.uid(), 1, "claimed-" + study.substring(study.length() - 8)))
                        .statusCode())
                .isEqualTo(200);

        Bundle found = hub.search("ImagingStudy?identifier=urn:dicom:uid%7Curn:oid:" + study + "&_include=*");
        for (int tries = 0; found.getEntry().isEmpty() && tries < 60; tries++) {
            Thread.sleep(500);
            found = hub.search("ImagingStudy?identifier=urn:dicom:uid%7Curn:oid:" + study + "&_include=*");
        }

        assertThat(found.getEntry())
                .extracting(entry -> entry.getResource().fhirType())
                .contains("ImagingStudy", "Patient");
        assertThat(found.getEntry()).allSatisfy(entry -> {
            Resource resource = entry.getResource();
            assertThat(resource.fhirType().equals("Endpoint")
                            || resource.getMeta().hasProfile())
                    .isTrue();
            assertThat(GuideProfiles.errors(resource)).isEmpty();
        });
    }

    @Test
    void servesTheCodesOfTheGuideUnderTheirIds() {
        HttpResponse<String> answer = hub.get("/fhir/CodeSystem/exam-status");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(hub.parse(CodeSystem.class, answer.body()).getConcept())
                .anySatisfy(concept ->
                        assertThat(concept.getDesignationFirstRep().getValue()).isEqualTo("已审核"));
        assertThat(hub.get("/ig/index.html").statusCode()).isEqualTo(200);
    }

    private static Patient patient(String identifier) {
        Patient patient = new Patient();
        HubProfiles.claim(patient, HubProfiles.SOURCE_PATIENT);
        patient.addIdentifier().setSystem("urn:test").setValue(identifier);
        return patient;
    }
}

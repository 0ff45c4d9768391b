package org.trefoilhub.hub.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.UUID;
import java.util.function.Predicate;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.ImagingStudy.ImagingStudyStatus;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Task;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.trefoilhub.hub.fixture.HubFixture;
import org.trefoilhub.hub.fixture.TestStudies;

/** From STOW to ImagingStudy, on whatever database the hub runs. */
abstract class AbstractProjectionContract {

    private static final String PATIENT_ID = "https://trefoil-hub.org/fhir/sid/patient-id";

    abstract HubFixture hub();

    @Test
    void shouldShowAStoredStudyOfAKnownPatient() {
        String number = "P-" + UUID.randomUUID();
        Patient patient = new Patient();
        patient.addIdentifier().setSystem(PATIENT_ID).setValue(number);
        patient.addName().setText("李娜");
        var created = hub().create(patient);
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        String id = hub().parse(Patient.class, created.body()).getIdElement().getIdPart();
        String study = TestStudies.uid();
        String series = TestStudies.uid();
        for (int slice = 1; slice <= 3; slice++) {
            var stored = hub().store(TestStudies.slice(study, series, slice, number));
            assertThat(stored.statusCode()).as(stored.body()).isEqualTo(200);
        }
        ImagingStudy found = await(study, one -> one.getNumberOfInstances() == 3);
        assertThat(found.getStatus()).isEqualTo(ImagingStudyStatus.AVAILABLE);
        assertThat(found.getSubject().getReference()).isEqualTo("Patient/" + id);
        assertThat(found.getNumberOfSeries()).isEqualTo(1);
        assertThat(found.getModalityFirstRep().getCode()).isEqualTo("CT");
        assertThat(found.getSeriesFirstRep().getInstance()).hasSize(3);
        assertThat(found.getStartedElement().getValueAsString()).isEqualTo("2026-03-01T10:15:30+08:00");
        assertThat(hub().search("ImagingStudy?patient=" + id).getTotal()).isEqualTo(1);
    }

    @Test
    void shouldMakeTheSourcePatientOfAnUnknownNumber() {
        String number = "Q-" + UUID.randomUUID();
        String study = TestStudies.uid();
        hub().store(TestStudies.slice(study, TestStudies.uid(), 1, number));
        ImagingStudy found = await(study, one -> true);
        assertThat(found.getMeta().getTag("https://trefoil-hub.org/fhir/sid/source", "conformance"))
                .isNotNull();
        Bundle patients = hub().search("Patient?identifier=" + PATIENT_ID + "%7C" + number);
        assertThat(patients.getTotal()).isEqualTo(1);
        Patient patient = (Patient) patients.getEntryFirstRep().getResource();
        assertThat(patient.getNameFirstRep().getText()).isEqualTo("李娜");
        assertThat(found.getSubject().getReference())
                .isEqualTo("Patient/" + patient.getIdElement().getIdPart());
    }

    @Test
    void shouldAskAPersonWhenThereIsNoPatientId() {
        String study = TestStudies.uid();
        hub().store(TestStudies.slice(study, TestStudies.uid(), 1, null));
        ImagingStudy found = await(study, one -> true);
        assertThat(found.getSubject().hasReference()).isFalse();
        assertThat(found.getSubject().getIdentifier().getValue()).isEqualTo(study);
        Bundle tasks = hub().search(
                        "Task?identifier=https://trefoil-hub.org/fhir/sid/imaging-review%7Cpatient-id-missing-"
                                + study);
        assertThat(tasks.getTotal()).isEqualTo(1);
        assertThat(((Task) tasks.getEntryFirstRep().getResource()).getStatus()).isEqualTo(Task.TaskStatus.REQUESTED);
    }

    @Test
    void shouldChangeNothingWhenTheFeedIsReadAgain() throws Exception {
        String study = TestStudies.uid();
        hub().store(TestStudies.slice(study, TestStudies.uid(), 1, "R-" + UUID.randomUUID()));
        ImagingStudy before = await(study, one -> true);
        ImagingStudyProjector projector = hub().bean(ImagingStudyProjector.class);
        projector.rebuild();
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (projector.lag() > 0 && System.nanoTime() < deadline) {
            Thread.sleep(100);
        }
        assertThat(projector.lag()).isZero();
        ImagingStudy after = await(study, one -> true);
        assertThat(after.getMeta().getVersionId()).isEqualTo(before.getMeta().getVersionId());
        assertThat(after.getNumberOfInstances()).isEqualTo(1);
    }

    @Test
    void shouldCancelTheImagingStudyOfADeletedStudy() {
        String study = TestStudies.uid();
        String number = "D-" + UUID.randomUUID();
        hub().store(TestStudies.slice(study, TestStudies.uid(), 1, number));
        hub().store(TestStudies.slice(study, TestStudies.uid(), 2, number));
        ImagingStudy before = await(study, one -> one.getNumberOfInstances() == 2);
        var deleted = hub().send(hub().request("/dicom-web/studies/" + study).DELETE());
        assertThat(deleted.statusCode()).as(deleted.body()).isEqualTo(204);
        ImagingStudy after = await(study, one -> one.getStatus() == ImagingStudyStatus.CANCELLED);
        assertThat(after.getIdElement().getIdPart())
                .isEqualTo(before.getIdElement().getIdPart());
        assertThat(after.getSubject().getReference())
                .isEqualTo(before.getSubject().getReference());
        assertThat(after.getNumberOfInstances()).isZero();
        var metadata = hub().send(hub().request("/dicom-web/studies/" + study + "/metadata")
                .setHeader("Accept", "application/dicom+json"));
        assertThat(metadata.statusCode()).as(metadata.body()).isEqualTo(404);
    }

    @Test
    void shouldLinkThePatientsOfTheArchiveInTheTransactionThatWritesThem() {
        String number = "L-" + UUID.randomUUID();
        Patient patient = new Patient();
        patient.addIdentifier().setSystem(PATIENT_ID).setValue(number);
        String first = reference(hub().create(patient).body());
        hub().store(TestStudies.slice(TestStudies.uid(), TestStudies.uid(), 1, number));
        assertThat(link(number)).isEqualTo(first); // at ingest, before any projection
        String second = reference(hub().create(patient).body());
        assertThat(link(number)).isEqualTo(first);
        hub().bean(ImagingStudyProjector.class).stop(); // what follows is not its work
        try {
            String later = "M-" + UUID.randomUUID();
            hub().store(TestStudies.slice(TestStudies.uid(), TestStudies.uid(), 1, later));
            assertThat(link(later)).isNull();
            patient.getIdentifierFirstRep().setValue(later);
            String third = reference(hub().create(patient).body());
            assertThat(link(later)).isEqualTo(third);
            var deleted = hub().send(hub().request("/fhir/" + third).DELETE());
            assertThat(deleted.statusCode()).as(deleted.body()).isLessThan(300);
            assertThat(link(later)).isNull();
        } finally {
            hub().bean(ImagingStudyProjector.class).start();
        }
        assertThat(second).isNotEqualTo(first);
    }

    private String reference(String body) {
        return "Patient/" + hub().parse(Patient.class, body).getIdElement().getIdPart();
    }

    private String link(String number) {
        return hub().bean(JdbcClient.class)
                .sql("select patient_ref from trefoil.patient where patient_id = ?")
                .param(number)
                .query((rs, n) -> java.util.Optional.ofNullable(rs.getString(1)))
                .single()
                .orElse(null);
    }

    private ImagingStudy await(String study, Predicate<ImagingStudy> wanted) {
        long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
        while (true) {
            Bundle found = hub().search("ImagingStudy?identifier=urn:dicom:uid%7Curn:oid:" + study);
            if (found.getTotal() == 1) {
                ImagingStudy one = (ImagingStudy) found.getEntryFirstRep().getResource();
                if (wanted.test(one)) {
                    return one;
                }
            }
            assertThat(System.nanoTime()).as("no ImagingStudy in time").isLessThan(deadline);
            try {
                Thread.sleep(100);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }
}

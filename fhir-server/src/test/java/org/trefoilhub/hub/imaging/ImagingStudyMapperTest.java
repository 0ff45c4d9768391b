package org.trefoilhub.hub.imaging;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.ZoneId;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.ImagingStudy.ImagingStudyStatus;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.Test;
import org.trefoilhub.hub.app.HubProperties;

class ImagingStudyMapperTest {

    private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
    private final IdentifierSystems systems = new IdentifierSystems(new HubProperties(
            Path.of("data"), URI.create("http://localhost:8080"), SHANGHAI, "https://trefoil-hub.org/fhir"));
    private final ImagingStudyMapper mapper = new ImagingStudyMapper(systems, SHANGHAI, 2_000);

    @Test
    void shouldSayWhatTheArchiveSays() {
        ImagingStudy study = new ImagingStudy();
        mapper.update(
                study,
                SourcePatientMapperTest.study("P0001", "Wang^XiaoMing=王^小明", "M", null),
                new Reference("Patient/1"),
                new Reference("Endpoint/2"));
        assertThat(study.getStatus()).isEqualTo(ImagingStudyStatus.AVAILABLE);
        assertThat(study.getIdentifierFirstRep().getSystem()).isEqualTo("urn:dicom:uid");
        assertThat(study.getIdentifierFirstRep().getValue()).isEqualTo("urn:oid:1.2.3");
        assertThat(study.getIdentifier().get(1).getType().getCodingFirstRep().getCode())
                .isEqualTo("ACSN");
        assertThat(study.getStartedElement().getValueAsString()).isEqualTo("2026-03-01T10:15:30+08:00");
        assertThat(study.getModalityFirstRep().getCode()).isEqualTo("CT");
        assertThat(study.getNumberOfInstances()).isEqualTo(1);
        assertThat(study.getSeriesFirstRep().getLaterality().getCode()).isEqualTo("7771000");
        assertThat(study.getSeriesFirstRep().getInstanceFirstRep().getSopClass().getCode())
                .isEqualTo("urn:oid:1.2.840.10008.5.1.4.1.1.2");
    }

    @Test
    void shouldKeepWhatOthersWroteAndChangeNothingOnRepeat() {
        ImagingStudy study = new ImagingStudy();
        study.addBasedOn().setReference("ServiceRequest/7");
        study.addIdentifier().setSystem("urn:other").setValue("x");
        var summary = SourcePatientMapperTest.study("P0001", null, null, null);
        mapper.update(study, summary, new Reference("Patient/1"), new Reference("Endpoint/2"));
        ImagingStudy again = study.copy();
        mapper.update(again, summary, new Reference("Patient/1"), new Reference("Endpoint/2"));
        assertThat(again.equalsDeep(study)).isTrue();
        assertThat(again.getBasedOnFirstRep().getReference()).isEqualTo("ServiceRequest/7");
        assertThat(again.getIdentifier()).anyMatch(identifier -> "urn:other".equals(identifier.getSystem()));
    }

    @Test
    void shouldListNoInstancesOfAStudyAboveTheLimit() {
        ImagingStudy study = new ImagingStudy();
        new ImagingStudyMapper(systems, SHANGHAI, 0)
                .update(
                        study,
                        SourcePatientMapperTest.study("P1", null, null, null),
                        new Reference("Patient/1"),
                        new Reference("Endpoint/2"));
        assertThat(study.getSeriesFirstRep().hasInstance()).isFalse();
        assertThat(study.getSeriesFirstRep().getNumberOfInstances()).isEqualTo(1);
    }

    @Test
    void shouldTakeTheOffsetOfTheObjectsBeforeTheHospitalZone() {
        assertThat(mapper.time("20260301", "101530.25", "-0530").orElseThrow().getValueAsString())
                .isEqualTo("2026-03-01T10:15:30-05:30");
        assertThat(mapper.time("20260301", "1015", "nonsense").orElseThrow().getValueAsString())
                .isEqualTo("2026-03-01T10:15:00+08:00");
    }

    @Test
    void shouldFallBackToTheDayWhenThereIsNoValidTime() {
        assertThat(mapper.time("20260301", "2561", null).orElseThrow().getValueAsString())
                .isEqualTo("2026-03-01");
        assertThat(mapper.time("20260230", "1000", null)).isEmpty();
        assertThat(mapper.time(null, "1000", null)).isEmpty();
    }
}

package org.trefoilhub.hub.imaging;

import ca.uhn.fhir.model.api.TemporalPrecisionEnum;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.ImagingStudy.ImagingStudySeriesComponent;
import org.hl7.fhir.r4.model.ImagingStudy.ImagingStudySeriesInstanceComponent;
import org.hl7.fhir.r4.model.ImagingStudy.ImagingStudyStatus;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicomweb.archive.StudySummary;
import org.trefoilhub.hub.guide.HubProfiles;

/**
 * What the archive knows of a study, as an ImagingStudy. Pure and thread-safe.
 *
 * <p>Writes only the elements that come from the objects; what others wrote into the resource (order, encounter,
 * procedure, notes) stays. Times get the offset that the objects name, else the zone of the hospital.
 *
 * <p>Spec: FHIR R4 ImagingStudy; DICOM PS3.5 section 6.2 (DA, TM), PS3.3 section C.12.1.1.8 (time zone).
 */
final class ImagingStudyMapper {

    private static final String DCM = "http://dicom.nema.org/resources/ontology/DCM";
    private static final String SNOMED_CT = "http://snomed.info/sct";
    private static final String URI = "urn:ietf:rfc:3986";
    private static final Pattern TM = Pattern.compile("(\\d{2})(?:(\\d{2})(?:(\\d{2})(?:\\.(\\d{1,6}))?)?)?");
    private static final Pattern OFFSET = Pattern.compile("([+-])(\\d{2})(\\d{2})");

    private final IdentifierSystems systems;
    private final ZoneId hospitalZone;
    private final int maxListedInstances;

    ImagingStudyMapper(IdentifierSystems systems, ZoneId hospitalZone, int maxListedInstances) {
        this.systems = systems;
        this.hospitalZone = hospitalZone;
        this.maxListedInstances = maxListedInstances;
    }

    /**
     * Writes the study into the resource.
     *
     * @param target new, or as stored
     * @param subject the source Patient, or a logical reference when the objects name none
     * @param endpoint where the images are
     */
    void update(ImagingStudy target, StudySummary study, Reference subject, Reference endpoint) {
        HubProfiles.claim(target, HubProfiles.IMAGING_STUDY);
        target.setStatus(ImagingStudyStatus.AVAILABLE);
        source(target, study.sender());
        target.setIdentifier(identifiers(target, study));
        target.setSubject(subject);
        target.setModality(
                study.modalities().stream().map(ImagingStudyMapper::modality).toList());
        target.setStartedElement(time(study.studyDate(), study.studyTime(), study.timezoneOffsetFromUtc())
                .orElse(null));
        target.setNumberOfSeries(study.numberOfSeries());
        target.setNumberOfInstances(study.numberOfInstances());
        target.setDescription(study.studyDescription());
        target.setEndpoint(List.of(endpoint));
        target.setReferrer(referrer(target.getReferrer(), study));
        boolean listInstances = study.numberOfInstances() <= maxListedInstances;
        List<ImagingStudySeriesComponent> series = new ArrayList<>();
        for (StudySummary.Series one : study.series()) {
            series.add(series(one, study.timezoneOffsetFromUtc(), listInstances));
        }
        target.setSeries(series);
    }

    /** Marks the resource of a study that the archive no longer shows. */
    void cancel(ImagingStudy target) {
        target.setStatus(ImagingStudyStatus.CANCELLED);
        target.setNumberOfSeries(0);
        target.setNumberOfInstances(0);
        target.setSeries(List.of());
        target.setEndpoint(List.of());
    }

    /** Tags the resource with where its objects came from; tags of others stay. */
    private void source(ImagingStudy target, String sender) {
        String system = systems.of("source");
        if (target.getMeta().getTag(system, sender) == null) {
            target.getMeta().addTag().setSystem(system).setCode(sender);
        }
    }

    private List<Identifier> identifiers(ImagingStudy target, StudySummary study) {
        List<Identifier> identifiers = new ArrayList<>();
        identifiers.add(IdentifierSystems.study(study.studyInstanceUid()));
        String accessionNumber = study.accessionNumber();
        if (accessionNumber != null && !accessionNumber.isBlank()) {
            identifiers.add(systems.accession(accessionNumber.strip()));
        }
        for (Identifier other : target.getIdentifier()) {
            boolean ours = IdentifierSystems.DICOM_UID.equals(other.getSystem())
                    || systems.of("accession").equals(other.getSystem());
            if (!ours) {
                identifiers.add(other);
            }
        }
        return identifiers;
    }

    private static @Nullable Reference referrer(Reference before, StudySummary study) {
        if (before.hasReference() || before.hasIdentifier()) {
            return before;
        }
        var name = study.referringPhysicianName();
        if (name == null || name.isEmpty()) {
            return null;
        }
        return new Reference()
                .setDisplay(SourcePatientMapper.text(
                        name.ideographic().isEmpty() ? name.alphabetic() : name.ideographic()));
    }

    private ImagingStudySeriesComponent series(
            StudySummary.Series series, @Nullable String offset, boolean listInstances) {
        ImagingStudySeriesComponent target = new ImagingStudySeriesComponent();
        target.setUid(series.seriesInstanceUid());
        Integer number = series.seriesNumber();
        if (number != null && number >= 0) {
            target.setNumber(number);
        }
        // FHIR demands a modality; OT (other) is what DICOM says when there is none.
        target.setModality(modality(series.modality() == null ? "OT" : series.modality()));
        target.setDescription(series.seriesDescription());
        target.setNumberOfInstances(series.instances().size());
        String bodyPart = series.bodyPartExamined();
        if (bodyPart != null && !bodyPart.isBlank()) {
            target.setBodySite(new Coding(systems.codeSystem("dicom-body-part"), bodyPart.strip(), null));
        }
        laterality(series.laterality()).ifPresent(target::setLaterality);
        time(series.seriesDate(), series.seriesTime(), offset).ifPresent(target::setStartedElement);
        if (listInstances) {
            for (StudySummary.Instance instance : series.instances()) {
                target.addInstance(instance(instance));
            }
        }
        return target;
    }

    private static ImagingStudySeriesInstanceComponent instance(StudySummary.Instance instance) {
        ImagingStudySeriesInstanceComponent target = new ImagingStudySeriesInstanceComponent();
        target.setUid(instance.sopInstanceUid());
        target.setSopClass(new Coding(URI, IdentifierSystems.oid(instance.sopClassUid()), null));
        Integer number = instance.instanceNumber();
        if (number != null && number >= 0) {
            target.setNumber(number);
        }
        return target;
    }

    private static Coding modality(String code) {
        return new Coding(DCM, code, null);
    }

    private static Optional<Coding> laterality(@Nullable String laterality) {
        if (laterality == null) {
            return Optional.empty();
        }
        return switch (laterality) {
            case "L" -> Optional.of(new Coding(SNOMED_CT, "7771000", "Left"));
            case "R" -> Optional.of(new Coding(SNOMED_CT, "24028007", "Right"));
            default -> Optional.empty();
        };
    }

    /** A DICOM date and time as a FHIR dateTime, of day precision when there is no valid time; empty without a date. */
    Optional<DateTimeType> time(@Nullable String da, @Nullable String tm, @Nullable String offset) {
        Optional<LocalDate> date = SourcePatientMapper.date(da);
        if (date.isEmpty()) {
            return Optional.empty();
        }
        Optional<LocalTime> time = timeOfDay(tm);
        if (time.isEmpty()) {
            return Optional.of(new DateTimeType(date.get().toString()));
        }
        ZoneId zone = zone(offset);
        Date instant = Date.from(date.get().atTime(time.get()).atZone(zone).toInstant());
        return Optional.of(new DateTimeType(instant, TemporalPrecisionEnum.SECOND, TimeZone.getTimeZone(zone)));
    }

    private ZoneId zone(@Nullable String offset) {
        if (offset != null) {
            Matcher match = OFFSET.matcher(offset.strip());
            if (match.matches()) {
                int sign = match.group(1).equals("-") ? -1 : 1;
                try {
                    return ZoneOffset.ofHoursMinutes(
                            sign * Integer.parseInt(match.group(2)), sign * Integer.parseInt(match.group(3)));
                } catch (DateTimeException e) {
                    return hospitalZone;
                }
            }
        }
        return hospitalZone;
    }

    private static Optional<LocalTime> timeOfDay(@Nullable String tm) {
        if (tm == null) {
            return Optional.empty();
        }
        Matcher match = TM.matcher(tm.strip());
        if (!match.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalTime.of(part(match, 1), part(match, 2), Math.min(part(match, 3), 59)));
        } catch (DateTimeException e) {
            return Optional.empty();
        }
    }

    private static int part(Matcher match, int group) {
        String text = match.group(group);
        return text == null ? 0 : Integer.parseInt(text);
    }
}

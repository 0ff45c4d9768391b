package org.trefoilhub.hub.guide;

import org.hl7.fhir.r4.model.Resource;

/** Addresses of the guide's profiles, for what the hub itself writes. */
public final class HubProfiles {

    /** Where all profiles of the guide begin. */
    public static final String BASE = "https://trefoil-hub.org/fhir/StructureDefinition/";

    /** A patient as one source knows them. */
    public static final String SOURCE_PATIENT = BASE + "SourcePatient";

    /** A study of the archive. */
    public static final String IMAGING_STUDY = BASE + "HubImagingStudy";

    /** A study that a person has to look at. */
    public static final String IMAGING_REVIEW = BASE + "ImagingReview";

    /** A request for access. */
    public static final String ACCESS_REQUEST = BASE + "AccessRequest";

    /** An order of one exam. */
    public static final String EXAM_ORDER = BASE + "ExamOrder";

    /** Where an exam stands. */
    public static final String EXAM_PROCESS = BASE + "ExamProcess";

    /** A case of the critical value loop. */
    public static final String CRITICAL_VALUE = BASE + "CriticalValue";

    /** The finding behind a critical value. */
    public static final String CRITICAL_FLAG = BASE + "CriticalFlag";

    /** The report of an exam. */
    public static final String EXAM_REPORT = BASE + "ExamReport";

    /** What was seen, in words. */
    public static final String FINDINGS = BASE + "Findings";

    /** A value with a unit. */
    public static final String MEASUREMENT = BASE + "Measurement";

    /** A row of the exam dictionary. */
    public static final String EXAM_ITEM = BASE + "ExamItem";

    private HubProfiles() {}

    /** Writes a claim into the resource unless it is there. */
    public static void claim(Resource resource, String profile) {
        if (!resource.getMeta().hasProfile(profile)) {
            resource.getMeta().addProfile(profile);
        }
    }
}

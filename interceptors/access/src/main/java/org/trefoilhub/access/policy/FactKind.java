package org.trefoilhub.access.policy;

/**
 * The coded facts that a policy may ask for, each with its own code space.
 *
 * <p>What follows from the resource itself is one half, what follows from the patients it is about (over all linked
 * identities) the other.
 */
public enum FactKind {
    /** Source systems the resource came from: values of the identifier system {@code sid/source}. */
    SOURCE(Dimension.SOURCE, false),
    /** Departments that perform or performed it: values of the identifier system {@code sid/department}. */
    DEPARTMENT(Dimension.EXAM, false),
    /** DICOM modalities (0008,0060), such as {@code CT}. */
    MODALITY(Dimension.EXAM, false),
    /** Exam items and body parts, as codes of the hospital's dictionary. */
    EXAM_ITEM(Dimension.EXAM, false),
    /** Who wrote a report while it was not released: {@code user:} and a user name, or {@code client:} and a client id. */
    AUTHOR(Dimension.EXAM, false),
    /** Codes of the code system {@code data-type}: {@link Vocabulary#DATA_TYPES}. */
    DATA_TYPE(Dimension.DATA_TYPE, false),
    /** Categories of the resource, written {@code system|code}. */
    CATEGORY(Dimension.DATA_TYPE, false),
    /** Sensitivities of the patients: codes of HL7 v3-ActCode such as {@code HIV}. */
    SENSITIVITY(Dimension.PATIENT_TYPE, true),
    /** Kinds of patient: {@link Vocabulary#PATIENT_TYPES}. */
    PATIENT_TYPE(Dimension.PATIENT_TYPE, true),
    /** Departments that perform or performed an exam of the patients, coded as {@link #DEPARTMENT}. */
    EXAMINED_BY(Dimension.PATIENT_TYPE, true),
    /** Groups the patients are members of, as references such as {@code Group/12}. */
    GROUP(Dimension.PATIENT, true);

    private final Dimension dimension;
    private final boolean ofPatient;

    FactKind(Dimension dimension, boolean ofPatient) {
        this.dimension = dimension;
        this.ofPatient = ofPatient;
    }

    /**
     * Tells whether the fact belongs to the patients rather than to the resource.
     *
     * @return true for facts that every resource of a patient shares
     */
    public boolean ofPatient() {
        return ofPatient;
    }

    /**
     * The dimension of a policy that asks for the fact.
     *
     * @return one of the eleven
     */
    public Dimension dimension() {
        return dimension;
    }
}

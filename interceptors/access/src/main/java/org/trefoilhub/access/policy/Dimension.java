package org.trefoilhub.access.policy;

import java.util.Locale;

/** What a condition speaks of: the dimensions of a policy but for its effect, with action and purpose beside them. */
public enum Dimension {
    /** 1, where the resource came from. */
    SOURCE,
    /** 2, the door. */
    INTERFACE,
    /** 3, the type and category of the resource. */
    DATA_TYPE,
    /** 4, kind, label and sensitivity of the patient. */
    PATIENT_TYPE,
    /** 5, the patient. */
    PATIENT,
    /** 6, the exam, its items, modality and department. */
    EXAM,
    /** 7, the date of the data. */
    DATA_PERIOD,
    /** 8, the client system. */
    SYSTEM,
    /** 9, the user. */
    USER,
    /** 10, the time of the request. */
    AUTHORISATION_PERIOD,
    /** What is done. */
    ACTION,
    /** What it is done for. */
    PURPOSE;

    /**
     * The word of this dimension in explanations.
     *
     * @return lower-case word with hyphens such as {@code data-type}
     */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

package org.trefoilhub.connectors.mapping;

import java.util.Optional;

/** What the hospital has agreed on with its sources, kept in FHIR. Thread-safe. */
public interface Dictionary {

    /**
     * The state of an exam that a code of a source means.
     *
     * @param source code of the source system
     * @param code its status code
     * @return code of the code system {@code exam-status}, or empty when no ConceptMap translates it
     */
    Optional<String> examStatus(String source, String code);

    /**
     * The kind of an exam item.
     *
     * @param item code of the exam item
     * @return code of the code system {@code exam-kind}, or empty when the catalogue does not have the item
     */
    Optional<String> examKind(String item);
}

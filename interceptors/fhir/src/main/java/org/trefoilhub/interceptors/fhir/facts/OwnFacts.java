package org.trefoilhub.interceptors.fhir.facts;

import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.DocumentedDate;
import org.trefoilhub.access.policy.FactKind;

/**
 * What one resource says of itself, before anything else is asked.
 *
 * @param patient the Patient it is about, or null when it is about none or about several
 * @param inherits resources whose patient and data it belongs to when it names no patient itself
 * @param studyUid Study Instance UID of an ImagingStudy, else null
 * @param date the one documented date of its type
 * @param codes coded facts that stand in the resource
 * @param departments references to Organization, Location or PractitionerRole that perform it
 * @param exams references to the order, study or report it belongs to
 * @param results references to studies and results that this report is made of
 */
record OwnFacts(
        @Nullable String patient,
        Set<String> inherits,
        @Nullable String studyUid,
        DocumentedDate date,
        Map<FactKind, Set<String>> codes,
        Set<String> departments,
        Set<String> exams,
        Set<String> results) {}

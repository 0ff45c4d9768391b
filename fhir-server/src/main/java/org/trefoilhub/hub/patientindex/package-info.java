/**
 * The patient index: finding a person by what people type, and telling which source Patients are one person.
 *
 * <p>Start from {@link org.trefoilhub.hub.patientindex.PatientIndex}, which links what {@link
 * org.trefoilhub.hub.patientindex.PersonMatcher} finds sure and puts the possible into review, and from {@link
 * org.trefoilhub.hub.patientindex.PersonTokenExtractor}, which puts the readings of names and tidy identifiers into the search
 * index without a word of it in the resource.
 *
 * <p>It never rewrites a reference to a source Patient, and reads and writes as the hub itself; what its operations show and
 * do is asked of the one policy engine.
 *
 * <p>Spec: FHIR R4 Patient ({@code link}; search parameters {@code name}, {@code phonetic}, {@code identifier}); tags and
 * operations of HAPI FHIR MDM.
 */
@NullMarked
package org.trefoilhub.hub.patientindex;

import org.jspecify.annotations.NullMarked;

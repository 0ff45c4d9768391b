/**
 * What the policy asks of FHIR resources, kept in tables beside them and always as new as they are.
 *
 * <p>Start from {@link org.trefoilhub.interceptors.fhir.facts.FactRecorder}, whose hooks follow every write and store the
 * facts in the same transaction, and {@link org.trefoilhub.interceptors.fhir.facts.FactStore}, which reads them for a
 * decision. {@code FactMapper} says which element of which type is which fact.
 *
 * <p>Facts of the resource itself (source, department, exam, data type, date) and of its patients (labels over linked
 * identities, encounters, groups) are kept apart: a resource points to its patient, nothing of the patient is copied onto
 * it. Codes of an exam pass along the chain order, study, report and results. A resource without a row has no facts, and
 * whoever needs facts is refused: fail closed. The tables are described in {@code org/trefoilhub/access/sql}; those that
 * only this package uses lie beside it.
 *
 * <p>Nothing is decided here, and nothing is cached.
 */
@NullMarked
package org.trefoilhub.interceptors.fhir.facts;

import org.jspecify.annotations.NullMarked;

/**
 * Report templates: which Questionnaire fits an exam, what its answers compute, and the report that comes out of them.
 *
 * <p>Start with {@link org.trefoilhub.hub.report.template.TemplateOperations} (the operations) and
 * {@link org.trefoilhub.hub.report.template.Extraction} (answers to report, pure). Templates are ordinary Questionnaires: they
 * are copied, edited, published and retired by ordinary FHIR writes. Whether a report may be verified or released is not
 * decided here.
 *
 * <p>Spec: FHIR R4 Questionnaire, SDC (calculatedExpression, variable, observationExtract, definition-based extraction), IHE
 * RAD MRRT.
 */
@NullMarked
package org.trefoilhub.hub.report.template;

import org.jspecify.annotations.NullMarked;

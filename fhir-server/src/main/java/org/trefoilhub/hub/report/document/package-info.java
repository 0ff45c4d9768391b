/**
 * The printed report: {@code DiagnosticReport/{id}/$document}.
 *
 * <p>Start with {@link org.trefoilhub.hub.report.document.DocumentOperation}. The page is HTML
 * ({@link org.trefoilhub.hub.report.document.ReportPage}) made into PDF; the original document of a source is printed as it
 * is. Every page carries who printed it and when.
 *
 * <p>Not here: signatures, and documents for other hospitals (CDA).
 */
@NullMarked
package org.trefoilhub.hub.report.document;

import org.jspecify.annotations.NullMarked;

/**
 * How the doors say no.
 *
 * <p>Start from {@link org.trefoilhub.dicomweb.error.DicomwebErrorCode}, the table of codes, and {@code
 * ProblemDetailsAdvice}, which turns failures into {@code application/problem+json} (RFC 9457) without patient data.
 */
@NullMarked
package org.trefoilhub.dicomweb.error;

import org.jspecify.annotations.NullMarked;

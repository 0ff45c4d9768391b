/**
 * Who stands behind a FHIR request.
 *
 * <p>Start from {@link org.trefoilhub.interceptors.fhir.subject.SubjectProvider}, the port that the security of the
 * server implements, and {@link org.trefoilhub.interceptors.fhir.subject.RequestSubjects}, which remembers the answer
 * for the length of a request.
 *
 * <p>This package proves no identity and reads no token; that is done before a request reaches the FHIR servlet.
 * Requests that the server makes of itself carry no subject and are told apart by their type.
 */
@NullMarked
package org.trefoilhub.interceptors.fhir.subject;

import org.jspecify.annotations.NullMarked;

/**
 * Access that somebody asks for or takes: requests and their decision, emergency access and its review.
 *
 * <p>Start from {@link org.trefoilhub.hub.access.approval.AccessOperations}, which holds {@code Patient/$request-access} and
 * {@code Patient/$break-glass}, and {@link org.trefoilhub.hub.access.approval.Decisions}, which holds {@code Task/$advance}.
 * What is granted is an access policy like any other ({@link org.trefoilhub.hub.access.approval.Grants}) and ends by its period.
 *
 * <p>It judges nothing itself beyond who may decide: the policy engine does. Spec: domain model §1.10.
 */
@NullMarked
package org.trefoilhub.hub.access.approval;

import org.jspecify.annotations.NullMarked;

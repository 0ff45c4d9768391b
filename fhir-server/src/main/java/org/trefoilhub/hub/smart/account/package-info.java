/**
 * Who may come in: users and client systems, with what the policies need to know of them.
 *
 * <p>Start from {@link org.trefoilhub.hub.smart.account.AccountStore} (asked on every request, so that a change counts
 * on the next one) and {@link org.trefoilhub.hub.smart.account.AccountFile} (the one place accounts come from now: the
 * demo file of the jar, or an operator's file that is read again when it changes).
 *
 * <p>It does not know tokens, HTTP or FHIR, and never hands out a password in clear.
 */
@NullMarked
package org.trefoilhub.hub.smart.account;

import org.jspecify.annotations.NullMarked;

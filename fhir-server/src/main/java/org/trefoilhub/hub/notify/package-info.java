/**
 * FHIR Subscriptions over websocket at {@code /websocket}.
 *
 * <p>Start from {@link org.trefoilhub.hub.notify.NotificationSocket}. HAPI's own handler asks neither who connects nor whose
 * subscription is bound, and delivers past the hooks that ask the policy; this one does all three. Spec: FHIR R4
 * Subscription, channel websocket: {@code bind ID} is answered by {@code bound ID}, then {@code ping ID} for each match.
 */
@NullMarked
package org.trefoilhub.hub.notify;

import org.jspecify.annotations.NullMarked;

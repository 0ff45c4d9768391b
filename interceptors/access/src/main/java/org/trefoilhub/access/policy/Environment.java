package org.trefoilhub.access.policy;

import java.time.Instant;

/**
 * The circumstances of a request.
 *
 * @param door interface the request came through
 * @param instant when the request was made, taken once per request from the injected clock
 */
public record Environment(Door door, Instant instant) {}

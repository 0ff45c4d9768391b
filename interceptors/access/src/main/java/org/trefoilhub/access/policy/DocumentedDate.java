package org.trefoilhub.access.policy;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The one documented date of a resource, a partial date widened in the zone of the hospital.
 *
 * <p>A data period holds for a resource when the date <em>begins</em> inside it, so that a resource lies in exactly one
 * of two adjoining periods.
 *
 * @param from first instant, or null when the resource has no date
 * @param until end of the date (equal to {@code from} for an exact instant, exclusive otherwise), or null when there is
 *     none
 */
public record DocumentedDate(@Nullable Instant from, @Nullable Instant until) {

    /** The date of a resource that is known to have none. */
    public static final DocumentedDate NONE = new DocumentedDate(null, null);
}

/**
 * Where changes of source systems go: the port that the server implements, and what became of a change.
 *
 * <p>Start from {@link org.trefoilhub.connectors.ingest.ResourceSink}. Applying is idempotent: the same message twice is a
 * duplicate, an older state of something newer is superseded, and what cannot be applied is kept with its reason.
 */
@NullMarked
package org.trefoilhub.connectors.ingest;

import org.jspecify.annotations.NullMarked;

/**
 * What every connector speaks of: a source system, a change that it tells of, and how a change can be refused.
 *
 * <p>Start from {@link org.trefoilhub.connectors.source.SourceChange} and {@link
 * org.trefoilhub.connectors.source.SourceSystem}. Connectors read; they never write to a source.
 */
@NullMarked
package org.trefoilhub.connectors.source;

import org.jspecify.annotations.NullMarked;

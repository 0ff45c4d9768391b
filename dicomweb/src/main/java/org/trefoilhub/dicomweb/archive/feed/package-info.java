/**
 * The change feed as a table.
 *
 * <p>Sequence numbers are handed out under a row lock that is held until the commit, so they become visible in order
 * and without gaps: a reader that has seen n can never find a new entry below n later.
 */
@NullMarked
package org.trefoilhub.dicomweb.archive.feed;

import org.jspecify.annotations.NullMarked;

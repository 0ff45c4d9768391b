/**
 * The policy corpus through the doors of a whole hub.
 *
 * <p>Start from {@link org.trefoilhub.hub.corpus.PolicyCorpusAtDoorsIT}.
 */
@org.jspecify.annotations.NullMarked
package org.trefoilhub.hub.corpus;

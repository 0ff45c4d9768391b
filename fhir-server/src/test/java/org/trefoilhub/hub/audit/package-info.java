/** Tests of the audit. */
@NullMarked
package org.trefoilhub.hub.audit;

import org.jspecify.annotations.NullMarked;

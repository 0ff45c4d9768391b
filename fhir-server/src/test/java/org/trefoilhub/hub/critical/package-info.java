/** Tests of critical values: pure tables, and the loop at the hub's own doors. */
@NullMarked
package org.trefoilhub.hub.critical;

import org.jspecify.annotations.NullMarked;

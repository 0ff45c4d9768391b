/** The shipped rules over the demo hospital as it is really loaded. */
@NullMarked
package org.trefoilhub.hub.baseline;

import org.jspecify.annotations.NullMarked;

/** Tests of what the guide brings into the hub. */
@NullMarked
package org.trefoilhub.hub.guide;

import org.jspecify.annotations.NullMarked;

@NullMarked
package org.trefoilhub.connectors.mllp;

import org.jspecify.annotations.NullMarked;

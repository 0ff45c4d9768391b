@NullMarked
package org.trefoilhub.connectors.hl7v2;

import org.jspecify.annotations.NullMarked;

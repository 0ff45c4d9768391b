@NullMarked
package org.trefoilhub.connectors.mapping;

import org.jspecify.annotations.NullMarked;

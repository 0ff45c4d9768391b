@NullMarked
package org.trefoilhub.hub.ingest;

import org.jspecify.annotations.NullMarked;

/** Tests of the policy at the FHIR door of the whole hub, over HTTP. */
@NullMarked
package org.trefoilhub.hub.enforce;

import org.jspecify.annotations.NullMarked;

/** Tests of the live access policies: unit tests of the set, and Consents written through the FHIR door of a whole hub. */
@NullMarked
package org.trefoilhub.hub.access;

import org.jspecify.annotations.NullMarked;

/** Tests of the patient index. */
@NullMarked
package org.trefoilhub.hub.patientindex;

import org.jspecify.annotations.NullMarked;

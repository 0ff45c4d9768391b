/** Requests for access, emergency access and levels of patients, at the real doors. */
@NullMarked
package org.trefoilhub.hub.access.approval;

import org.jspecify.annotations.NullMarked;

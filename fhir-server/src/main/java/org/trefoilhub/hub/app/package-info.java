/**
 * Wires the one application: HAPI FHIR JPA, the DICOMweb archive, the static pages and the operations endpoints.
 *
 * <p>Start with {@link org.trefoilhub.hub.app.TrefoilHub} (the main class) and {@link
 * org.trefoilhub.hub.app.FhirServerConfiguration} (the FHIR door).
 *
 * <p>This package only connects what other packages do; it takes no clinical and no access decision of its own.
 *
 * <p>Standards: FHIR R4 RESTful API (http.html), RFC 9110 for the static pages.
 */
@NullMarked
package org.trefoilhub.hub.app;

import org.jspecify.annotations.NullMarked;

/**
 * What the implementation guide brings into the running hub: the data resources that it ships.
 *
 * <p>Start with {@link org.trefoilhub.hub.guide.SeededResources} (writes what is missing or of an older edition, once)
 * and {@link org.trefoilhub.hub.guide.ShippedResource} (one file of the guide). To ship another resource, put it under
 * {@code ig/src/main/resources/org/trefoilhub/ig/data/<Type>/<id>.json}; nothing else is needed.
 *
 * <p>This package never overwrites what somebody changed, never brings back what somebody deleted, and never removes
 * what is shipped no longer. Access policies are seeded by the access package, which needs them before any door opens.
 *
 * <p>Standards: FHIR R4 conformance, definitional and terminology resources.
 */
@NullMarked
package org.trefoilhub.hub.guide;

import org.jspecify.annotations.NullMarked;

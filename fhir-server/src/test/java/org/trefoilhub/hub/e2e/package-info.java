/**
 * Acceptance of the whole hub: real files in through its doors, FHIR and DICOMweb out, as clients of other make see it.
 *
 * <p>{@link org.trefoilhub.hub.e2e.AcceptanceE2E} stores a corpus and looks for its ImagingStudies;
 * {@link org.trefoilhub.hub.e2e.DimseE2E} speaks with dcmtk; {@link org.trefoilhub.hub.e2e.CanaryE2E} looks for patient
 * data where none may be. All run on the hub of {@link org.trefoilhub.hub.fixture.HubFixture}.
 */
@NullMarked
package org.trefoilhub.hub.e2e;

import org.jspecify.annotations.NullMarked;

/**
 * HL7 v2 messages as FHIR R4: pure functions from a message to a {@link
 * org.trefoilhub.connectors.source.SourceChange}.
 *
 * <p>Start from {@link org.trefoilhub.connectors.mapping.MessageMapper}. What differs between vendors is data, not code:
 * the settings of the source and the ConceptMaps behind {@link org.trefoilhub.connectors.mapping.Dictionary}. Nothing is
 * looked up in the store and nothing is decided about states: whoever applies the change does that.
 *
 * <p>Spec: HL7 v2.5.1 chapters 3 (ADT), 4 (ORM, OMG, OMI), 7 (ORU), 8 (MFN), 10 (SIU); docs/hl7-v2.md lists the fields.
 */
@NullMarked
package org.trefoilhub.connectors.mapping;

import org.jspecify.annotations.NullMarked;

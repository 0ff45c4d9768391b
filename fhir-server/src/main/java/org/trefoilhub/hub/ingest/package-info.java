/**
 * The HL7 v2 door: messages of source systems in, states and reports out.
 *
 * <p>Start from {@link org.trefoilhub.hub.ingest.Hl7Door} (the port) and {@code FhirResourceSink} (how a message becomes
 * resources, in one transaction with the note that it has). Every resource a source writes is asked of the one policy
 * engine as its subject; every message is an audit event. What cannot be applied stays in {@code ingest_message}. Outgoing
 * messages lie in {@code hl7v2_outbox} until the receiver has accepted them.
 *
 * <p>Will not do: read anything out to a source, delete resources, take a state back. Spec: docs/hl7-v2.md.
 */
@NullMarked
package org.trefoilhub.hub.ingest;

import org.jspecify.annotations.NullMarked;

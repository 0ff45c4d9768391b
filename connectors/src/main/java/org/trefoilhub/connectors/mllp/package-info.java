/**
 * The Minimal Lower Layer Protocol: frames of HL7 v2 messages over TCP, as server and as client.
 *
 * <p>Start from {@link org.trefoilhub.connectors.mllp.MllpServer} and {@link org.trefoilhub.connectors.mllp.MllpClient}. A
 * frame that breaks the rules closes its connection: there is no telling where the next one begins. TLS is not done here.
 *
 * <p>Spec: HL7 "Transport Specification: MLLP", release 1.
 */
@NullMarked
package org.trefoilhub.connectors.mllp;

import org.jspecify.annotations.NullMarked;

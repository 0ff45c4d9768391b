package org.trefoilhub.connectors.ingest;

import java.time.Instant;
import org.trefoilhub.connectors.source.IngestErrorCode;

/**
 * A message that was not applied; it stays in quarantine with its bytes.
 *
 * @param source code of the source system, as far as it is known
 * @param controlId MSH-10, empty when it could not be read
 * @param kind type and event, empty when they could not be read
 * @param code why
 * @param reason one sentence, without any value of the message
 * @param received when it came
 */
public record RejectedChange(
        String source, String controlId, String kind, IngestErrorCode code, String reason, Instant received) {}

package org.trefoilhub.connectors.mapping;

import java.time.Instant;
import java.time.ZoneId;
import org.trefoilhub.connectors.hl7v2.Hl7Message;
import org.trefoilhub.connectors.hl7v2.Hl7Time;
import org.trefoilhub.connectors.source.SourceSystem;

/**
 * What a mapper needs beside the message.
 *
 * @param source who sent it
 * @param names systems of identifiers and codes
 * @param zone zone of times that carry none
 * @param dictionary agreed codes
 * @param received when it arrived, for messages that give no time at all
 */
public record MappingContext(SourceSystem source, Names names, ZoneId zone, Dictionary dictionary, Instant received) {

    /** When the message was made, MSH-7. */
    Instant messageTime(Hl7Message message) {
        return Hl7Time.instant(message.header().value(7), zone, "MSH-7").orElse(received);
    }
}

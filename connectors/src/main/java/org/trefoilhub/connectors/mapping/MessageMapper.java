package org.trefoilhub.connectors.mapping;

import org.trefoilhub.connectors.hl7v2.Hl7Message;
import org.trefoilhub.connectors.source.IngestErrorCode;
import org.trefoilhub.connectors.source.IngestException;
import org.trefoilhub.connectors.source.SourceChange;

/** Finds the mapper of a message. Pure and thread-safe. */
public final class MessageMapper {

    private MessageMapper() {}

    /**
     * What a message says.
     *
     * @param message any message
     * @param context who sent it, and what is agreed on
     * @return the change; the same for the same message
     * @throws IngestException when the message is not read here, lacks something, or has a value that cannot be read
     */
    public static SourceChange map(Hl7Message message, MappingContext context) {
        if (message.controlId().isEmpty()) {
            throw new IngestException(IngestErrorCode.REQUIRED_MISSING, "expected a control id in MSH-10");
        }
        if (!context.source().accepts().isEmpty() && !context.source().accepts().contains(message.type())) {
            throw new IngestException(
                    IngestErrorCode.UNSUPPORTED, "expected a type of message that this source is configured for");
        }
        return switch (message.type()) {
            case "ADT" -> AdtMapper.map(message, context);
            case "ORM", "OMG", "OMI" -> OrderMapper.map(message, context);
            case "SIU" -> ScheduleMapper.map(message, context);
            case "ORU" -> ResultMapper.map(message, context);
            case "MFN" -> MasterFileMapper.map(message, context);
            default ->
                throw new IngestException(
                        IngestErrorCode.UNSUPPORTED, "expected a message of type ADT, ORM, OMG, OMI, SIU, ORU or MFN");
        };
    }
}

package org.trefoilhub.connectors.hl7v2;

import java.util.List;
import java.util.Optional;
import org.trefoilhub.connectors.source.IngestErrorCode;
import org.trefoilhub.connectors.source.IngestException;

/** One message: its segments in order. Immutable and thread-safe. */
public final class Hl7Message {

    private final List<Segment> segments;

    Hl7Message(List<Segment> segments) {
        this.segments = List.copyOf(segments);
    }

    /** All segments, MSH first. */
    public List<Segment> segments() {
        return segments;
    }

    /** The header. */
    public Segment header() {
        return segments.get(0);
    }

    /** The first segment of a name. */
    public Optional<Segment> first(String name) {
        return segments.stream().filter(segment -> segment.name().equals(name)).findFirst();
    }

    /** All segments of a name. */
    public List<Segment> all(String name) {
        return segments.stream().filter(segment -> segment.name().equals(name)).toList();
    }

    /**
     * The first segment of a name.
     *
     * @throws IngestException with {@link IngestErrorCode#REQUIRED_MISSING} when there is none
     */
    public Segment required(String name) {
        return first(name)
                .orElseThrow(() -> new IngestException(
                        IngestErrorCode.REQUIRED_MISSING, "expected a segment " + name + " in " + kind()));
    }

    /** Sending application, MSH-3. */
    public String sendingApplication() {
        return header().value(3);
    }

    /** Sending facility, MSH-4. */
    public String sendingFacility() {
        return header().value(4);
    }

    /** Message type, MSH-9.1, such as {@code ADT}. */
    public String type() {
        return header().value(9, 1);
    }

    /** Trigger event, MSH-9.2, such as {@code A08}; of EVN-1 when the header has none. */
    public String trigger() {
        String trigger = header().value(9, 2);
        return trigger.isEmpty() ? first("EVN").map(event -> event.value(1)).orElse("") : trigger;
    }

    /** Type and event, such as {@code ADT^A08}. */
    public String kind() {
        return type() + "^" + trigger();
    }

    /** Message control id, MSH-10. */
    public String controlId() {
        return header().value(10);
    }

    /** Kind only: a message holds patient data. */
    @Override
    public String toString() {
        return "Hl7Message[" + segments.size() + " segments]";
    }
}

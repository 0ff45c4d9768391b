package org.trefoilhub.connectors.hl7v2;

import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.connectors.source.IngestException;

/**
 * Answers to messages, original mode. Only ASCII: an answer carries codes, no data.
 *
 * <p>Spec: HL7 v2.5.1 sections 2.9.2 and 2.15.8 (MSA), 2.15.5 (ERR).
 */
public final class Acknowledgement {

    private Acknowledgement() {}

    /**
     * An answer.
     *
     * @param header header of the message, or null when it has none
     * @param code AA, AE or AR
     * @param why what was wrong, or null
     * @param controlId our own control id
     * @param now time of the answer
     */
    public static String of(
            @Nullable Segment header,
            String code,
            @Nullable IngestException why,
            String controlId,
            Instant now,
            ZoneId zone) {
        Hl7Writer writer = new Hl7Writer();
        writer.segment("MSH")
                .set(3, header == null || ascii(header.value(5)).isEmpty() ? "TREFOIL" : ascii(header.value(5)))
                .set(4, header == null ? "" : ascii(header.value(6)))
                .set(5, header == null ? "" : ascii(header.value(3)))
                .set(6, header == null ? "" : ascii(header.value(4)))
                .set(7, Hl7Writer.timestamp(now, zone))
                .set(9, "ACK", header == null ? "" : ascii(header.value(9, 2)), "ACK")
                .set(10, controlId)
                .set(11, header == null || header.value(11).isEmpty() ? "P" : ascii(header.value(11)))
                .set(12, header == null || header.value(12).isEmpty() ? "2.5.1" : ascii(header.value(12)))
                .end();
        writer.segment("MSA")
                .set(1, code)
                .set(2, header == null ? "" : ascii(header.value(10)))
                .set(3, why == null ? "" : why.code().code())
                .end();
        if (why != null) {
            String message = why.getMessage();
            writer.segment("ERR")
                    .set(3, "207", "Application internal error", "HL70357")
                    .set(4, "E")
                    .set(5, why.code().code())
                    .set(8, message == null ? "" : message)
                    .end();
        }
        return writer.text();
    }

    private static String ascii(String text) {
        return text.replaceAll("[^\\x20-\\x7E]", "").strip();
    }
}

package org.trefoilhub.connectors.hl7v2;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.connectors.source.IngestErrorCode;
import org.trefoilhub.connectors.source.IngestException;

/**
 * Which character set a message is in: what MSH-18 says, else what its source is known for, else a guess between UTF-8 and
 * GB18030.
 *
 * <p>The guess is safe in one direction: Chinese text in GB18030 is hardly ever valid UTF-8, so that what is valid UTF-8 is
 * taken as such. Spec: HL7 v2.5.1 table 0211; GB/T names that Chinese systems write beside it.
 */
public final class Hl7Charset {

    private static final Charset GB18030 = Charset.forName("GB18030");

    private static final Map<String, Charset> NAMES = Map.ofEntries(
            Map.entry("UNICODEUTF8", StandardCharsets.UTF_8),
            Map.entry("UTF8", StandardCharsets.UTF_8),
            Map.entry("ASCII", StandardCharsets.US_ASCII),
            Map.entry("88591", StandardCharsets.ISO_8859_1),
            Map.entry("ISO88591", StandardCharsets.ISO_8859_1),
            Map.entry("GB180302000", GB18030),
            Map.entry("GB180302005", GB18030),
            Map.entry("GB180302022", GB18030),
            Map.entry("GB18030", GB18030),
            Map.entry("GBK", GB18030),
            Map.entry("GB2312", GB18030),
            Map.entry("CP936", GB18030));

    private Hl7Charset() {}

    /** The character set of a name as MSH-18 or a configuration writes it. */
    public static Optional<Charset> named(String name) {
        return Optional.ofNullable(NAMES.get(name.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "")));
    }

    /**
     * Turns bytes into text.
     *
     * @param bytes one message without its frame
     * @param declared MSH-18.1, may be empty
     * @param ofSource name of the source's character set, or null
     * @throws IngestException with {@link IngestErrorCode#CHARSET} when the name is not known or the bytes are not in it
     */
    static String decode(byte[] bytes, String declared, @Nullable String ofSource) {
        String name = declared.isBlank() ? ofSource : declared;
        if (name == null || name.isBlank()) {
            return guess(bytes);
        }
        Charset charset = named(name)
                .orElseThrow(() -> new IngestException(
                        IngestErrorCode.CHARSET, "expected a character set of table 0211 in MSH-18"));
        if (charset.equals(StandardCharsets.US_ASCII) && !strict(bytes, charset).isPresent()) {
            // Many senders leave the default of their toolkit there.
            return guess(bytes);
        }
        return strict(bytes, charset)
                .orElseThrow(() -> new IngestException(
                        IngestErrorCode.CHARSET, "expected bytes in the character set that is named"));
    }

    private static String guess(byte[] bytes) {
        return strict(bytes, StandardCharsets.UTF_8)
                .or(() -> strict(bytes, GB18030))
                .orElseThrow(() ->
                        new IngestException(IngestErrorCode.CHARSET, "expected UTF-8 or GB18030 where none is named"));
    }

    private static Optional<String> strict(byte[] bytes, Charset charset) {
        try {
            return Optional.of(charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }
}

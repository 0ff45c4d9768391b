package org.trefoilhub.dicom.encoding;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The Specific Character Set of a data set: turns value bytes into text and back (PS3.3 section C.12.1.1.2, PS3.5
 * section 6.1).
 *
 * <p>All defined terms are known: single-byte ISO_IR terms, ISO 2022 code extensions with one or more terms, ISO_IR 192
 * (UTF-8), GB18030 and GBK; spellings such as {@code ISO-IR 100} or {@code GB2312} found in the field are tolerated. Bytes
 * that the declared set cannot mean, and non-ASCII bytes where nothing is declared, are guessed: UTF-8 if they are valid
 * UTF-8, else the fallback (GB18030 unless told otherwise). Immutable and thread-safe. Decoding never fails; what no
 * guess explains becomes U+FFFD.
 */
public final class SpecificCharacterSet {

    private static final Charset GB18030_CHARSET = Charset.forName("GB18030");
    private static final Charset GBK_CHARSET = Charset.forName("GBK");
    private static final int ESC = 0x1B;
    private static final Pattern ISO_TERM =
            Pattern.compile("(?:ISO)[ _-]*(?:2022)?[ _-]*IR[ _-]*(\\d+)", Pattern.CASE_INSENSITIVE);

    /** One coded character set that an escape sequence can invoke into G0 (left half) or G1 (right half). */
    private enum Coding {
        ASCII(6, true, 1, "US-ASCII", "(B"),
        ROMAJI(14, true, 1, "US-ASCII", "(J"),
        LATIN1(100, false, 1, "ISO-8859-1", "-A"),
        LATIN2(101, false, 1, "ISO-8859-2", "-B"),
        LATIN3(109, false, 1, "ISO-8859-3", "-C"),
        LATIN4(110, false, 1, "ISO-8859-4", "-D"),
        CYRILLIC(144, false, 1, "ISO-8859-5", "-L"),
        ARABIC(127, false, 1, "ISO-8859-6", "-G"),
        GREEK(126, false, 1, "ISO-8859-7", "-F"),
        HEBREW(138, false, 1, "ISO-8859-8", "-H"),
        LATIN5(148, false, 1, "ISO-8859-9", "-M"),
        LATIN9(203, false, 1, "ISO-8859-15", "-b"),
        THAI(166, false, 1, "TIS-620", "-T"),
        KANA(13, false, 1, "JIS_X0201", ")I"),
        JIS_X_0208(87, true, 2, "EUC-JP", "$B"),
        JIS_X_0212(159, true, 2, "EUC-JP", "$(D"),
        KS_X_1001(149, false, 2, "EUC-KR", "$)C"),
        GB_2312(58, false, 2, "GB2312", "$)A");

        private final int registration;
        private final boolean leftHalf;
        private final int width;
        private final Charset charset;
        private final byte[] escape;

        Coding(int registration, boolean leftHalf, int width, String charset, String escape) {
            this.registration = registration;
            this.leftHalf = leftHalf;
            this.width = width;
            this.charset = Charset.forName(charset);
            this.escape = escape.getBytes(ISO_8859_1);
        }

        static @Nullable Coding of(int registration) {
            for (Coding coding : values()) {
                if (coding.registration == registration) {
                    return coding;
                }
            }
            return null;
        }

        String decode(byte[] bytes, int from, int to) {
            if (this == JIS_X_0208 || this == JIS_X_0212) {
                // Both are the right half of EUC-JP; the supplementary set behind a single shift.
                ByteArrayOutputStream euc = new ByteArrayOutputStream((to - from) * 2);
                for (int i = from; i < to; i++) {
                    if (this == JIS_X_0212 && (i - from) % 2 == 0) {
                        euc.write(0x8F);
                    }
                    euc.write(bytes[i] | 0x80);
                }
                return euc.toString(charset);
            }
            return new String(bytes, from, to - from, charset);
        }

        /** The code of one character without its escape sequence, or null if the set does not have it. */
        byte @Nullable [] encode(String character) {
            byte[] euc = encodeStrictly(character, charset);
            if (euc == null) {
                return null;
            }
            return switch (this) {
                case ASCII, ROMAJI -> euc;
                case JIS_X_0208 ->
                    euc.length == 2 && (euc[0] & 0xFF) >= 0xA1
                            ? new byte[] {(byte) (euc[0] & 0x7F), (byte) (euc[1] & 0x7F)}
                            : null;
                case JIS_X_0212 -> euc.length == 3 ? new byte[] {(byte) (euc[1] & 0x7F), (byte) (euc[2] & 0x7F)} : null;
                default -> euc.length == width && euc[0] < 0 ? euc : null;
            };
        }
    }

    /** Nothing declared; non-ASCII bytes are guessed as UTF-8, else GB18030. */
    public static final SpecificCharacterSet UNDECLARED = undeclared(GB18030_CHARSET);

    /** Unicode in UTF-8. */
    public static final SpecificCharacterSet ISO_IR_192 = of("ISO_IR 192");

    /** GB 18030. */
    public static final SpecificCharacterSet GB18030 = of("GB18030");

    private final List<String> terms;
    private final List<Coding> codings;
    private final @Nullable Charset whole;
    private final Charset fallback;
    private final boolean recognised;

    private SpecificCharacterSet(
            List<String> terms, List<Coding> codings, @Nullable Charset whole, Charset fallback, boolean recognised) {
        this.terms = List.copyOf(terms);
        this.codings = List.copyOf(codings);
        this.whole = whole;
        this.fallback = fallback;
        this.recognised = recognised;
    }

    /** Nothing declared; non-ASCII bytes are guessed as UTF-8, else the given charset. */
    public static SpecificCharacterSet undeclared(Charset fallback) {
        return new SpecificCharacterSet(List.of(), List.of(Coding.ASCII), null, fallback, true);
    }

    /** The character set that the values of Specific Character Set (0008,0005) declare, in order. */
    public static SpecificCharacterSet of(String... terms) {
        return of(List.of(terms), GB18030_CHARSET);
    }

    /**
     * The character set that the values of Specific Character Set (0008,0005) declare.
     *
     * @param terms the values in order; the first may be empty
     * @param fallback what bytes are guessed to be that fit neither the declaration nor UTF-8
     */
    public static SpecificCharacterSet of(List<String> terms, Charset fallback) {
        if (terms.isEmpty() || terms.stream().allMatch(String::isBlank)) {
            return undeclared(fallback);
        }
        List<Coding> codings = new ArrayList<>();
        Charset whole = null;
        boolean recognised = true;
        for (int i = 0; i < terms.size(); i++) {
            String term = terms.get(i).strip();
            Charset single = wholeCharset(term);
            if (single != null) {
                whole = whole == null ? single : whole;
                continue;
            }
            Matcher matcher = ISO_TERM.matcher(term);
            Coding coding = term.isEmpty()
                    ? Coding.ASCII
                    : matcher.matches() && matcher.group(1).length() < 6
                            ? Coding.of(Integer.parseInt(matcher.group(1)))
                            : null;
            if (coding == null) {
                recognised = false;
            } else {
                codings.add(coding);
            }
        }
        if (codings.isEmpty()) {
            codings.add(Coding.ASCII);
        }
        return new SpecificCharacterSet(terms, codings, whole, fallback, recognised);
    }

    /** The character set of these terms, with the fallback of this one. */
    public SpecificCharacterSet withTerms(List<String> declared) {
        return declared.equals(terms) ? this : of(declared, fallback);
    }

    private static @Nullable Charset wholeCharset(String term) {
        return switch (term.toUpperCase(java.util.Locale.ROOT)) {
            case "ISO_IR 192", "ISO IR 192", "ISO-IR 192", "ISO 2022 IR 192", "UTF-8", "UTF8" -> UTF_8;
            case "GB18030", "GB 18030" -> GB18030_CHARSET;
            case "GBK", "GB2312", "GB 2312", "CP936" -> GBK_CHARSET;
            default -> null;
        };
    }

    /** The declared terms as they stood in the data set; empty if nothing is declared. */
    public List<String> terms() {
        return terms;
    }

    /** Whether a character set is declared at all. */
    public boolean isDeclared() {
        return !terms.isEmpty();
    }

    /** Whether every declared term is one this class knows. */
    public boolean isRecognised() {
        return recognised;
    }

    /** Whether the bytes are decoded by guess: they are not what the declaration allows. */
    public boolean wouldGuess(byte[] bytes) {
        if (isAscii(bytes)) {
            return false;
        }
        if (whole != null) {
            return decodeStrictly(bytes, whole) == null;
        }
        return !hasEscape(bytes) && rightHalf() == null;
    }

    /**
     * Decodes a value.
     *
     * @param bytes the value, delimiters and padding included
     * @param personName whether the value is a PN, where {@code ^} and {@code =} end a code extension
     */
    public String decode(byte[] bytes, boolean personName) {
        if (isAscii(bytes)) {
            return new String(bytes, ISO_8859_1);
        }
        if (hasEscape(bytes)) {
            return decodeExtended(bytes, personName);
        }
        if (whole != null) {
            String text = decodeStrictly(bytes, whole);
            return text != null ? text : guess(bytes);
        }
        Coding right = rightHalf();
        if (right == null) {
            return guess(bytes);
        }
        return decodeExtended(bytes, personName);
    }

    private String guess(byte[] bytes) {
        String text = decodeStrictly(bytes, UTF_8);
        if (text == null) {
            text = decodeStrictly(bytes, fallback);
        }
        return text != null ? text : new String(bytes, whole != null ? whole : fallback);
    }

    /** The set in G1 before any escape sequence, or null. */
    private @Nullable Coding rightHalf() {
        Coding first = codings.get(0);
        if (!first.leftHalf) {
            return first;
        }
        return null;
    }

    private Coding leftHalf() {
        Coding first = codings.get(0);
        return first == Coding.KANA ? Coding.ROMAJI : first.leftHalf && first.width == 1 ? first : Coding.ASCII;
    }

    private String decodeExtended(byte[] bytes, boolean personName) {
        StringBuilder text = new StringBuilder(bytes.length);
        Coding g0 = leftHalf();
        @Nullable Coding g1 = rightHalf();
        int i = 0;
        while (i < bytes.length) {
            int b = bytes[i] & 0xFF;
            if (b == ESC) {
                Coding invoked = escapeAt(bytes, i + 1);
                if (invoked != null) {
                    i += 1 + invoked.escape.length;
                    if (invoked.leftHalf) {
                        g0 = invoked;
                    } else {
                        g1 = invoked;
                    }
                    continue;
                }
                if (i + 2 < bytes.length && bytes[i + 1] == '$' && bytes[i + 2] == '@') {
                    g0 = Coding.JIS_X_0208; // the 1978 edition
                    i += 3;
                    continue;
                }
                text.append('\uFFFD');
                i++;
                continue;
            }
            if (b < 0x80 && (g0.width == 1 || b < 0x21)) {
                text.append((char) b);
                if (resets(b, personName)) {
                    g0 = leftHalf();
                    // A set that nothing else could provide stays: senders forget to invoke it again.
                    g1 = rightHalf() != null ? rightHalf() : g1;
                }
                i++;
                continue;
            }
            int start = i;
            boolean left = b < 0x80;
            while (i < bytes.length && bytes[i] != ESC && (left ? bytes[i] >= 0x21 : bytes[i] < 0)) {
                i++;
            }
            Coding coding = left ? g0 : g1;
            text.append(
                    coding != null
                            ? coding.decode(bytes, start, i)
                            : guess(java.util.Arrays.copyOfRange(bytes, start, i)));
        }
        return text.toString();
    }

    private static @Nullable Coding escapeAt(byte[] bytes, int at) {
        next:
        for (Coding coding : Coding.values()) {
            byte[] escape = coding.escape;
            if (at + escape.length > bytes.length) {
                continue;
            }
            for (int k = 0; k < escape.length; k++) {
                if (bytes[at + k] != escape[k]) {
                    continue next;
                }
            }
            return coding;
        }
        return null;
    }

    private static boolean resets(int b, boolean personName) {
        return b == '\\' || b == '\r' || b == '\n' || b == '\f' || b == '\t' || (personName && (b == '^' || b == '='));
    }

    /** Whether every character can be written so that {@link #decode} returns the same text. */
    public boolean canEncode(String text) {
        return encodeOrNull(text, false) != null;
    }

    /**
     * Encodes a value, with escape sequences where code extensions ask for them; characters that the set does not have
     * become question marks (see {@link #canEncode}).
     *
     * @param personName whether the value is a PN
     */
    public byte[] encode(String text, boolean personName) {
        byte[] bytes = encodeOrNull(text, personName);
        if (bytes != null) {
            return bytes;
        }
        StringBuilder replaced = new StringBuilder();
        text.codePoints().forEach(c -> {
            String character = Character.toString(c);
            replaced.append(encodeOrNull(character, personName) != null ? character : "?");
        });
        return Objects.requireNonNull(encodeOrNull(replaced.toString(), personName));
    }

    private byte @Nullable [] encodeOrNull(String text, boolean personName) {
        if (isAscii(text)) {
            return text.getBytes(ISO_8859_1);
        }
        if (whole != null) {
            return encodeStrictly(text, whole);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length() * 2);
        Coding g0 = leftHalf();
        @Nullable Coding g1 = rightHalf();
        for (int i = 0; i < text.length(); ) {
            int codePoint = text.codePointAt(i);
            i += Character.charCount(codePoint);
            if (codePoint < 0x80) {
                if (g0.width > 1) {
                    g0 = leftHalf();
                    out.write(ESC);
                    out.writeBytes(g0.escape);
                }
                out.write(codePoint);
                if (resets(codePoint, personName)) {
                    g0 = leftHalf();
                    g1 = rightHalf();
                }
                continue;
            }
            String character = Character.toString(codePoint);
            Coding coding = codingFor(character, g0, g1);
            if (coding == null) {
                return null;
            }
            if (coding.leftHalf ? g0 != coding : g1 != coding) {
                out.write(ESC);
                out.writeBytes(coding.escape);
                if (coding.leftHalf) {
                    g0 = coding;
                } else {
                    g1 = coding;
                }
            }
            out.writeBytes(Objects.requireNonNull(coding.encode(character)));
        }
        if (g0.width > 1) {
            out.write(ESC);
            out.writeBytes(leftHalf().escape);
        }
        return out.toByteArray();
    }

    private @Nullable Coding codingFor(String character, Coding g0, @Nullable Coding g1) {
        if (g0.encode(character) != null) {
            return g0;
        }
        if (g1 != null && g1.encode(character) != null) {
            return g1;
        }
        for (Coding coding : codings) {
            if (coding.encode(character) != null) {
                return coding;
            }
        }
        return null;
    }

    private static boolean isAscii(byte[] bytes) {
        for (byte b : bytes) {
            if (b < 0 || b == ESC) {
                return false;
            }
        }
        return true;
    }

    private static boolean isAscii(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) >= 0x80) {
                return false;
            }
        }
        return true;
    }

    private boolean hasEscape(byte[] bytes) {
        for (byte b : bytes) {
            if (b == ESC) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable String decodeStrictly(byte[] bytes, Charset charset) {
        try {
            return charset.newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return null; // the answer: these bytes are not in this charset
        }
    }

    private static byte @Nullable [] encodeStrictly(String text, Charset charset) {
        try {
            ByteBuffer buffer = charset.newEncoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[buffer.remaining()];
            buffer.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            return null; // the answer: the charset does not have a character of this text
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SpecificCharacterSet that && terms.equals(that.terms) && fallback.equals(that.fallback);
    }

    @Override
    public int hashCode() {
        return terms.hashCode();
    }

    /** The declared terms, separated by backslashes. */
    @Override
    public String toString() {
        return terms.isEmpty() ? "undeclared" : String.join("\\", terms);
    }
}

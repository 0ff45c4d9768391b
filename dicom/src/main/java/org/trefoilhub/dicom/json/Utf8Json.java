package org.trefoilhub.dicom.json;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Writes JSON tokens as UTF-8 through a buffer; knows nothing of nesting or commas. */
final class Utf8Json {

    private static final byte[] HEX = "0123456789ABCDEF".getBytes(StandardCharsets.US_ASCII);
    private static final int BASE64_CHUNK = 3 * 4096;

    private final OutputStream out;
    private final byte[] buffer = new byte[16 << 10];
    private int size;

    Utf8Json(OutputStream out) {
        this.out = out;
    }

    void flush() throws IOException {
        out.write(buffer, 0, size);
        size = 0;
    }

    private void room(int count) throws IOException {
        if (buffer.length - size < count) {
            flush();
        }
    }

    void octet(int b) throws IOException {
        if (size == buffer.length) {
            flush();
        }
        buffer[size++] = (byte) b;
    }

    /** Writes ASCII that needs no escapes. */
    void raw(String ascii) throws IOException {
        for (int i = 0; i < ascii.length(); i++) {
            octet(ascii.charAt(i));
        }
    }

    /** A tag as a quoted string of eight hexadecimal digits. */
    void tag(int tag) throws IOException {
        room(10);
        buffer[size++] = '"';
        for (int shift = 28; shift >= 0; shift -= 4) {
            buffer[size++] = HEX[tag >>> shift & 0xF];
        }
        buffer[size++] = '"';
    }

    /** ASCII bytes as a quoted string, escaped where needed. */
    void asciiString(byte[] bytes, int from, int to) throws IOException {
        octet('"');
        for (int i = from; i < to; i++) {
            character(bytes[i]);
        }
        octet('"');
    }

    /** ASCII bytes as they are. */
    void rawBytes(byte[] bytes, int from, int to) throws IOException {
        for (int i = from; i < to; i++) {
            octet(bytes[i]);
        }
    }

    private void character(int c) throws IOException {
        room(6);
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7F) {
            buffer[size++] = (byte) c;
            return;
        }
        buffer[size++] = '\\';
        switch (c) {
            case '"', '\\' -> buffer[size++] = (byte) c;
            case '\n' -> buffer[size++] = 'n';
            case '\r' -> buffer[size++] = 'r';
            case '\t' -> buffer[size++] = 't';
            case '\f' -> buffer[size++] = 'f';
            default -> {
                buffer[size++] = 'u';
                buffer[size++] = '0';
                buffer[size++] = '0';
                buffer[size++] = HEX[c >>> 4 & 0xF];
                buffer[size++] = HEX[c & 0xF];
            }
        }
    }

    /** Text as a quoted string; a surrogate without its other half becomes U+FFFD. */
    void string(String text) throws IOException {
        octet('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 0x80) {
                character(c);
                continue;
            }
            room(4);
            if (c < 0x800) {
                buffer[size++] = (byte) (0xC0 | c >> 6);
                buffer[size++] = (byte) (0x80 | c & 0x3F);
            } else if (!Character.isSurrogate(c)) {
                threeBytes(c);
            } else if (Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                int codePoint = Character.toCodePoint(c, text.charAt(++i));
                buffer[size++] = (byte) (0xF0 | codePoint >> 18);
                buffer[size++] = (byte) (0x80 | codePoint >> 12 & 0x3F);
                buffer[size++] = (byte) (0x80 | codePoint >> 6 & 0x3F);
                buffer[size++] = (byte) (0x80 | codePoint & 0x3F);
            } else {
                threeBytes(0xFFFD);
            }
        }
        octet('"');
    }

    private void threeBytes(int c) {
        buffer[size++] = (byte) (0xE0 | c >> 12);
        buffer[size++] = (byte) (0x80 | c >> 6 & 0x3F);
        buffer[size++] = (byte) (0x80 | c & 0x3F);
    }

    void number(long value) throws IOException {
        raw(Long.toString(value));
    }

    /** Bytes as a quoted base64 string. */
    void base64(byte[] bytes) throws IOException {
        octet('"');
        for (int from = 0; from < bytes.length; from += BASE64_CHUNK) {
            byte[] chunk = from == 0 && bytes.length <= BASE64_CHUNK
                    ? bytes
                    : java.util.Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + BASE64_CHUNK));
            byte[] encoded = Base64.getEncoder().encode(chunk);
            rawBytes(encoded, 0, encoded.length);
        }
        octet('"');
    }
}

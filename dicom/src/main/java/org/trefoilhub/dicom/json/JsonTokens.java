package org.trefoilhub.dicom.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;

/** Takes JSON text (RFC 8259) apart, strictly and without building anything. */
final class JsonTokens {

    private static final int LONGEST_NUMBER = 64;

    private final Reader reader;
    private final char[] buffer = new char[8 << 10];
    private int next;
    private int end;
    private long consumed;

    JsonTokens(InputStream in) {
        this.reader = new InputStreamReader(
                in,
                StandardCharsets.UTF_8
                        .newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT));
    }

    DicomFormatException bad(String message) {
        return new DicomFormatException(ErrorCode.BAD_JSON, message + " at character " + (consumed + next));
    }

    private int read() throws IOException {
        if (next == end) {
            consumed += end;
            next = 0;
            end = 0;
            int read;
            try {
                read = reader.read(buffer, 0, buffer.length);
            } catch (CharacterCodingException e) {
                DicomFormatException bad = bad("text is not UTF-8");
                bad.initCause(e);
                throw bad;
            }
            if (read <= 0) {
                return -1;
            }
            end = read;
        }
        return buffer[next++];
    }

    /** The first character of the next token, not consumed; -1 at the end. */
    int peek() throws IOException {
        while (true) {
            int c = read();
            if (c == -1) {
                return -1;
            }
            if (c != ' ' && c != '\n' && c != '\r' && c != '\t' && !(c == 0xFEFF && consumed == 0 && next == 1)) {
                next--;
                return c;
            }
        }
    }

    void expect(char c) throws IOException {
        if (peek() != c) {
            throw bad("expected `" + c + "`");
        }
        next++;
    }

    /** Consumes the character if it is next. */
    boolean accept(char c) throws IOException {
        if (peek() != c) {
            return false;
        }
        next++;
        return true;
    }

    String string() throws IOException {
        expect('"');
        StringBuilder text = new StringBuilder();
        while (true) {
            int c = read();
            if (c == '"') {
                return text.toString();
            }
            if (c < 0x20) {
                throw bad(c == -1 ? "text ends inside a string" : "control character inside a string");
            }
            text.append(c == '\\' ? escape() : (char) c);
        }
    }

    private char escape() throws IOException {
        int c = read();
        switch (c) {
            case '"', '\\', '/' -> {
                return (char) c;
            }
            case 'b' -> {
                return '\b';
            }
            case 'f' -> {
                return '\f';
            }
            case 'n' -> {
                return '\n';
            }
            case 'r' -> {
                return '\r';
            }
            case 't' -> {
                return '\t';
            }
            case 'u' -> {
                int value = 0;
                for (int i = 0; i < 4; i++) {
                    int digit = Character.digit(read(), 16);
                    if (digit < 0) {
                        throw bad("four hexadecimal digits expected");
                    }
                    value = value << 4 | digit;
                }
                return (char) value;
            }
            default -> throw bad("unknown escape");
        }
    }

    /** The text of a number. */
    String number() throws IOException {
        peek();
        StringBuilder text = new StringBuilder();
        while (true) {
            int c = read();
            boolean part = c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
            if (!part) {
                if (c != -1) {
                    next--;
                }
                break;
            }
            text.append((char) c);
            if (text.length() > LONGEST_NUMBER) {
                throw bad("number too long");
            }
        }
        String number = text.toString();
        if (!number.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]+)?")) {
            throw bad("value expected");
        }
        return number;
    }

    void literal(String word) throws IOException {
        peek();
        for (int i = 0; i < word.length(); i++) {
            if (read() != word.charAt(i)) {
                throw bad("expected `" + word + "`");
            }
        }
    }
}

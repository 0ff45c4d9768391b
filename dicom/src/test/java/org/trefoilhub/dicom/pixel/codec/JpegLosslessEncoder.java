package org.trefoilhub.dicom.pixel.codec;

import java.io.ByteArrayOutputStream;

/**
 * Writes JPEG lossless streams (ISO/IEC 10918-1 annex H) for tests, so that every predictor, precision and restart
 * interval can be tried against the decoder without a fixture for each. One table of 17 codes of 5 bits serves all.
 */
final class JpegLosslessEncoder {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int buffer;
    private int bits;

    private JpegLosslessEncoder() {}

    /**
     * @param samples interleaved by pixel, each below {@code 1 << precision}
     * @param restartRows rows between restart markers, 0 for none
     */
    static byte[] encode(int[] samples, int columns, int rows, int components, int precision, int sv, int restartRows) {
        JpegLosslessEncoder e = new JpegLosslessEncoder();
        e.marker(0xd8);
        e.segment(0xc3, frameHeader(columns, rows, components, precision));
        e.segment(0xc4, table());
        if (restartRows > 0) {
            int interval = restartRows * columns;
            e.segment(0xdd, new int[] {interval >> 8, interval & 0xff});
        }
        e.segment(0xda, scanHeader(components, sv));
        e.scan(samples, columns, rows, components, precision, sv, restartRows);
        e.marker(0xd9);
        return e.out.toByteArray();
    }

    private static int[] frameHeader(int columns, int rows, int components, int precision) {
        int[] h = new int[6 + 3 * components];
        h[0] = precision;
        h[1] = rows >> 8;
        h[2] = rows & 0xff;
        h[3] = columns >> 8;
        h[4] = columns & 0xff;
        h[5] = components;
        for (int c = 0; c < components; c++) {
            h[6 + 3 * c] = c + 1;
            h[7 + 3 * c] = 0x11;
        }
        return h;
    }

    private static int[] table() {
        int[] t = new int[17 + 17];
        t[5] = 17;
        for (int i = 0; i < 17; i++) {
            t[17 + i] = i;
        }
        return t;
    }

    private static int[] scanHeader(int components, int sv) {
        int[] h = new int[1 + 2 * components + 3];
        h[0] = components;
        for (int c = 0; c < components; c++) {
            h[1 + 2 * c] = c + 1;
        }
        h[1 + 2 * components] = sv;
        return h;
    }

    private void scan(int[] s, int columns, int rows, int components, int precision, int sv, int restartRows) {
        int restarts = 0;
        for (int y = 0; y < rows; y++) {
            boolean first = y == 0;
            if (restartRows > 0 && y > 0 && y % restartRows == 0) {
                flush();
                marker(0xd0 + (restarts++ & 7));
                first = true;
            }
            for (int x = 0; x < columns; x++) {
                for (int c = 0; c < components; c++) {
                    int at = (y * columns + x) * components + c;
                    int left = x > 0 ? s[at - components] : 0;
                    int above = y > 0 ? s[at - columns * components] : 0;
                    int corner = x > 0 && y > 0 ? s[at - columns * components - components] : 0;
                    int predicted;
                    if (first) {
                        predicted = x == 0 ? 1 << precision - 1 : left;
                    } else if (x == 0) {
                        predicted = above;
                    } else {
                        predicted = predict(sv, left, above, corner);
                    }
                    code((short) (s[at] - predicted));
                }
            }
        }
        flush();
    }

    private static int predict(int sv, int left, int above, int corner) {
        return switch (sv) {
            case 1 -> left;
            case 2 -> above;
            case 3 -> corner;
            case 4 -> left + above - corner;
            case 5 -> left + (above - corner >> 1);
            case 6 -> above + (left - corner >> 1);
            default -> left + above >> 1;
        };
    }

    private void code(int difference) {
        if (difference == -32768) {
            put(16, 5);
            return;
        }
        int size = 32 - Integer.numberOfLeadingZeros(Math.abs(difference));
        put(size, 5);
        put(difference > 0 ? difference : difference + (1 << size) - 1, size);
    }

    private void put(int value, int count) {
        for (int i = count - 1; i >= 0; i--) {
            buffer = buffer << 1 | value >> i & 1;
            if (++bits == 8) {
                out.write(buffer);
                if (buffer == 0xff) {
                    out.write(0);
                }
                buffer = 0;
                bits = 0;
            }
        }
    }

    private void flush() {
        while (bits > 0) {
            put(1, 1);
        }
    }

    private void marker(int code) {
        out.write(0xff);
        out.write(code);
    }

    private void segment(int code, int[] body) {
        marker(code);
        out.write(body.length + 2 >> 8);
        out.write(body.length + 2);
        for (int b : body) {
            out.write(b);
        }
    }
}

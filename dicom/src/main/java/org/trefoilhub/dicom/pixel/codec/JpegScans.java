package org.trefoilhub.dicom.pixel.codec;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;
import org.trefoilhub.dicom.pixel.PixelDescription;

/**
 * Decodes the JPEG processes that the reader of the JDK lacks: lossless (SOF3, annex H of ISO/IEC 10918-1: precision 2
 * to 16, every selection value, point transform, restart intervals, components in one scan or several) and extended
 * sequential of 12 bits (SOF1, annex F).
 *
 * <p>Components are sampled alike; Huffman coding only. One instance decodes one frame.
 */
final class JpegScans {

    private static final int LOSSLESS = 3;

    private final byte[] stream;
    private final PixelDescription d;
    private final JpegHeader header;
    private final byte[] samples;
    private final @Nullable HuffmanTable[] dcTables = new HuffmanTable[4];
    private final @Nullable HuffmanTable[] acTables = new HuffmanTable[4];
    private final int[][] quantization = new int[4][];
    private int[] componentIds = {};
    private int[] componentQuantization = {};
    private int restartInterval;

    JpegScans(byte[] stream, JpegHeader header, PixelDescription d) {
        this.stream = stream;
        this.header = header;
        this.d = d;
        this.samples = new byte[Math.toIntExact(d.decodedFrameBytes())];
    }

    /**
     * Decodes the frame.
     *
     * @return samples interleaved by pixel, little endian
     * @throws DicomFormatException if the stream is broken or ends before every component is there
     */
    byte[] decode() throws DicomFormatException {
        boolean[] done = new boolean[header.components()];
        int at = 2;
        while (at + 4 <= stream.length) {
            if ((stream[at] & 0xff) != 0xff) {
                throw malformed("JPEG stream has no marker at byte " + at + " of the frame");
            }
            int marker = stream[at + 1] & 0xff;
            if (marker == 0xff) {
                at++;
                continue;
            }
            if (marker == 0xd9) {
                break;
            }
            if (marker == 0x01 || marker >= 0xd0 && marker <= 0xd8) {
                at += 2;
                continue;
            }
            int end = at + 2 + u16(at + 2);
            if (end < at + 4 || end > stream.length) {
                throw malformed("JPEG segment at byte " + at + " of the frame leaves the frame");
            }
            int body = at + 4;
            at = end;
            switch (marker) {
                case 0xc1, 0xc3 -> frameHeader(body);
                case 0xc4 -> huffmanTables(body, end);
                case 0xdb -> quantizationTables(body, end);
                case 0xdd -> restartInterval = u16(body);
                case 0xda -> at = scan(body, end, done);
                default -> {
                    // application data and comments
                }
            }
            if (allTrue(done)) {
                return samples;
            }
        }
        throw malformed("coded frame ends too early: pixel data is cut short");
    }

    private static boolean allTrue(boolean[] done) {
        for (boolean component : done) {
            if (!component) {
                return false;
            }
        }
        return true;
    }

    private void frameHeader(int body) throws DicomFormatException {
        // INVARIANT: JpegHeader has read this segment before and checked its length.
        int components = header.components();
        componentIds = new int[components];
        componentQuantization = new int[components];
        for (int c = 0; c < components; c++) {
            componentIds[c] = stream[body + 6 + 3 * c] & 0xff;
            componentQuantization[c] = stream[body + 8 + 3 * c] & 3;
        }
        if (header.chromaSubsampled()) {
            throw new DicomFormatException(
                    ErrorCode.UNSUPPORTED_PIXEL_DATA, "JPEG components are sampled differently, expected alike");
        }
    }

    private void huffmanTables(int body, int end) throws DicomFormatException {
        int at = body;
        while (at + 17 <= end) {
            int kind = stream[at] & 0xff;
            int total = 0;
            for (int i = 1; i <= 16; i++) {
                total += stream[at + i] & 0xff;
            }
            if ((kind & 0xef) > 3 || total > 256 || at + 17 + total > end) {
                throw malformed("JPEG Huffman table is broken");
            }
            HuffmanTable table = new HuffmanTable(stream, at + 1, total);
            (kind < 16 ? dcTables : acTables)[kind & 3] = table;
            at += 17 + total;
        }
    }

    private void quantizationTables(int body, int end) throws DicomFormatException {
        int at = body;
        while (at < end) {
            boolean wide = (stream[at] & 0xf0) != 0;
            int id = stream[at] & 0x0f;
            int length = wide ? 128 : 64;
            if (id > 3 || at + 1 + length > end) {
                throw malformed("JPEG quantization table is broken");
            }
            int[] table = new int[64];
            for (int i = 0; i < 64; i++) {
                table[i] = wide ? u16(at + 1 + 2 * i) : stream[at + 1 + i] & 0xff;
            }
            quantization[id] = table;
            at += 1 + length;
        }
    }

    /** Decodes one scan and returns where the marker after it stands. */
    private int scan(int body, int end, boolean[] done) throws DicomFormatException {
        int count = stream[body] & 0xff;
        if (count < 1 || count > header.components() || end - body < 4 + 2 * count || componentIds.length == 0) {
            throw malformed("JPEG scan header is broken");
        }
        int[] components = new int[count];
        HuffmanTable[] dc = new HuffmanTable[count];
        HuffmanTable[] ac = new HuffmanTable[count];
        for (int i = 0; i < count; i++) {
            int id = stream[body + 1 + 2 * i] & 0xff;
            int component = indexOf(id);
            int tables = stream[body + 2 + 2 * i] & 0xff;
            if (component < 0 || done[component] || (tables & 0xcc) != 0) {
                throw malformed("JPEG scan header names a wrong component or table");
            }
            components[i] = component;
            done[component] = true;
            dc[i] = table(dcTables[tables & 3]);
            if (header.process() != LOSSLESS) {
                ac[i] = table(acTables[tables >> 4]);
            }
        }
        int selection = stream[body + 1 + 2 * count] & 0xff;
        int pointTransform = stream[body + 3 + 2 * count] & 0x0f;
        EntropyReader in = new EntropyReader(stream, end);
        if (header.process() == LOSSLESS) {
            if (selection < 1 || selection > 7 || pointTransform >= header.precision()) {
                throw malformed("lossless JPEG scan has an impossible predictor or point transform");
            }
            lossless(in, components, dc, selection, pointTransform);
        } else {
            sequential(in, components, dc, ac);
        }
        return nextMarker(in.position());
    }

    private HuffmanTable table(@Nullable HuffmanTable table) throws DicomFormatException {
        if (table == null) {
            throw malformed("JPEG scan uses a Huffman table that is not there");
        }
        return table;
    }

    private int indexOf(int id) {
        for (int c = 0; c < componentIds.length; c++) {
            if (componentIds[c] == id) {
                return c;
            }
        }
        return -1;
    }

    private int nextMarker(int from) {
        int at = from;
        while (at + 1 < stream.length
                && ((stream[at] & 0xff) != 0xff || stream[at + 1] == 0 || (stream[at + 1] & 0xff) == 0xff)) {
            at++;
        }
        return at;
    }

    private void lossless(EntropyReader in, int[] components, HuffmanTable[] tables, int selection, int point)
            throws DicomFormatException {
        int columns = d.columns();
        if (restartInterval % columns != 0) {
            throw malformed("restart interval of a lossless JPEG frame is not whole rows");
        }
        int restartRows = restartInterval / columns;
        int count = components.length;
        int[][] above = new int[count][columns];
        int[][] row = new int[count][columns];
        int start = 1 << header.precision() - point - 1;
        for (int y = 0; y < d.rows(); y++) {
            boolean first = y == 0;
            if (restartRows > 0 && y > 0 && y % restartRows == 0) {
                in.restart();
                first = true;
            }
            for (int x = 0; x < columns; x++) {
                for (int i = 0; i < count; i++) {
                    int[] now = row[i];
                    int predicted;
                    if (first) {
                        predicted = x == 0 ? start : now[x - 1];
                    } else if (x == 0) {
                        predicted = above[i][0];
                    } else {
                        predicted = predict(selection, now[x - 1], above[i][x], above[i][x - 1]);
                    }
                    int size = in.symbol(tables[i]);
                    if (size > 16) {
                        throw malformed("lossless JPEG scan holds an impossible difference");
                    }
                    now[x] = predicted + (size == 16 ? 32768 : in.signed(size)) & 0xffff;
                }
            }
            in.checkNotExhausted();
            for (int i = 0; i < count; i++) {
                store(row[i], y, components[i], point);
                int[] swap = above[i];
                above[i] = row[i];
                row[i] = swap;
            }
        }
    }

    private static int predict(int selection, int left, int above, int corner) {
        return switch (selection) {
            case 1 -> left;
            case 2 -> above;
            case 3 -> corner;
            case 4 -> left + above - corner;
            case 5 -> left + (above - corner >> 1);
            case 6 -> above + (left - corner >> 1);
            default -> left + above >> 1;
        };
    }

    private void store(int[] row, int y, int component, int point) {
        int bytes = d.bytesPerSample();
        int step = d.samplesPerPixel() * bytes;
        int to = y * d.columns() * step + component * bytes;
        for (int value : row) {
            int sample = value << point;
            samples[to] = (byte) sample;
            if (bytes > 1) {
                samples[to + 1] = (byte) (sample >> 8);
            }
            to += step;
        }
    }

    private void sequential(EntropyReader in, int[] components, HuffmanTable[] dc, HuffmanTable[] ac)
            throws DicomFormatException {
        int count = components.length;
        int[] last = new int[count];
        float[] block = new float[64];
        float[] work = new float[64];
        int across = (d.columns() + 7) / 8;
        int down = (d.rows() + 7) / 8;
        int toRestart = restartInterval;
        for (int by = 0; by < down; by++) {
            for (int bx = 0; bx < across; bx++) {
                if (restartInterval > 0 && toRestart-- == 0) {
                    in.restart();
                    Arrays.fill(last, 0);
                    toRestart = restartInterval - 1;
                }
                for (int i = 0; i < count; i++) {
                    int[] steps = quantization[componentQuantization[components[i]]];
                    if (steps == null) {
                        throw malformed("JPEG scan uses a quantization table that is not there");
                    }
                    last[i] = coefficients(in, dc[i], ac[i], last[i], steps, block);
                    InverseDct.transform(block, work);
                    store(block, bx, by, components[i]);
                }
            }
            in.checkNotExhausted();
        }
    }

    /** Reads one block, dequantized, in natural order; returns its DC value. */
    private int coefficients(EntropyReader in, HuffmanTable dc, HuffmanTable ac, int lastDc, int[] steps, float[] block)
            throws DicomFormatException {
        Arrays.fill(block, 0);
        int size = in.symbol(dc);
        if (size > 16) {
            throw malformed("JPEG scan holds an impossible difference");
        }
        int value = lastDc + in.signed(size);
        block[0] = (float) value * steps[0];
        for (int k = 1; k < 64; k++) {
            int symbol = in.symbol(ac);
            int run = symbol >> 4;
            int bits = symbol & 15;
            if (bits == 0) {
                if (run != 15) {
                    break;
                }
                k += 15;
                continue;
            }
            k += run;
            if (k > 63) {
                throw malformed("JPEG block has too many coefficients");
            }
            block[InverseDct.NATURAL_ORDER[k]] = (float) in.signed(bits) * steps[k];
        }
        return value;
    }

    private void store(float[] block, int bx, int by, int component) {
        int bytes = d.bytesPerSample();
        int max = (1 << header.precision()) - 1;
        int middle = 1 << header.precision() - 1;
        int rows = Math.min(8, d.rows() - 8 * by);
        int columns = Math.min(8, d.columns() - 8 * bx);
        for (int y = 0; y < rows; y++) {
            int to = (((8 * by + y) * d.columns() + 8 * bx) * d.samplesPerPixel() + component) * bytes;
            for (int x = 0; x < columns; x++) {
                int sample = Math.max(0, Math.min(max, Math.round(block[8 * y + x]) + middle));
                samples[to] = (byte) sample;
                if (bytes > 1) {
                    samples[to + 1] = (byte) (sample >> 8);
                }
                to += d.samplesPerPixel() * bytes;
            }
        }
    }

    private int u16(int at) {
        return (stream[at] & 0xff) << 8 | stream[at + 1] & 0xff;
    }

    private static DicomFormatException malformed(String message) {
        return new DicomFormatException(ErrorCode.BAD_PIXEL_DATA, message);
    }
}

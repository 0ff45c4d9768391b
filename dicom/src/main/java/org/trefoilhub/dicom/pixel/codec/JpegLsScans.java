package org.trefoilhub.dicom.pixel.codec;

import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;
import org.trefoilhub.dicom.pixel.PixelDescription;

/**
 * Reads the segments of a JPEG-LS stream (ISO/IEC 14495-1 annex C) and decodes its scans. One instance decodes one frame.
 */
final class JpegLsScans {

    private final byte[] stream;
    private final PixelDescription d;
    private final byte[] samples;
    private int precision;
    private int components;
    private int[] componentIds = {};
    /** MAXVAL, T1, T2, T3 and RESET as a segment presets them; 0 where it does not. */
    private int[] preset = new int[5];

    JpegLsScans(byte[] stream, PixelDescription d) {
        this.stream = stream;
        this.d = d;
        this.samples = new byte[Math.toIntExact(d.decodedFrameBytes())];
    }

    byte[] decode() throws DicomFormatException {
        if (stream.length < 4 || u16(0) != 0xffd8) {
            throw malformed("frame does not begin as a JPEG-LS stream");
        }
        boolean[] done = new boolean[d.samplesPerPixel()];
        int left = done.length;
        int at = 2;
        while (left > 0) {
            if (at + 4 > stream.length || (stream[at] & 0xff) != 0xff) {
                throw malformed("JPEG-LS stream lacks a marker: pixel data is cut short");
            }
            int marker = stream[at + 1] & 0xff;
            if (marker == 0xff) {
                at++;
                continue;
            }
            int end = at + 2 + u16(at + 2);
            if (marker < 0xc0 || end < at + 4 || end > stream.length) {
                throw malformed("JPEG-LS segment at byte " + at + " of the frame is broken");
            }
            int body = at + 4;
            at = end;
            switch (marker) {
                case 0xf7 -> frameHeader(body, end);
                case 0xf8 -> parameters(body, end);
                case 0xda -> {
                    int count = stream[body] & 0xff;
                    at = scan(body, end, count, done);
                    left -= count;
                }
                case 0xdd -> {
                    for (int i = body; i < end; i++) {
                        if (stream[i] != 0) {
                            throw unsupported("JPEG-LS frame has restart intervals");
                        }
                    }
                }
                case 0xe8 -> {
                    if (end - body >= 5 && stream[body] == 'm' && stream[body + 1] == 'r' && stream[body + 4] != 0) {
                        throw unsupported("JPEG-LS frame has a colour transform");
                    }
                }
                case 0xd9 -> throw malformed("JPEG-LS stream ends before its last component");
                default -> {
                    if (marker >= 0xc0 && marker <= 0xcf) {
                        throw malformed("frame is JPEG, not JPEG-LS");
                    }
                }
            }
        }
        return samples;
    }

    private void frameHeader(int body, int end) throws DicomFormatException {
        components = end - body > 5 ? stream[body + 5] & 0xff : 0;
        if (components < 1 || end - body < 6 + 3 * components) {
            throw malformed("JPEG-LS frame header is broken");
        }
        precision = stream[body] & 0xff;
        int rows = u16(body + 1);
        int columns = u16(body + 3);
        if (rows != d.rows() || columns != d.columns() || components != d.samplesPerPixel()) {
            throw malformed("coded frame has " + rows + " rows, " + columns + " columns and " + components
                    + " components, the data set says " + d.rows() + ", " + d.columns() + " and "
                    + d.samplesPerPixel());
        }
        if (precision < 2 || precision > Math.min(16, 8 * d.bytesPerSample())) {
            throw malformed(
                    "coded frame has samples of " + precision + " bits, the data set allocates " + d.bitsAllocated());
        }
        componentIds = new int[components];
        for (int c = 0; c < components; c++) {
            componentIds[c] = stream[body + 6 + 3 * c] & 0xff;
            if (stream[body + 7 + 3 * c] != stream[body + 7]) {
                throw unsupported("JPEG-LS components are sampled differently, expected alike");
            }
        }
    }

    private void parameters(int body, int end) throws DicomFormatException {
        if (stream[body] != 1) {
            throw unsupported("JPEG-LS frame has a mapping table or an extended size");
        }
        if (end - body < 11) {
            throw malformed("JPEG-LS preset parameters are too short");
        }
        preset = new int[5];
        for (int i = 0; i < 5; i++) {
            preset[i] = u16(body + 1 + 2 * i);
        }
    }

    private int scan(int body, int end, int count, boolean[] done) throws DicomFormatException {
        if (componentIds.length == 0 || count < 1 || count > components || end - body < 4 + 2 * count) {
            throw malformed("JPEG-LS scan header is broken");
        }
        int[] chosen = new int[count];
        for (int i = 0; i < count; i++) {
            int component = -1;
            for (int c = 0; c < components; c++) {
                if (componentIds[c] == (stream[body + 1 + 2 * i] & 0xff)) {
                    component = c;
                }
            }
            if (component < 0 || done[component]) {
                throw malformed("JPEG-LS scan header names a wrong component");
            }
            if (stream[body + 2 + 2 * i] != 0) {
                throw unsupported("JPEG-LS scan uses a mapping table");
            }
            done[component] = true;
            chosen[i] = component;
        }
        int near = stream[body + 1 + 2 * count] & 0xff;
        int interleave = stream[body + 2 + 2 * count] & 0xff;
        if (stream[body + 3 + 2 * count] != 0) {
            throw unsupported("JPEG-LS scan has a point transform");
        }
        if (interleave > 2 || interleave == 0 && count != 1) {
            throw malformed("JPEG-LS scan has an impossible interleave mode");
        }
        int max = preset[0] == 0 ? (1 << precision) - 1 : preset[0];
        if (max >= 1 << precision || near > Math.min(255, max / 2)) {
            throw malformed("JPEG-LS scan has impossible parameters");
        }
        JpegLsCoding coding = new JpegLsCoding(new JpegLsBits(stream, end), max, near, preset);
        int columns = d.columns();
        int[][] above = new int[count][columns + 2];
        int[][] line = new int[count][columns + 2];
        int[] runIndex = new int[count];
        for (int y = 0; y < d.rows(); y++) {
            for (int i = 0; i < count; i++) {
                line[i][0] = above[i][1];
                above[i][columns + 1] = above[i][columns];
            }
            if (interleave == 2 && count > 1) {
                coding.samplesOfLine(line, above, columns);
            } else {
                for (int i = 0; i < count; i++) {
                    runIndex[i] = coding.line(line[i], above[i], columns, runIndex[i]);
                }
            }
            coding.checkNotExhausted();
            for (int i = 0; i < count; i++) {
                store(line[i], y, chosen[i]);
            }
            int[][] swap = above;
            above = line;
            line = swap;
        }
        return coding.nextMarker();
    }

    private void store(int[] line, int y, int component) {
        int bytes = d.bytesPerSample();
        int step = d.samplesPerPixel() * bytes;
        int to = y * d.columns() * step + component * bytes;
        for (int x = 1; x <= d.columns(); x++) {
            samples[to] = (byte) line[x];
            if (bytes > 1) {
                samples[to + 1] = (byte) (line[x] >> 8);
            }
            to += step;
        }
    }

    private int u16(int at) {
        return (stream[at] & 0xff) << 8 | stream[at + 1] & 0xff;
    }

    private static DicomFormatException malformed(String message) {
        return new DicomFormatException(ErrorCode.BAD_PIXEL_DATA, message);
    }

    private static DicomFormatException unsupported(String message) {
        return new DicomFormatException(ErrorCode.UNSUPPORTED_PIXEL_DATA, message);
    }
}

package org.trefoilhub.dicomweb.archive.index;

import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes one gzip member (RFC 1952) out of ready deflate blocks and short literals, without compressing anything again.
 *
 * <p>Used by one thread.
 */
final class StringedGzip {
    /** Bytes that header, empty last block and trailer take together. */
    static final int FRAME_BYTES = 10 + 2 + 8;

    private static final int STORED_BLOCK_HEADER_BYTES = 5;
    private static final byte[] HEADER = {0x1F, (byte) 0x8B, 8, 0, 0, 0, 0, 0, 0, (byte) 0xFF};

    private final OutputStream out;
    private long crc;
    private long length;

    StringedGzip(OutputStream out) throws IOException {
        this.out = out;
        out.write(HEADER);
    }

    /** Bytes that a literal takes in the stream. */
    static int literalBytes(byte[] literal) {
        return STORED_BLOCK_HEADER_BYTES + literal.length;
    }

    /** Adds up to 65535 bytes as a stored block. */
    void literal(byte[] bytes, long crc32) throws IOException {
        out.write(0);
        out.write(bytes.length & 0xFF);
        out.write(bytes.length >> 8);
        out.write(~bytes.length & 0xFF);
        out.write((~bytes.length >> 8) & 0xFF);
        out.write(bytes);
        crc = combine(crc, crc32, bytes.length);
        length += bytes.length;
    }

    void chunk(MetadataChunk chunk) throws IOException {
        out.write(chunk.deflated());
        crc = combine(crc, chunk.crc32(), chunk.length());
        length += chunk.length();
    }

    void finish() throws IOException {
        out.write(0x03);
        out.write(0x00);
        writeInt(crc);
        writeInt(length);
    }

    private void writeInt(long value) throws IOException {
        for (int shift = 0; shift < 32; shift += 8) {
            out.write((int) (value >>> shift) & 0xFF);
        }
    }

    /**
     * CRC-32 of the concatenation of two texts. A CRC is linear over GF(2): appending n zero bytes multiplies by a matrix,
     * which is squared up bit by bit of n.
     */
    static long combine(long crc1, long crc2, long length2) {
        if (length2 == 0) {
            return crc1;
        }
        long[] matrix = new long[32];
        matrix[0] = 0xEDB88320L; // one zero bit
        for (int i = 1; i < 32; i++) {
            matrix[i] = 1L << (i - 1);
        }
        matrix = square(square(square(matrix))); // one zero byte
        long result = crc1;
        for (long n = length2; n != 0; n >>>= 1) {
            if ((n & 1) != 0) {
                result = times(matrix, result);
            }
            matrix = square(matrix);
        }
        return result ^ crc2;
    }

    private static long times(long[] matrix, long vector) {
        long sum = 0;
        for (int i = 0; vector != 0; i++, vector >>>= 1) {
            if ((vector & 1) != 0) {
                sum ^= matrix[i];
            }
        }
        return sum;
    }

    private static long[] square(long[] matrix) {
        long[] result = new long[32];
        for (int i = 0; i < 32; i++) {
            result[i] = times(matrix, matrix[i]);
        }
        return result;
    }
}

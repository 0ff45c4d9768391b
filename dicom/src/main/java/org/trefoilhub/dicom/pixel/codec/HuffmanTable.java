package org.trefoilhub.dicom.pixel.codec;

import java.util.Arrays;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;

/** A Huffman table of JPEG: codes of 1 to 16 bits (ISO/IEC 10918-1 annex C). */
final class HuffmanTable {

    private static final int QUICK_BITS = 9;

    private final short[] quick = new short[1 << QUICK_BITS];
    private final int[] firstCode = new int[17];
    private final int[] afterLastCode = new int[17];
    private final int[] firstSymbol = new int[17];
    private final byte[] symbols;

    /**
     * @param stream holds 16 counts of codes by length, then the symbols
     * @param at where the counts begin
     * @param total sum of the counts
     * @throws DicomFormatException if there are more codes than bits can tell apart
     */
    HuffmanTable(byte[] stream, int at, int total) throws DicomFormatException {
        symbols = Arrays.copyOfRange(stream, at + 16, at + 16 + total);
        Arrays.fill(quick, (short) -1);
        int code = 0;
        int symbol = 0;
        for (int length = 1; length <= 16; length++) {
            int codes = stream[at + length - 1] & 0xff;
            firstCode[length] = code;
            firstSymbol[length] = symbol;
            if (code + codes > 1 << length) {
                throw new DicomFormatException(ErrorCode.BAD_PIXEL_DATA, "JPEG Huffman table has too many codes");
            }
            if (length <= QUICK_BITS) {
                for (int i = 0; i < codes; i++) {
                    int from = code + i << QUICK_BITS - length;
                    int to = code + i + 1 << QUICK_BITS - length;
                    Arrays.fill(quick, from, to, (short) (length << 8 | symbols[symbol + i] & 0xff));
                }
            }
            code += codes;
            symbol += codes;
            afterLastCode[length] = code;
            code <<= 1;
        }
    }

    /**
     * Finds the code at the head of the next 16 bits.
     *
     * @return length of the code in bits 8 and up, symbol in bits 0 to 7; negative if there is no such code
     */
    int lookup(int next16) {
        int entry = quick[next16 >> 16 - QUICK_BITS];
        if (entry >= 0) {
            return entry;
        }
        for (int length = QUICK_BITS + 1; length <= 16; length++) {
            int code = next16 >> 16 - length;
            if (code < afterLastCode[length]) {
                return length << 8 | symbols[firstSymbol[length] + code - firstCode[length]] & 0xff;
            }
        }
        return -1;
    }
}

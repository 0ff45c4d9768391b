package org.trefoilhub.dicom.pixel;

import java.io.ByteArrayOutputStream;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;

/** Non-negative numbers in seven bits a byte, least significant first; the top bit says that more follow. */
final class VarLongs {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final byte[] in;
    private int at;

    VarLongs() {
        this(new byte[0]);
    }

    VarLongs(byte[] in) {
        this.in = in;
    }

    void write(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    byte[] toByteArray() {
        return out.toByteArray();
    }

    long readLong() throws DicomFormatException {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            if (at == in.length) {
                throw bad();
            }
            byte b = in[at++];
            value |= (b & 0x7FL) << shift;
            if (b >= 0) {
                return value;
            }
        }
        throw bad();
    }

    int readInt(int highest) throws DicomFormatException {
        long value = readLong();
        if (value > highest) {
            throw bad();
        }
        return (int) value;
    }

    static DicomFormatException bad() {
        return new DicomFormatException(ErrorCode.BAD_OFFSET_TABLE, "not a stored frame index");
    }
}

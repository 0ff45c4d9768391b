package org.trefoilhub.dicomweb.archive.index;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * The metadata of one instance as compressed DICOM JSON that can be strung together with others without inflating.
 *
 * <p>Spec: RFC 1951. The blocks are flushed to a byte boundary and none of them is marked as the last, so any sequence of
 * chunks, closed by one empty last block, is one valid deflate stream; the checksum of the whole follows from the
 * checksums of the parts.
 *
 * @param deflated raw deflate blocks, without the last block
 * @param crc32 of the text
 * @param length of the text in bytes
 */
public record MetadataChunk(byte[] deflated, long crc32, int length) {

    /** Compresses a JSON object in UTF-8. */
    public static MetadataChunk of(byte[] json) {
        CRC32 crc = new CRC32();
        crc.update(json);
        Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
        try {
            deflater.setInput(json);
            byte[] out = new byte[Math.max(256, json.length / 2)];
            int length = 0;
            while (true) {
                int written = deflater.deflate(out, length, out.length - length, Deflater.SYNC_FLUSH);
                length += written;
                if (length < out.length) {
                    break; // room was left, so the flush is complete
                }
                out = java.util.Arrays.copyOf(out, out.length * 2);
            }
            return new MetadataChunk(java.util.Arrays.copyOf(out, length), crc.getValue(), json.length);
        } finally {
            deflater.end();
        }
    }

    /** The JSON text. */
    public byte[] inflate() throws IOException {
        Inflater inflater = new Inflater(true);
        // the empty last block that the chunk itself lacks
        byte[] closed = java.util.Arrays.copyOf(deflated, deflated.length + 2);
        closed[deflated.length] = 0x03;
        try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(closed), inflater)) {
            return in.readNBytes(length);
        } finally {
            inflater.end();
        }
    }
}

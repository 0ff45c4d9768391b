package org.trefoilhub.dicomweb.archive.index;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.DicomValue;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.json.DicomJson;
import org.trefoilhub.dicomweb.archive.DatasetMask;
import org.trefoilhub.dicomweb.archive.Masking;
import org.trefoilhub.dicomweb.archive.MetadataDocument;

/**
 * Prepared metadata strung together to a JSON array.
 *
 * <p>If the public base URL changed since an instance was stored, its chunk is rewritten on the way out.
 */
public final class StringedMetadata implements MetadataDocument {
    private static final byte[] OPEN = {'['};
    private static final byte[] COMMA = {','};
    private static final byte[] CLOSE = {']'};
    private static final long OPEN_CRC = crc(OPEN);
    private static final long COMMA_CRC = crc(COMMA);
    private static final long CLOSE_CRC = crc(CLOSE);

    private final String entityTag;
    private final List<MetadataChunk> chunks;

    private StringedMetadata(String entityTag, List<MetadataChunk> chunks) {
        this.entityTag = entityTag;
        this.chunks = chunks;
    }

    /**
     * Strings rows together.
     *
     * @param base base of the URIs as they should be now
     * @param masking what is kept back
     */
    public static StringedMetadata of(
            String entityTag, List<StudyReader.MetadataRow> rows, String base, Masking masking) throws IOException {
        java.util.ArrayList<MetadataChunk> chunks = new java.util.ArrayList<>(rows.size());
        for (StudyReader.MetadataRow row : rows) {
            if (masking != Masking.NONE) {
                chunks.add(masked(row, base, masking));
            } else {
                chunks.add(row.base().equals(base) ? row.chunk() : rebase(row, base));
            }
        }
        return new StringedMetadata(entityTag, List.copyOf(chunks));
    }

    private static MetadataChunk masked(StudyReader.MetadataRow row, String base, Masking masking) throws IOException {
        DicomDataset dataset = DicomJson.readAll(
                        new ByteArrayInputStream(row.chunk().inflate()),
                        (uri, tag, vr) -> new DicomValue.Bulk(0, 1, false))
                .get(0);
        String instance = base + "/studies/" + dataset.string(Tag.StudyInstanceUID) + "/series/"
                + dataset.string(Tag.SeriesInstanceUID) + "/instances/" + dataset.string(Tag.SOPInstanceUID);
        return MetadataChunk.of(DicomJson.toBytes(
                DatasetMask.apply(masking, dataset),
                (path, element) -> element.value() instanceof DicomValue.Bulk ? instance + "/bulkdata/" + path : null));
    }

    private static MetadataChunk rebase(StudyReader.MetadataRow row, String base) throws IOException {
        String text = new String(row.chunk().inflate(), StandardCharsets.UTF_8);
        String key = "\"BulkDataURI\":\"";
        return MetadataChunk.of(
                text.replace(key + row.base() + "/", key + base + "/").getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String entityTag() {
        return entityTag;
    }

    @Override
    public int instances() {
        return chunks.size();
    }

    @Override
    public long gzipLengthBytes() {
        long length = StringedGzip.FRAME_BYTES + 2L * StringedGzip.literalBytes(OPEN);
        for (MetadataChunk chunk : chunks) {
            length += chunk.deflated().length;
        }
        return length + (long) StringedGzip.literalBytes(COMMA) * Math.max(0, chunks.size() - 1);
    }

    @Override
    public void writeGzip(OutputStream out) throws IOException {
        StringedGzip gzip = new StringedGzip(out);
        gzip.literal(OPEN, OPEN_CRC);
        boolean first = true;
        for (MetadataChunk chunk : chunks) {
            if (!first) {
                gzip.literal(COMMA, COMMA_CRC);
            }
            gzip.chunk(chunk);
            first = false;
        }
        gzip.literal(CLOSE, CLOSE_CRC);
        gzip.finish();
    }

    @Override
    public void writePlain(OutputStream out) throws IOException {
        out.write(OPEN);
        boolean first = true;
        for (MetadataChunk chunk : chunks) {
            if (!first) {
                out.write(COMMA);
            }
            out.write(chunk.inflate());
            first = false;
        }
        out.write(CLOSE);
    }

    private static long crc(byte[] bytes) {
        CRC32 crc = new CRC32();
        crc.update(bytes);
        return crc.getValue();
    }
}

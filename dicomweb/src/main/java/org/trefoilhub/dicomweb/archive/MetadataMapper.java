package org.trefoilhub.dicomweb.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Set;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.DicomElement;
import org.trefoilhub.dicom.data.DicomValue;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.json.BulkDataUri;
import org.trefoilhub.dicom.json.DicomJson;
import org.trefoilhub.dicomweb.archive.index.MetadataChunk;

/**
 * Turns an object into the metadata that retrieval sends: DICOM JSON in UTF-8, without pixel data, big values as
 * BulkDataURI.
 *
 * <p>Spec: DICOM PS3.18 sections 10.4.1.1.2 and F.2.6. Thread-safe.
 */
final class MetadataMapper {
    private static final int INLINE_BYTES = 8 << 10;

    /** Left out: pixels and what only describes their place in the file. */
    private static final Set<Integer> OMITTED = Set.of(
            Tag.PixelData,
            Tag.FloatPixelData,
            Tag.DoubleFloatPixelData,
            Tag.ExtendedOffsetTable,
            Tag.ExtendedOffsetTableLengths,
            Tag.DataSetTrailingPadding);

    /** Always by reference, so that clients find them where they look for them. */
    private static final Set<Integer> BY_REFERENCE = Set.of(Tag.WaveformData, Tag.EncapsulatedDocument);

    private static final Set<VR> BINARY = Set.of(VR.OB, VR.OD, VR.OF, VR.OL, VR.OV, VR.OW, VR.UN);

    private MetadataMapper() {}

    /**
     * Prepares the metadata of an object.
     *
     * @param instanceUrl URL of the instance, to which {@code /bulkdata/…} is appended
     */
    static MetadataChunk map(DicomDataset dataset, String transferSyntaxUid, String instanceUrl) throws IOException {
        DicomDataset.Builder metadata = dataset.toUtf8().toBuilder();
        OMITTED.forEach(metadata::remove);
        for (DicomElement element : dataset) {
            if ((element.tag() & 0xFFFF) == 0) {
                metadata.remove(element.tag()); // group lengths are of no use in JSON
            }
        }
        metadata.put(Tag.AvailableTransferSyntaxUID, VR.UI, transferSyntaxUid);
        BulkDataUri uris = (path, element) -> isBulk(element) ? instanceUrl + "/bulkdata/" + path : null;
        ByteArrayOutputStream json = new ByteArrayOutputStream(16 << 10);
        DicomJson.write(metadata.build(), json, uris);
        return MetadataChunk.of(json.toByteArray());
    }

    private static boolean isBulk(DicomElement element) {
        if (element.value() instanceof DicomValue.Bulk) {
            return true;
        }
        return element.value() instanceof DicomValue.Bytes bytes
                && (BY_REFERENCE.contains(element.tag())
                        || BINARY.contains(element.vr()) && bytes.bytes().length > INLINE_BYTES);
    }
}

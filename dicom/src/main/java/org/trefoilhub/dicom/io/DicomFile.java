package org.trefoilhub.dicom.io;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.encoding.TransferSyntax;

/**
 * A DICOM file as read: its meta information and its data set, whose large values are regions of the file.
 *
 * @param path the file, to open regions in; null if the data set did not come from a file
 * @param fileMeta group 0002, empty if the file has none
 * @param transferSyntax as declared, or as guessed if the file has no meta information
 * @param datasetOffset byte offset of the data set (of its deflated bytes) from the start of the file
 * @param warnings what was tolerated, for people; without values
 */
public record DicomFile(
        @Nullable Path path,
        DicomDataset fileMeta,
        DicomDataset dataset,
        TransferSyntax transferSyntax,
        long datasetOffset,
        List<String> warnings) {
    public DicomFile {
        warnings = List.copyOf(warnings);
    }
}

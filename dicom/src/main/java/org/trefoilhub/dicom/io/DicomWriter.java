package org.trefoilhub.dicom.io;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.encoding.TransferSyntax;

/** Writes DICOM files and data sets. Thread-safe. */
public final class DicomWriter {
    private DicomWriter() {}

    public static void writeFile(
            OutputStream out, DicomDataset fileMeta, DicomDataset dataset, @Nullable Path bulkSource)
            throws IOException {
        throw new UnsupportedOperationException();
    }

    public static void writeDataset(
            OutputStream out, DicomDataset dataset, TransferSyntax syntax, @Nullable Path bulkSource)
            throws IOException {
        throw new UnsupportedOperationException();
    }

    public static DicomDataset fileMeta(String sopClassUid, String sopInstanceUid, TransferSyntax syntax) {
        throw new UnsupportedOperationException();
    }
}

package org.trefoilhub.dicom.io;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.encoding.TransferSyntax;

/** Reads DICOM files and data sets. Thread-safe. */
public final class DicomReader {
    private DicomReader() {}

    public static DicomFile read(Path file, ReadOptions options) throws IOException {
        throw new UnsupportedOperationException();
    }

    public static DicomDataset readDataset(InputStream in, TransferSyntax syntax, ReadOptions options)
            throws IOException {
        throw new UnsupportedOperationException();
    }
}

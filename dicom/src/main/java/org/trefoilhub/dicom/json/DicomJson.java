package org.trefoilhub.dicom.json;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.trefoilhub.dicom.data.DicomDataset;

/** Data sets as DICOM JSON. Thread-safe. */
public final class DicomJson {
    private DicomJson() {}

    /** Writes one data set as a JSON object in UTF-8; the stream is not closed. */
    public static void write(DicomDataset dataset, OutputStream out, BulkDataUri bulk) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Writes data sets as a JSON array in UTF-8; the stream is not closed. */
    public static void write(List<DicomDataset> datasets, OutputStream out, BulkDataUri bulk) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Reads one data set, an object or an array of one. */
    public static DicomDataset read(InputStream in) throws IOException {
        throw new UnsupportedOperationException();
    }

    /** Reads an array of data sets, or one object. */
    public static List<DicomDataset> readAll(InputStream in) throws IOException {
        throw new UnsupportedOperationException();
    }
}

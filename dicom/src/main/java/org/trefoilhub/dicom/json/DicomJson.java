package org.trefoilhub.dicom.json;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;

/**
 * Data sets as DICOM JSON and back (PS3.18 annex F).
 *
 * <p>Written: elements in tag order, group lengths left out, text as UTF-8 with Specific Character Set ISO_IR 192 where the
 * data set declares one or needs one, DS and IS as numbers (as strings where they are none), NaN and infinities as
 * {@code "NaN"}, {@code "inf"}, {@code "-inf"}, 64-bit integers beyond 2^53 as strings, empty values among others as null,
 * empty elements without {@code Value}. Person names have up to three groups.
 *
 * <p>Read: strictly, unknown members and repeated elements are refused; the text must be UTF-8. Memory grows with the
 * input, whose size the caller bounds. Thread-safe; streams are not closed.
 */
public final class DicomJson {
    private DicomJson() {}

    /** Writes one data set as an object. */
    public static void write(DicomDataset dataset, OutputStream out, BulkDataUri bulk) throws IOException {
        Utf8Json json = new Utf8Json(out);
        new DatasetJsonWriter(json, bulk).write(dataset);
        json.flush();
    }

    /** Writes data sets as an array, one after the other as they come. */
    public static void write(Iterable<DicomDataset> datasets, OutputStream out, BulkDataUri bulk) throws IOException {
        Utf8Json json = new Utf8Json(out);
        DatasetJsonWriter writer = new DatasetJsonWriter(json, bulk);
        json.octet('[');
        boolean any = false;
        for (DicomDataset dataset : datasets) {
            if (any) {
                json.octet(',');
            }
            any = true;
            writer.write(dataset);
        }
        json.octet(']');
        json.flush();
    }

    /** One data set as an object, in memory. */
    public static byte[] toBytes(DicomDataset dataset, BulkDataUri bulk) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(8 << 10);
        try {
            write(dataset, out, bulk);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // memory does not fail so
        }
        return out.toByteArray();
    }

    /**
     * Reads one data set: an object, or an array of one object. References to bulk data are refused.
     *
     * @throws DicomFormatException if the text is not DICOM JSON
     */
    public static DicomDataset read(InputStream in) throws IOException {
        List<DicomDataset> all = readAll(in, BulkDataSource.NONE);
        if (all.size() != 1) {
            throw new DicomFormatException(ErrorCode.BAD_JSON, "expected one data set, found " + all.size());
        }
        return all.get(0);
    }

    /** Reads an array of data sets, or one object. References to bulk data are refused. */
    public static List<DicomDataset> readAll(InputStream in) throws IOException {
        return readAll(in, BulkDataSource.NONE);
    }

    /**
     * Reads an array of data sets, or one object.
     *
     * @param bulk provides the values that are only referred to
     * @throws DicomFormatException if the text is not DICOM JSON, or nested deeper than 64
     */
    public static List<DicomDataset> readAll(InputStream in, BulkDataSource bulk) throws IOException {
        JsonTokens json = new JsonTokens(in);
        DatasetJsonReader reader = new DatasetJsonReader(json, bulk);
        List<DicomDataset> datasets = new ArrayList<>();
        if (!json.accept('[')) {
            datasets.add(reader.dataset());
        } else if (!json.accept(']')) {
            do {
                datasets.add(reader.dataset());
            } while (json.accept(','));
            json.expect(']');
        }
        if (json.peek() != -1) {
            throw json.bad("text behind the end");
        }
        return datasets;
    }
}

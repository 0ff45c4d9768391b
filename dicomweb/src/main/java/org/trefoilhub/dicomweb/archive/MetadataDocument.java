package org.trefoilhub.dicomweb.archive;

import java.io.IOException;
import java.io.OutputStream;

/**
 * A DICOM JSON array of the metadata of one or more instances (DICOM PS3.18 section 10.4.1.1.2), prepared at ingest.
 *
 * <p>Written without reading or decoding any object; thread-safe.
 */
public interface MetadataDocument {

    /** Strong entity tag, without quotes; changes when any instance of the document comes, goes or changes. */
    String entityTag();

    /** Number of instances. */
    int instances();

    /** Length of the gzip form in bytes. */
    long gzipLengthBytes();

    /** Writes one gzip member (RFC 1952) that inflates to the JSON text. */
    void writeGzip(OutputStream out) throws IOException;

    /** Writes the JSON text in UTF-8. */
    void writePlain(OutputStream out) throws IOException;
}

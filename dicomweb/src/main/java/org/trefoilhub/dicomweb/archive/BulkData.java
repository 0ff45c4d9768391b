package org.trefoilhub.dicomweb.archive;

import java.io.IOException;
import java.io.InputStream;
import org.trefoilhub.dicom.data.VR;

/** One value of an object, to be streamed. Little-endian whatever the byte order of the object. */
public interface BulkData {

    /** Tag of the attribute. */
    int tag();

    VR vr();

    /** Length in bytes, padding included. */
    long lengthBytes();

    /** A part of the value. */
    InputStream open(long offset, long lengthBytes) throws IOException;

    /** Media type for a single part: application/pdf and the like for an encapsulated document, else octet-stream. */
    String mediaType();
}

package org.trefoilhub.dicom.json;

import java.io.IOException;
import org.trefoilhub.dicom.data.DicomValue;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;

/** Provides the values that a DICOM JSON text only refers to. */
@FunctionalInterface
public interface BulkDataSource {

    /** Refuses every reference. */
    BulkDataSource NONE = (uri, tag, vr) -> {
        throw new DicomFormatException(ErrorCode.BAD_JSON, tag, -1, "reference to bulk data that is not there");
    };

    /**
     * The value behind a reference.
     *
     * @throws IOException if there is none
     */
    DicomValue value(String uri, int tag, VR vr) throws IOException;
}

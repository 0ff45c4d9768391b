package org.trefoilhub.dicom.net;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.encoding.TransferSyntax;
import org.trefoilhub.dicom.io.DicomReader;
import org.trefoilhub.dicom.io.DicomWriter;
import org.trefoilhub.dicom.io.ReadOptions;

/** Command sets: their fields, and their bytes (implicit VR little endian always, DICOM PS3.7 section 6.3.1). */
final class Commands {

    static final int C_STORE_RQ = 0x0001;
    static final int C_ECHO_RQ = 0x0030;
    static final int C_CANCEL_RQ = 0x0FFF;
    static final int RESPONSE = 0x8000;

    /** Command Data Set Type when there is no data set; any other value says there is one. */
    static final int NO_DATA_SET = 0x0101;

    private static final int DATA_SET = 0x0102;
    private static final int PRIORITY_MEDIUM = 0;

    private Commands() {}

    static DicomDataset echoRequest(int messageId, String sopClassUid) {
        return DicomDataset.builder()
                .put(Tag.AffectedSOPClassUID, VR.UI, sopClassUid)
                .putInts(Tag.CommandField, VR.US, C_ECHO_RQ)
                .putInts(Tag.MessageID, VR.US, messageId)
                .putInts(Tag.CommandDataSetType, VR.US, NO_DATA_SET)
                .build();
    }

    static DicomDataset storeRequest(int messageId, String sopClassUid, String sopInstanceUid) {
        return DicomDataset.builder()
                .put(Tag.AffectedSOPClassUID, VR.UI, sopClassUid)
                .putInts(Tag.CommandField, VR.US, C_STORE_RQ)
                .putInts(Tag.MessageID, VR.US, messageId)
                .putInts(Tag.Priority, VR.US, PRIORITY_MEDIUM)
                .putInts(Tag.CommandDataSetType, VR.US, DATA_SET)
                .put(Tag.AffectedSOPInstanceUID, VR.UI, sopInstanceUid)
                .build();
    }

    /** The answer to a request: echoes its UIDs, carries the status, no data set. */
    static DicomDataset response(DicomDataset request, DimseStatus status) {
        DicomDataset.Builder response = DicomDataset.builder()
                .putInts(Tag.CommandField, VR.US, field(request) | RESPONSE)
                .putInts(
                        Tag.MessageIDBeingRespondedTo, VR.US, messageId(request).orElse(0))
                .putInts(Tag.CommandDataSetType, VR.US, NO_DATA_SET)
                .putInts(Tag.Status, VR.US, status.code());
        String sopClassUid = request.string(Tag.AffectedSOPClassUID);
        if (sopClassUid != null) {
            response.put(Tag.AffectedSOPClassUID, VR.UI, sopClassUid);
        }
        String sopInstanceUid = request.string(Tag.AffectedSOPInstanceUID);
        if (sopInstanceUid != null) {
            response.put(Tag.AffectedSOPInstanceUID, VR.UI, sopInstanceUid);
        }
        String comment = status.errorComment();
        if (comment != null) {
            response.put(Tag.ErrorComment, VR.LO, comment);
        }
        return response.build();
    }

    /** The Command Field, -1 when missing. */
    static int field(DicomDataset command) {
        return command.integer(Tag.CommandField).orElse(-1);
    }

    static OptionalInt messageId(DicomDataset command) {
        return command.integer(Tag.MessageID);
    }

    static boolean hasDataset(DicomDataset command) {
        return command.integer(Tag.CommandDataSetType).orElse(NO_DATA_SET) != NO_DATA_SET;
    }

    static DimseStatus status(DicomDataset response) {
        @Nullable String comment = response.string(Tag.ErrorComment);
        return new DimseStatus(response.integer(Tag.Status).orElse(DimseStatus.PROCESSING_FAILURE) & 0xFFFF, comment);
    }

    static byte[] encode(DicomDataset command) throws IOException {
        byte[] fields = bytes(command);
        DicomDataset withLength = command.toBuilder()
                .putInts(Tag.CommandGroupLength, VR.UL, fields.length)
                .build();
        return bytes(withLength);
    }

    private static byte[] bytes(DicomDataset dataset) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DicomWriter.writeDataset(out, dataset, TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN, null);
        return out.toByteArray();
    }

    static DicomDataset decode(byte[] bytes) throws IOException {
        return DicomReader.readDataset(
                new ByteArrayInputStream(bytes), TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN, ReadOptions.DEFAULT);
    }
}

package org.trefoilhub.dicom.net.pdu;

import java.nio.ByteBuffer;

/**
 * One presentation data value: a fragment of a command set or of a data set.
 *
 * @param contextId presentation context identifier, 1 to 255
 * @param command true for a fragment of the command set, false for the data set
 * @param last true for the last fragment of its set
 * @param data position to limit are the bytes of the fragment; reading moves the position
 */
public record DataValue(int contextId, boolean command, boolean last, ByteBuffer data) {

    /** Bytes that a fragment costs beside its content: item length, context identifier, message control header. */
    public static final int OVERHEAD_BYTES = 6;

    @Override
    public String toString() {
        return "DataValue[context " + contextId + (command ? ", command" : ", data set") + (last ? ", last" : "") + ", "
                + data.remaining() + " bytes]";
    }
}

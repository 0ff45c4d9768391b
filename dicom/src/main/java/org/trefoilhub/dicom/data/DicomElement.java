package org.trefoilhub.dicom.data;

/**
 * A data element: tag, value representation and value (PS3.5 section 7.1). Immutable; {@code toString} shows the size,
 * never the value.
 *
 * @param tag group and element number, {@code 0xGGGGEEEE}
 */
public record DicomElement(int tag, VR vr, DicomValue value) {
    @Override
    public String toString() {
        return Tag.format(tag) + " " + vr + " " + value;
    }
}

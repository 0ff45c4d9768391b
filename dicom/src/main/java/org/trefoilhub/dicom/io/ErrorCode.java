package org.trefoilhub.dicom.io;

/**
 * What can be wrong with DICOM input, as stable codes. The texts are for people and may change.
 *
 * <p>0001-0049 data sets and files, 0050-0099 pixel data, 0100-0149 network.
 */
public enum ErrorCode {
    TRUNCATED("TREFOIL-DCM-0001", "the input ends inside an element, item or fragment"),
    NOT_DICOM("TREFOIL-DCM-0002", "the input does not start like a DICOM file or data set"),
    NO_TRANSFER_SYNTAX("TREFOIL-DCM-0003", "the file meta information names no transfer syntax"),
    BAD_TRANSFER_SYNTAX("TREFOIL-DCM-0004", "the transfer syntax UID is not a valid UID"),
    LENGTH_EXCEEDS_CONTAINER("TREFOIL-DCM-0005", "a length runs past the end of what contains it"),
    ELEMENT_TOO_LONG("TREFOIL-DCM-0006", "a value is longer than the reader may hold in memory"),
    NESTED_TOO_DEEP("TREFOIL-DCM-0007", "sequences are nested deeper than the reader allows"),
    TOO_MANY_ELEMENTS("TREFOIL-DCM-0008", "there are more elements, items or fragments than the reader allows"),
    INFLATED_TOO_LONG("TREFOIL-DCM-0009", "a deflated data set grows beyond the reader's limit"),
    BAD_DEFLATE("TREFOIL-DCM-0010", "a deflated data set cannot be inflated"),
    UNEXPECTED_DELIMITER(
            "TREFOIL-DCM-0011", "an item or delimiter stands where an element is expected, or the reverse"),
    BAD_UNDEFINED_LENGTH(
            "TREFOIL-DCM-0012", "an element has an undefined length that its representation does not allow"),
    BAD_ELEMENT("TREFOIL-DCM-0013", "an element header cannot be understood"),
    BAD_JSON("TREFOIL-DCM-0020", "the text is not the DICOM JSON model"),
    BAD_PIXEL_DATA("TREFOIL-DCM-0050", "pixel data does not fit its description"),
    BAD_OFFSET_TABLE("TREFOIL-DCM-0051", "an offset table does not fit the fragments"),
    NO_PIXEL_DATA("TREFOIL-DCM-0052", "the data set has no pixel data"),
    UNSUPPORTED_PIXEL_DATA("TREFOIL-DCM-0053", "pixel data is coded or shaped in a way that cannot be decoded here"),
    CONNECT_FAILED("TREFOIL-DCM-0101", "there is no TCP connection to the peer"),
    ASSOCIATION_REJECTED("TREFOIL-DCM-0102", "the peer rejected the association"),
    ABORTED_BY_PEER("TREFOIL-DCM-0103", "the peer aborted the association"),
    CONNECTION_LOST("TREFOIL-DCM-0104", "the connection ended without release or abort"),
    TIMED_OUT("TREFOIL-DCM-0105", "the peer was silent, or slower than one PDU may take"),
    PROTOCOL_VIOLATION("TREFOIL-DCM-0106", "the peer sent what PS3.7 or PS3.8 do not allow"),
    NO_PRESENTATION_CONTEXT(
            "TREFOIL-DCM-0107", "no presentation context was accepted for the SOP class and transfer syntax"),
    LIMIT_EXCEEDED("TREFOIL-DCM-0108", "the peer sent more than this side takes"),
    CLOSED_LOCALLY("TREFOIL-DCM-0109", "this side closed the association"),
    RELEASED_BY_PEER("TREFOIL-DCM-0110", "the peer released the association while an answer was awaited");

    private final String code;
    private final String description;

    ErrorCode(String code, String description) {
        this.code = code;
        this.description = description;
    }

    /** The code that doors show, such as {@code TREFOIL-DCM-0001}. */
    public String code() {
        return code;
    }

    /** What it means, for the table of error codes. */
    public String description() {
        return description;
    }
}

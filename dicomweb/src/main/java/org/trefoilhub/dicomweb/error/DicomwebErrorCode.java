package org.trefoilhub.dicomweb.error;

/** Error codes of the archive and its doors; {@link #code()} is stable, the HTTP status is what DICOMweb answers. */
public enum DicomwebErrorCode {
    /** The request is syntactically wrong: parameter, UID, frame list, range. */
    BAD_REQUEST("TREFOIL-DWB-0001", 400),
    /** The resource is absent, or hidden from the caller. */
    NOT_FOUND("TREFOIL-DWB-0002", 404),
    /** None of the accepted media types can be given; the answer lists the offers. */
    NOT_ACCEPTABLE("TREFOIL-DWB-0003", 406),
    /** The body's media type is not supported. */
    UNSUPPORTED_MEDIA_TYPE("TREFOIL-DWB-0004", 415),
    /** The body, a part or a header exceeds its limit. */
    TOO_LARGE("TREFOIL-DWB-0005", 413),
    /** The multipart body is malformed or breaks off. */
    BAD_MULTIPART("TREFOIL-DWB-0006", 400),
    /** The caller is not allowed to do this at all. */
    FORBIDDEN("TREFOIL-DWB-0007", 403),
    /** The object is not readable DICOM. */
    NOT_DICOM("TREFOIL-DWB-0010", 409),
    /** A UID that identifies the object is missing or invalid. */
    BAD_IDENTIFIER("TREFOIL-DWB-0011", 409),
    /** The object does not belong to the study, SOP class or instance that was announced. */
    MISMATCH("TREFOIL-DWB-0012", 409),
    /** A different object is stored under the same SOP Instance UID. */
    DUPLICATE("TREFOIL-DWB-0013", 409),
    /** The policy does not permit storing this object. */
    STORE_FORBIDDEN("TREFOIL-DWB-0014", 409),
    /** The object cannot be rendered: no pixels, or an unsupported transfer syntax. */
    NOT_RENDERABLE("TREFOIL-DWB-0015", 406),
    /** The object's pixel data are damaged. */
    DAMAGED_PIXELS("TREFOIL-DWB-0016", 409),
    /** The policy shows the patient masked only, and this object cannot be masked. */
    CANNOT_MASK("TREFOIL-DWB-0017", 403),
    /** A UID of the object is taken by data into which its sender may not store; kept for review, never answered. */
    HELD("TREFOIL-DWB-0018", 409),
    /** The archive cannot take the object now: disk full or database away. */
    OUT_OF_RESOURCES("TREFOIL-DWB-0020", 503),
    /** Not built yet. */
    NOT_IMPLEMENTED("TREFOIL-DWB-0098", 501),
    /** A fault of ours. */
    INTERNAL("TREFOIL-DWB-0099", 500);

    private final String code;
    private final int httpStatus;

    DicomwebErrorCode(String code, int httpStatus) {
        this.code = code;
        this.httpStatus = httpStatus;
    }

    public String code() {
        return code;
    }

    public int httpStatus() {
        return httpStatus;
    }
}

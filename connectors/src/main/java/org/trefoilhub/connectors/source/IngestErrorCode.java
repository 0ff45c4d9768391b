package org.trefoilhub.connectors.source;

/** Why a message of a source system is not applied; {@link #code()} is stable. */
public enum IngestErrorCode {
    /** The sender is not known, is not active, or calls from an address outside its ranges. */
    UNKNOWN_SENDER("TREFOIL-ING-0001"),
    /** The bytes are no HL7 v2 message: no MSH segment, illegal delimiters, or control characters. */
    NOT_HL7("TREFOIL-ING-0002"),
    /** The bytes cannot be read in the character set that MSH-18 or the configuration of the source names. */
    CHARSET("TREFOIL-ING-0003"),
    /** The message has more bytes, segments, repetitions or nesting than is taken. */
    TOO_LARGE("TREFOIL-ING-0004"),
    /** One frame carries more than one message. */
    SEVERAL_MESSAGES("TREFOIL-ING-0005"),
    /** A segment or field that the message needs is absent. */
    REQUIRED_MISSING("TREFOIL-ING-0010"),
    /** A field has a value that cannot be read, such as a date that does not exist. */
    BAD_VALUE("TREFOIL-ING-0011"),
    /** The type of message or event is not read from this source. */
    UNSUPPORTED("TREFOIL-ING-0012"),
    /** The source uses a status code that no ConceptMap translates. */
    UNKNOWN_STATUS("TREFOIL-ING-0013"),
    /** What the message speaks of did not arrive in time. */
    NEVER_ARRIVED("TREFOIL-ING-0014"),
    /** The policy does not permit the source to write this. */
    FORBIDDEN("TREFOIL-ING-0015"),
    /** The storage refuses the mapped resources. */
    REFUSED_BY_STORAGE("TREFOIL-ING-0016"),
    /** The storage cannot be reached now; the source has to send again. */
    OUT_OF_RESOURCES("TREFOIL-ING-0020");

    private final String code;

    IngestErrorCode(String code) {
        this.code = code;
    }

    /**
     * The code as it leaves the hub.
     *
     * @return such as {@code TREFOIL-ING-0001}
     */
    public String code() {
        return code;
    }
}

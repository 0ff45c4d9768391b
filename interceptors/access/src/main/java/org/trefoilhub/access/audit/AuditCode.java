package org.trefoilhub.access.audit;

/**
 * A kind of event: type or subtype.
 *
 * @param system code system
 * @param code code
 * @param display its name in the code system
 */
public record AuditCode(String system, String code, String display) {

    /** Code system of {@link #REST}. */
    public static final String TYPE_SYSTEM = "http://terminology.hl7.org/CodeSystem/audit-event-type";

    /** Code system of the subtypes of {@link #REST}. */
    public static final String INTERACTION_SYSTEM = "http://hl7.org/fhir/restful-interaction";

    /** DICOM terms, PS3.16 annex D. */
    public static final String DICOM_SYSTEM = "http://dicom.nema.org/resources/ontology/DCM";

    /** Kinds that no standard has. */
    public static final String HUB_SYSTEM = "https://trefoil-hub.org/fhir/CodeSystem/audit-subtype";

    /** RESTful operation, with an {@link #interaction} as subtype. */
    public static final AuditCode REST = new AuditCode(TYPE_SYSTEM, "rest", "RESTful Operation");

    /** Application activity. */
    public static final AuditCode APPLICATION_ACTIVITY = dicom("110100", "Application Activity");

    /** Somebody looked at the audit. */
    public static final AuditCode AUDIT_LOG_USED = dicom("110101", "Audit Log Used");

    /** Instances were retrieved or deleted here. */
    public static final AuditCode INSTANCES_ACCESSED = dicom("110103", "DICOM Instances Accessed");

    /** Instances came in or went out. */
    public static final AuditCode INSTANCES_TRANSFERRED = dicom("110104", "DICOM Instances Transferred");

    /** Data left the hub to stay elsewhere. */
    public static final AuditCode EXPORT = dicom("110106", "Export");

    /** Data came in by hand. */
    public static final AuditCode IMPORT = dicom("110107", "Import");

    /** A peer connected or tried to. */
    public static final AuditCode NETWORK_ENTRY = dicom("110108", "Network Entry");

    /** Something about a patient record. */
    public static final AuditCode PATIENT_RECORD = dicom("110110", "Patient Record");

    /** DICOM query. */
    public static final AuditCode QUERY = dicom("110112", "Query");

    /** Something that security must look at, such as a changed level or an emergency access. */
    public static final AuditCode SECURITY_ALERT = dicom("110113", "Security Alert");

    /** Log on, log off, tokens. */
    public static final AuditCode USER_AUTHENTICATION = dicom("110114", "User Authentication");

    /** Subtype: log on. */
    public static final AuditCode LOGIN = dicom("110122", "Login");

    /** Subtype: log off. */
    public static final AuditCode LOGOUT = dicom("110123", "Logout");

    /** Subtype: access in an emergency without the ordinary right. */
    public static final AuditCode EMERGENCY_OVERRIDE = dicom("110127", "Emergency Override Started");

    /** Subtype: a token was issued. */
    public static final AuditCode TOKEN = hub("token", "Token issued or refused");

    /** Subtype: printed. */
    public static final AuditCode PRINT = hub("print", "Print");

    /** Subtype: kept as a file. */
    public static final AuditCode DOWNLOAD = hub("download", "Download");

    /** Subtype: a person opened a page or a viewer. */
    public static final AuditCode SCREEN_OPEN = hub("screen-open", "Screen opened");

    /** Subtype: a measurement in the viewer. */
    public static final AuditCode MEASURE = hub("measure", "Measurement");

    /** Subtype: access was asked for. */
    public static final AuditCode ACCESS_REQUEST = hub("access-request", "Access requested");

    /** Subtype: a request for access was decided, or an emergency access reviewed. */
    public static final AuditCode ACCESS_DECISION = hub("access-decision", "Access decided");

    /** Subtype: a level or label of a patient was changed. */
    public static final AuditCode LABEL_CHANGE = hub("label-change", "Label changed");

    /** Subtype: a notification of a subscription left. */
    public static final AuditCode NOTIFICATION = hub("notification", "Notification delivered");

    /** Subtype: a subscription was bound to a websocket. */
    public static final AuditCode BIND = hub("bind", "Websocket bound");

    /** Subtype: an association was opened or rejected. */
    public static final AuditCode ASSOCIATION = hub("association", "Association");

    /** Subtype: C-ECHO. */
    public static final AuditCode C_ECHO = hub("c-echo", "C-ECHO");

    /** Subtype: C-STORE. */
    public static final AuditCode C_STORE = hub("c-store", "C-STORE");

    /** Subtype: an operator did something. */
    public static final AuditCode ADMINISTRATION = hub("administration", "Administration");

    private static AuditCode dicom(String code, String display) {
        return new AuditCode(DICOM_SYSTEM, code, display);
    }

    /**
     * A kind of the hub's own.
     *
     * @param code code in {@link #HUB_SYSTEM}
     * @param display its name
     * @return the code
     */
    public static AuditCode hub(String code, String display) {
        return new AuditCode(HUB_SYSTEM, code, display);
    }

    /**
     * The subtype of a RESTful event.
     *
     * @param code such as {@code read} or {@code search-type}
     * @return the code
     */
    public static AuditCode interaction(String code) {
        return new AuditCode(INTERACTION_SYSTEM, code, code);
    }
}

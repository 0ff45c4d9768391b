package org.trefoilhub.hub.audit;

/** The audit, or what guards it, is not as the hub left it. */
final class AuditTamperedException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    AuditTamperedException(String message) {
        super(message);
    }
}

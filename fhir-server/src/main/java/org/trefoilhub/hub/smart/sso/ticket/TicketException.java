package org.trefoilhub.hub.smart.sso.ticket;

/** A ticket that does not let in, or settings that cannot be used. */
final class TicketException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final TicketErrorCode code;

    TicketException(TicketErrorCode code, String message) {
        super(code.code() + ": " + message);
        this.code = code;
    }

    TicketException(TicketErrorCode code, String message, Throwable cause) {
        super(code.code() + ": " + message, cause);
        this.code = code;
    }

    TicketErrorCode code() {
        return code;
    }
}

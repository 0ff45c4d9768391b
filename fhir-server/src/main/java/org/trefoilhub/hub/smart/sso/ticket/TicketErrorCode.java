package org.trefoilhub.hub.smart.sso.ticket;

/** Why a ticket does not let in. */
enum TicketErrorCode {
    /** What came is no ticket, is for another service, or was used here before. */
    NO_TICKET("TREFOIL-TKT-0001"),
    /** The ticket server does not know the ticket: too old, used, or for another service. */
    REFUSED("TREFOIL-TKT-0002"),
    /** The ticket server cannot be reached. */
    UNREACHABLE("TREFOIL-TKT-0003"),
    /** The ticket server's answer cannot be read, or names no user. */
    BAD_ANSWER("TREFOIL-TKT-0004"),
    /** The person has no account here, or a disabled one. */
    NO_ACCOUNT("TREFOIL-TKT-0005"),
    /** The settings cannot be used. */
    SETTINGS("TREFOIL-TKT-0020");

    private final String code;

    TicketErrorCode(String code) {
        this.code = code;
    }

    String code() {
        return code;
    }
}

package org.trefoilhub.hub.smart.account;

/** Accounts that cannot be used; the hub does not start with them. The message holds no secret. */
public class AccountException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Stable code of this family. */
    public static final String CODE = AccountErrorCode.ACCOUNTS_UNUSABLE.code();

    /**
     * Says what is wrong with the accounts.
     *
     * @param message what was found and what was expected
     */
    public AccountException(String message) {
        super(CODE + ": " + message);
    }

    /**
     * Says what is wrong with the accounts.
     *
     * @param message what was found and what was expected
     * @param cause why
     */
    public AccountException(String message, Throwable cause) {
        super(CODE + ": " + message, cause);
    }
}

package org.trefoilhub.hub.smart.account;

/** Stable codes of accounts that cannot be used. */
enum AccountErrorCode {
    /** The accounts file is missing, unreadable, names unknown words, or holds secrets that production refuses. */
    ACCOUNTS_UNUSABLE("TREFOIL-SMT-0010");

    private final String code;

    AccountErrorCode(String code) {
        this.code = code;
    }

    String code() {
        return code;
    }
}

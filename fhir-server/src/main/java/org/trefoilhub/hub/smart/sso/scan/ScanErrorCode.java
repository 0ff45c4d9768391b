package org.trefoilhub.hub.smart.sso.scan;

/** Stable codes of scan-code login. */
enum ScanErrorCode {
    /** Too many codes wait for a confirmation. */
    TOO_MANY("TREFOIL-SCN-0001"),
    /** The code is too old, was used or refused, or was never issued. */
    NO_SUCH_CODE("TREFOIL-SCN-0002"),
    /** Whoever confirmed has no account any more. */
    NO_ACCOUNT("TREFOIL-SCN-0003"),
    /** The picture of a code cannot be made. */
    NO_PICTURE("TREFOIL-SCN-0020");

    private final String code;

    ScanErrorCode(String code) {
        this.code = code;
    }

    String code() {
        return code;
    }
}

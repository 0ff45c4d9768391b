package org.trefoilhub.hub.app;

/** Settings that the hub does not start with. The message names keys, never values. */
class SettingsException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final String advice;

    /**
     * Says what is wrong.
     *
     * @param code stable code
     * @param message what was found
     * @param advice what to do about it
     */
    SettingsException(SettingsErrorCode code, String message, String advice) {
        super(code.code() + ": " + message + "; " + advice);
        this.advice = advice;
    }

    /** What the operator can do. */
    String advice() {
        return advice;
    }
}

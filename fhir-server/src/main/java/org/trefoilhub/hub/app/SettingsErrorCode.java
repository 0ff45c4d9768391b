package org.trefoilhub.hub.app;

/** Stable codes of settings that the hub does not start with. */
enum SettingsErrorCode {
    /** A setting under {@code trefoil} is unknown or retired; the message names the nearest one. */
    UNKNOWN_KEY("TREFOIL-CFG-0001"),
    /** The profile {@code prod} was given a database that is made for trying out. */
    DEMO_DATABASE("TREFOIL-CFG-0002"),
    /** The profile {@code prod} was told to record no audit. */
    NO_AUDIT("TREFOIL-CFG-0003"),
    /** The profile {@code prod} was given a switch that takes protection away for a measurement. */
    BENCH_SWITCH("TREFOIL-CFG-0004");

    private final String code;

    SettingsErrorCode(String code) {
        this.code = code;
    }

    String code() {
        return code;
    }
}

package org.trefoilhub.hub.report.range;

import java.math.BigDecimal;

/** Whether UCUM knows a unit. */
public final class UnitsProbe {

    private UnitsProbe() {}

    public static boolean isKnown(String code) {
        // Converting into the same kind by a prefix or not at all: an unknown unit has no canonical form.
        return Units.canonical(new BigDecimal("2"), code).isPresent();
    }
}

package org.trefoilhub.hub.report.template;

import java.math.BigInteger;
import java.util.Comparator;

/** Order of version labels: number by number, then letter by letter, {@code 1.10.0} after {@code 1.9.2}. */
final class Versions {

    static final Comparator<String> ORDER = Versions::compare;

    private Versions() {}

    private static int compare(String one, String other) {
        String[] first = one.split("[.\\-+]");
        String[] second = other.split("[.\\-+]");
        for (int i = 0; i < Math.min(first.length, second.length); i++) {
            int order = isNumber(first[i]) && isNumber(second[i])
                    ? new BigInteger(first[i]).compareTo(new BigInteger(second[i]))
                    : first[i].compareTo(second[i]);
            if (order != 0) {
                return order;
            }
        }
        return Integer.compare(first.length, second.length);
    }

    private static boolean isNumber(String text) {
        return text.matches("\\d{1,18}");
    }
}

package org.trefoilhub.dicom.net;

/** The form of AE titles: 1 to 16 printable ASCII characters without backslash, not all spaces (PS3.5 table 6.2-1). */
final class AeTitles {

    private static final int MAX_CHARACTERS = 16;

    private AeTitles() {}

    static boolean valid(String title) {
        return !title.isBlank()
                && title.length() <= MAX_CHARACTERS
                && title.chars().allMatch(c -> c >= ' ' && c <= '~' && c != '\\');
    }

    /** For logs: whatever a stranger put there becomes one line of ASCII. */
    static String printable(String title) {
        return title.replaceAll("[^ -~]", "?");
    }
}

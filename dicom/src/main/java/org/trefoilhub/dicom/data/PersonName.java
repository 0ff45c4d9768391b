package org.trefoilhub.dicom.data;

/**
 * A person name with its up to three component groups (PS3.5 section 6.2.1.2), such as {@code Zhang^San=张^三}.
 *
 * <p>Groups keep their component delimiters; an absent group is the empty string. The text of this type identifies a
 * patient: it must not be logged.
 *
 * @param alphabetic single-byte or alphabetic representation
 * @param ideographic ideographic representation
 * @param phonetic phonetic representation
 */
public record PersonName(String alphabetic, String ideographic, String phonetic) {

    /** Takes a DICOM PN value apart; trailing delimiters and spaces are dropped, a fourth group is ignored. */
    public static PersonName parse(String value) {
        String[] groups = value.split("=", -1);
        return new PersonName(
                trimGroup(groups[0]),
                groups.length > 1 ? trimGroup(groups[1]) : "",
                groups.length > 2 ? trimGroup(groups[2]) : "");
    }

    private static String trimGroup(String group) {
        int end = group.length();
        while (end > 0 && (group.charAt(end - 1) == '^' || group.charAt(end - 1) <= ' ')) {
            end--;
        }
        int start = 0;
        while (start < end && group.charAt(start) <= ' ') {
            start++;
        }
        return group.substring(start, end);
    }

    /** Whether no group holds anything. */
    public boolean isEmpty() {
        return alphabetic.isEmpty() && ideographic.isEmpty() && phonetic.isEmpty();
    }

    /**
     * One component of a group.
     *
     * @param group text of one of the groups
     * @param index 0 family name, 1 given name, 2 middle name, 3 prefix, 4 suffix
     * @return the component, empty if absent
     */
    public static String component(String group, int index) {
        String[] components = group.split("\\^", -1);
        return index < components.length ? components[index].strip() : "";
    }

    /** Family name of the alphabetic group, or of the ideographic one if there is no alphabetic. */
    public String familyName() {
        return component(alphabetic.isEmpty() ? ideographic : alphabetic, 0);
    }

    /** Given name of the alphabetic group, or of the ideographic one if there is no alphabetic. */
    public String givenName() {
        return component(alphabetic.isEmpty() ? ideographic : alphabetic, 1);
    }

    /** The DICOM form, without trailing empty groups. */
    @Override
    public String toString() {
        if (!phonetic.isEmpty()) {
            return alphabetic + "=" + ideographic + "=" + phonetic;
        }
        return ideographic.isEmpty() ? alphabetic : alphabetic + "=" + ideographic;
    }
}

package org.trefoilhub.hub.patientindex;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Optional;

/**
 * Number of a resident identity card: 17 digits and a check character (GB 11643-1999); the old form of 15 digits is brought
 * to the new one.
 *
 * @param number 18 characters, valid
 * @param birthDate date of birth that it holds
 */
record IdCard(String number, LocalDate birthDate) {

    private static final int[] WEIGHTS = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
    private static final String CHECKS = "10X98765432";

    /**
     * Reads a number as somebody wrote it.
     *
     * @param written with or without spaces
     * @return the card, or empty for placeholders, wrong check characters and impossible dates
     */
    static Optional<IdCard> of(String written) {
        String tidy = IdentifierSpelling.tidy(written);
        String number = tidy.matches("\\d{15}") ? modern(tidy) : tidy;
        if (!number.matches("[1-9]\\d{16}[0-9X]") || check(number) != number.charAt(17)) {
            return Optional.empty();
        }
        try {
            LocalDate born = LocalDate.of(
                    Integer.parseInt(number.substring(6, 10)),
                    Integer.parseInt(number.substring(10, 12)),
                    Integer.parseInt(number.substring(12, 14)));
            return born.getYear() < 1850 ? Optional.empty() : Optional.of(new IdCard(number, born));
        } catch (DateTimeException e) {
            // No such day: not a card.
            return Optional.empty();
        }
    }

    private static String modern(String old) {
        String digits = old.substring(0, 6) + "19" + old.substring(6);
        return digits + check(digits);
    }

    /** The check character of the first 17 digits. */
    static char check(String number) {
        int sum = 0;
        for (int i = 0; i < WEIGHTS.length; i++) {
            sum += (number.charAt(i) - '0') * WEIGHTS[i];
        }
        return CHECKS.charAt(sum % 11);
    }

    /** Whether the card says male. */
    boolean isMale() {
        return (number.charAt(16) - '0') % 2 == 1;
    }

    /** Tells nothing: the number identifies. */
    @Override
    public String toString() {
        return "IdCard";
    }
}

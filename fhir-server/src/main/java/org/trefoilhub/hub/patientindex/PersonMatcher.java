package org.trefoilhub.hub.patientindex;

import java.time.LocalDate;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.hub.patientindex.PersonRecord.Kind;

/**
 * Tells whether two records are one person.
 *
 * <p>Sure: the same valid identity card; or the same name, sex, birth date and telephone number, where the name may be a
 * homophone, or the birth date may have one slip, but not both; or the same name and a card number with one slip that fails
 * its check; or the same number of another system and the same name. Possible: the same name and sex with the same birth year
 * or telephone number; or one of the sure signs with something against it. Never sure: people without a name, newborns,
 * foreigners without a card unless a number of theirs is the same.
 *
 * <p>Pure. Symmetric: the order of the two does not matter.
 */
final class PersonMatcher {

    private PersonMatcher() {}

    /** Compares two records. */
    static Match compare(PersonRecord a, PersonRecord b) {
        if (a.kind() == Kind.NAMELESS || b.kind() == Kind.NAMELESS) {
            return Match.NONE;
        }
        if (a.kind() == Kind.NEWBORN || b.kind() == Kind.NEWBORN) {
            return newborn(a, b);
        }
        boolean same = meet(a.names(), b.names());
        boolean sounds = same || meet(a.readings(), b.readings());
        boolean sexes = a.male() == null || b.male() == null || a.male().equals(b.male());
        if (meet(a.cards(), b.cards())) {
            return sounds || (sexes && years(a, b)) ? Match.sure("id-card") : Match.possible("id-card-of-another");
        }
        Match without = withoutCard(a, b, same, sounds, sexes);
        boolean otherCards = !a.cards().isEmpty() && !b.cards().isEmpty();
        return otherCards && without.isSure() ? Match.possible("other-id-card") : without;
    }

    /**
     * Whether two persons, each known by some records, may become one without a human: a record between them must not join
     * two people whose cards tell them apart.
     */
    static boolean mayJoin(Collection<PersonRecord> one, Collection<PersonRecord> other) {
        Set<String> cards = cards(one);
        Set<String> others = cards(other);
        return cards.isEmpty() || others.isEmpty() || meet(cards, others);
    }

    private static Set<String> cards(Collection<PersonRecord> records) {
        Set<String> cards = new HashSet<>();
        records.forEach(record -> cards.addAll(record.cards()));
        return cards;
    }

    private static Match withoutCard(PersonRecord a, PersonRecord b, boolean same, boolean sounds, boolean sexes) {
        if (meet(a.numbers(), b.numbers())) {
            return same && sexes ? Match.sure("number-and-name") : Match.possible("number");
        }
        boolean foreign = a.kind() == Kind.FOREIGN || b.kind() == Kind.FOREIGN;
        boolean sex = a.male() != null && a.male().equals(b.male());
        boolean phone = meet(a.phones(), b.phones());
        boolean born = a.birthDate() != null && a.birthDate().equals(b.birthDate());
        boolean nearlyBorn = !born && slip(a.birthDate(), b.birthDate());
        if (sounds && sex && phone && (born || (same && nearlyBorn))) {
            return foreign ? Match.possible("foreigner") : Match.sure(born ? "demographics" : "demographics-date-slip");
        }
        if (same && sexes && (cardSlip(a, b) || cardSlip(b, a))) {
            return Match.sure("id-card-slip");
        }
        if (sounds && sexes && (phone || born || nearlyBorn || (same && years(a, b)))) {
            return Match.possible("name-and-more");
        }
        if (sexes && phone && born) {
            // Twins, or a slip in the name.
            return Match.possible("birth-and-phone");
        }
        return Match.NONE;
    }

    /** A newborn has the mother's card and telephone number, so only another newborn's record can be the same child. */
    private static Match newborn(PersonRecord a, PersonRecord b) {
        boolean both = a.kind() == Kind.NEWBORN && b.kind() == Kind.NEWBORN;
        boolean sexes = a.male() == null || b.male() == null || a.male().equals(b.male());
        boolean born = a.birthDate() != null && a.birthDate().equals(b.birthDate());
        boolean mother = meet(a.names(), b.names()) || meet(a.cards(), b.cards());
        return (both && sexes && born && mother) || (meet(a.numbers(), b.numbers()) && sexes)
                ? Match.possible("newborn")
                : Match.NONE;
    }

    private static boolean meet(Set<String> a, Set<String> b) {
        return !Collections.disjoint(a, b);
    }

    private static boolean years(PersonRecord a, PersonRecord b) {
        return a.birthYear() != null && Objects.equals(a.birthYear(), b.birthYear());
    }

    /** Whether a wrong card number of one is one slip away from the right one of the other. */
    private static boolean cardSlip(PersonRecord wrong, PersonRecord right) {
        return wrong.wrongCards().stream()
                .anyMatch(one -> right.cards().stream().anyMatch(other -> slip(one, other)));
    }

    /** Whether two dates differ by one slip of the hand: a digit, or two that changed places, day and month included. */
    private static boolean slip(@Nullable LocalDate a, @Nullable LocalDate b) {
        if (a == null || b == null) {
            return false;
        }
        boolean turned = a.getYear() == b.getYear()
                && a.getMonthValue() == b.getDayOfMonth()
                && a.getDayOfMonth() == b.getMonthValue();
        return turned || slip(a.toString().replace("-", ""), b.toString().replace("-", ""));
    }

    /** Whether two texts of one length differ in one character, or in two neighbours that changed places. */
    static boolean slip(String a, String b) {
        if (a.length() != b.length()) {
            return false;
        }
        int first = -1;
        int differences = 0;
        for (int i = 0; i < a.length(); i++) {
            if (a.charAt(i) != b.charAt(i)) {
                differences++;
                if (differences == 1) {
                    first = i;
                }
            }
        }
        return differences == 1
                || (differences == 2
                        && a.charAt(first) == b.charAt(first + 1)
                        && a.charAt(first + 1) == b.charAt(first));
    }
}

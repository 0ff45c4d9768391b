package org.trefoilhub.hub.patientindex;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.trefoilhub.hub.patientindex.TypicalPersons.Known;

/** How well the rules link persons as hospitals' systems know them. */
@Tag("EMPI-1")
class PersonMatchingQualityTest {

    private static final System.Logger LOG = System.getLogger("persons");

    /** Links between records, as pairs: right ones, wrong ones, missed ones, and missed ones that wait in review. */
    record Quality(int right, int wrong, int missed, int missedInReview, int review, int forbidden) {
        double precision() {
            return right / (double) (right + wrong);
        }

        double recall() {
            return right / (double) (right + missed);
        }
    }

    /** Links records one after another as the index does. */
    static Quality judge(List<Known> all) {
        List<PersonRecord> records =
                all.stream().map(known -> PersonRecord.of(known.patient())).toList();
        Map<String, List<Integer>> byKey = new HashMap<>();
        int[] cluster = new int[all.size()];
        List<Set<Integer>> clusters = new ArrayList<>();
        Set<Long> review = new LinkedHashSet<>();
        for (int i = 0; i < records.size(); i++) {
            PersonRecord record = records.get(i);
            Set<Integer> candidates = new LinkedHashSet<>();
            record.keys().forEach(key -> candidates.addAll(byKey.getOrDefault(key, List.of())));
            cluster[i] = clusters.size();
            clusters.add(new LinkedHashSet<>(Set.of(i)));
            for (int candidate : candidates) {
                Match match = PersonMatcher.compare(record, records.get(candidate));
                if (match.isSure()
                        && PersonMatcher.mayJoin(
                                of(records, clusters.get(cluster[i])), of(records, clusters.get(cluster[candidate])))) {
                    join(cluster, clusters, i, candidate);
                } else if (match.grade() != Match.Grade.NO_MATCH) {
                    review.add(pair(i, candidate));
                }
            }
            int self = i;
            record.keys().forEach(key -> byKey.computeIfAbsent(key, k -> new ArrayList<>())
                    .add(self));
        }
        int right = 0;
        int wrong = 0;
        int missed = 0;
        int inReview = 0;
        int forbidden = 0;
        for (int i = 0; i < all.size(); i++) {
            for (int j = 0; j < i; j++) {
                boolean same = all.get(i).person() == all.get(j).person();
                boolean linked = cluster[i] == cluster[j];
                boolean automatic = all.get(i).automatic() && all.get(j).automatic();
                if (linked && !automatic) {
                    forbidden++;
                }
                if (linked && same) {
                    right++;
                } else if (linked) {
                    wrong++;
                } else if (same && automatic) {
                    missed++;
                    if (isInReview(review, clusters.get(cluster[i]), clusters.get(cluster[j]))) {
                        inReview++;
                    }
                }
            }
        }
        return new Quality(right, wrong, missed, inReview, review.size(), forbidden);
    }

    /** Whether a human is asked about the two persons: a decision there joins all records of both. */
    private static boolean isInReview(Set<Long> review, Set<Integer> one, Set<Integer> other) {
        return one.stream().anyMatch(i -> other.stream().anyMatch(j -> review.contains(pair(i, j))));
    }

    private static List<PersonRecord> of(List<PersonRecord> records, Set<Integer> members) {
        return members.stream().map(records::get).toList();
    }

    private static long pair(int i, int j) {
        return (long) Math.max(i, j) << 32 | Math.min(i, j);
    }

    private static void join(int[] cluster, List<Set<Integer>> clusters, int i, int j) {
        int into = cluster[j];
        int from = cluster[i];
        if (into != from) {
            for (int member : clusters.get(from)) {
                cluster[member] = into;
                clusters.get(into).add(member);
            }
            clusters.get(from).clear();
        }
    }

    @Test
    void EMPI_1_shouldLinkOneThousandTypicalPersons() {
        Quality quality = judge(TypicalPersons.generate(Integer.getInteger("persons", 1_000), 20261201, "T"));
        LOG.log(System.Logger.Level.INFO, "{0}", quality);
        assertThat(quality.precision()).as("precision of %s", quality).isGreaterThanOrEqualTo(0.99);
        assertThat(quality.recall()).as("recall of %s", quality).isGreaterThanOrEqualTo(0.95);
        assertThat(quality.forbidden())
                .as("newborns, nameless and foreigners in %s", quality)
                .isZero();
        assertThat(quality.missedInReview() / (double) Math.max(1, quality.missed()))
                .as("missed ones in review of %s", quality)
                .isGreaterThanOrEqualTo(0.9);
    }

    @Test
    void EMPI_1_shouldLinkAnotherThousandAsWell() {
        // Another seed: the rules are not fitted to one set.
        Quality quality = judge(TypicalPersons.generate(1_000, 7, "T"));
        assertThat(quality.precision()).as("precision of %s", quality).isGreaterThanOrEqualTo(0.99);
        assertThat(quality.recall()).as("recall of %s", quality).isGreaterThanOrEqualTo(0.95);
        assertThat(quality.forbidden()).isZero();
    }
}

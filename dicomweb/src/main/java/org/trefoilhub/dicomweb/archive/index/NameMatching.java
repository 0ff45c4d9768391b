package org.trefoilhub.dicomweb.archive.index;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.data.PersonName;

/**
 * How person names are folded for matching: NFKC, lower case, component groups between bars, as in {@code
 * |zhang^san|张^三|}.
 *
 * <p>Spec: DICOM PS3.4 section C.2.2.2.1 leaves case and accents of PN matching to the implementation.
 */
final class NameMatching {
    private NameMatching() {}

    /** The folded form kept in the index; {@code ||} for no name, so that it never equals a pattern by accident. */
    static String fold(@Nullable PersonName name) {
        if (name == null) {
            return "||";
        }
        StringBuilder folded = new StringBuilder("|");
        for (String group : List.of(name.alphabetic(), name.ideographic(), name.phonetic())) {
            if (!group.isEmpty()) {
                folded.append(foldText(group)).append('|');
            }
        }
        return folded.length() == 1 ? "||" : folded.toString();
    }

    /** Lower case, compatibility forms unified, separators of ours removed. */
    static String foldText(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFKC)
                .toLowerCase(Locale.ROOT)
                .replace('|', ' ')
                .strip();
    }

    /** Words for fuzzy matching: each component, each word of it, and each group written without separators. */
    static Set<String> words(@Nullable PersonName name) {
        Set<String> words = new LinkedHashSet<>();
        if (name == null) {
            return words;
        }
        for (String group : List.of(name.alphabetic(), name.ideographic(), name.phonetic())) {
            String folded = foldText(group);
            for (String word : folded.split("[\\^\\s,.]+")) {
                if (!word.isEmpty()) {
                    words.add(word);
                }
            }
            String joined = folded.replaceAll("[\\^\\s,.]+", "");
            if (!joined.isEmpty()) {
                words.add(joined);
            }
        }
        return words;
    }

    /** Words of a fuzzy query, folded; each must be the start of a word of the name. */
    static List<String> queryWords(String query) {
        List<String> words = new ArrayList<>();
        for (String word : foldText(query.replace("*", " ").replace("?", " ")).split("[\\^=\\s,.]+")) {
            if (!word.isEmpty()) {
                words.add(word);
            }
        }
        return words;
    }
}

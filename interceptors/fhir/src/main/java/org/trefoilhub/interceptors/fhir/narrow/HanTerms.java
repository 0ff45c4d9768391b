package org.trefoilhub.interceptors.fhir.narrow;

import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.rest.api.Constants;
import ca.uhn.fhir.rest.param.StringParam;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Words of {@code _content} and {@code _text} in Chinese script as the text index understands them.
 *
 * <p>The index holds Han characters one by one, and HAPI makes a prefix of every word, so that a word of two characters
 * would be looked for as the beginning of one character. A quoted phrase finds the characters side by side.
 */
final class HanTerms {

    /** What makes a value a query in its own syntax, which HAPI hands on as it is. */
    private static final String SYNTAX = "+|\"()~";

    private HanTerms() {}

    /** Rewrites the values of both parameters where they stand. */
    static void quote(SearchParameterMap search) {
        for (String parameter : List.of(Constants.PARAM_CONTENT, Constants.PARAM_TEXT)) {
            var values = search.get(parameter);
            if (values != null) {
                values.stream()
                        .flatMap(List::stream)
                        .filter(StringParam.class::isInstance)
                        .map(StringParam.class::cast)
                        .filter(value -> value.getValue() != null)
                        .forEach(value -> value.setValue(quoted(value.getValue())));
            }
        }
    }

    /**
     * A value whose words in Han script are phrases.
     *
     * @param value as the user typed it
     * @return the same when it holds no Han script or is a query in its own syntax
     */
    static String quoted(String value) {
        boolean syntax = value.strip().startsWith("-") || value.chars().anyMatch(c -> SYNTAX.indexOf(c) >= 0);
        if (syntax || value.codePoints().noneMatch(HanTerms::isHan)) {
            return value;
        }
        return Arrays.stream(value.replace('\u3000', ' ').strip().split("\\s+"))
                .map(HanTerms::term)
                .collect(Collectors.joining(" "));
    }

    private static String term(String word) {
        String bare = word.replace("\\", "").replaceAll("\\*+$", "");
        // One quoted phrase, and HAPI no longer makes prefixes of the other words.
        return bare.codePoints().anyMatch(HanTerms::isHan) ? '"' + bare + '"' : bare + "*";
    }

    private static boolean isHan(int codePoint) {
        return Character.UnicodeScript.of(codePoint) == Character.UnicodeScript.HAN;
    }
}

package org.trefoilhub.hub.smart.sso.scan;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a browser is called, from its User-Agent; enough for a person to recognize the own desk, and no more. */
final class Browsers {

    private static final List<String> NAMES = List.of("Edg", "OPR", "Firefox", "Chrome", "Safari");
    private static final List<String> SYSTEMS = List.of("Android", "iPhone", "Windows", "Mac OS X", "Linux");

    private Browsers() {}

    static String name(@Nullable String userAgent) {
        if (userAgent == null) {
            return "?";
        }
        return first(NAMES, userAgent) + " · " + first(SYSTEMS, userAgent);
    }

    private static String first(List<String> words, String userAgent) {
        return words.stream().filter(userAgent::contains).findFirst().orElse("?");
    }
}

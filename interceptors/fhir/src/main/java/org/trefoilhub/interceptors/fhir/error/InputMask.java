package org.trefoilhub.interceptors.fhir.error;

import ca.uhn.fhir.rest.api.server.RequestDetails;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Takes out of a message what the request brought along: values of parameters, ids, what stands in the body. Names of
 * parameters, elements and resource types stay, so that the message still tells what is wrong.
 *
 * <p>The messages of the FHIR library quote what they refuse, and an error body is written down in places where patient
 * data may not be. Works word by word: a word of three letters or digits and more that occurs in the input becomes
 * {@code …}, wherever it stands in the message.
 *
 * <p>Spec: none; our rule that no error body holds patient data.
 */
final class InputMask {

    private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{M}\\p{N}]{3,}|[\\p{IsHan}]+");
    private static final String MASK = "…";

    private final Set<String> words;
    private final Set<String> quoted = new HashSet<>();

    private InputMask(String message) {
        words = new HashSet<>();
        eachWord(message, words::add);
    }

    /**
     * The message without the words of the input.
     *
     * @param message what the library says
     * @param request what was asked, as far as it was understood; null masks nothing
     */
    static String mask(String message, @Nullable RequestDetails request) {
        if (request == null) {
            return message;
        }
        InputMask mask = new InputMask(message);
        mask.read(request);
        return mask.quoted.isEmpty() ? message : mask.applied(message);
    }

    private void read(RequestDetails request) {
        for (Map.Entry<String, String[]> parameter : request.getParameters().entrySet()) {
            for (String value : parameter.getValue()) {
                if (value != null) {
                    input(value);
                    beginnings(value);
                }
            }
        }
        String path = request.getRequestPath();
        if (path != null) {
            for (String segment : path.split("/")) {
                if (!request.getFhirContext().getResourceTypes().contains(segment)) {
                    input(segment);
                }
            }
        }
        for (String header : new String[] {"If-None-Exist", "If-Match", "Content-Type", "Accept"}) {
            String value = request.getHeader(header);
            if (value != null) {
                input(value);
            }
        }
        byte[] body = request.getRequestContentsIfLoaded();
        if (body != null) {
            body(new String(body, StandardCharsets.UTF_8));
        }
        request.getFhirContext().getResourceTypes().forEach(type -> quoted.remove(type.toLowerCase(Locale.ROOT)));
    }

    private void input(String text) {
        eachWord(text, word -> {
            if (words.contains(word)) {
                quoted.add(word);
            }
        });
    }

    /** The library also quotes the front part of a value, its prefix. */
    private void beginnings(String text) {
        eachWord(text, word -> {
            for (int length = 3; length < word.length() && length < 64; length++) {
                String beginning = word.substring(0, length);
                if (words.contains(beginning)) {
                    quoted.add(beginning);
                }
            }
        });
    }

    /** What a body says, whether JSON or XML: not the names of its members, elements and attributes. */
    private void body(String body) {
        if (body.stripLeading().startsWith("<")) {
            input(body.replaceAll("</?[\\w:.-]+|[\\w:.-]+(?==)", " "));
            return;
        }
        StringBuilder outside = new StringBuilder();
        int at = 0;
        while (at < body.length()) {
            char c = body.charAt(at);
            if (c != '"') {
                outside.append(c);
                at++;
                continue;
            }
            int end = endOfString(body, at + 1);
            String content = unescaped(body.substring(at + 1, Math.min(end, body.length())));
            at = end + 1;
            int next = at;
            while (next < body.length() && Character.isWhitespace(body.charAt(next))) {
                next++;
            }
            if (next >= body.length() || body.charAt(next) != ':') {
                input(content);
            }
            outside.append(' ');
        }
        input(outside.toString());
    }

    private static int endOfString(String body, int from) {
        int at = from;
        while (at < body.length() && body.charAt(at) != '"') {
            at += body.charAt(at) == '\\' ? 2 : 1;
        }
        return at;
    }

    private static String unescaped(String text) {
        if (text.indexOf('\\') < 0) {
            return text;
        }
        Matcher escapes = Pattern.compile("\\\\(?:u([0-9A-Fa-f]{4})|.)").matcher(text);
        return escapes.replaceAll(escape -> escape.group(1) == null
                ? " "
                : Matcher.quoteReplacement(String.valueOf((char) Integer.parseInt(escape.group(1), 16))));
    }

    private String applied(String message) {
        return WORD.matcher(message)
                .replaceAll(word -> quoted.contains(word.group().toLowerCase(Locale.ROOT))
                        ? MASK
                        : Matcher.quoteReplacement(word.group()));
    }

    private static void eachWord(String text, Consumer<String> consumer) {
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            consumer.accept(matcher.group().toLowerCase(Locale.ROOT));
        }
    }
}

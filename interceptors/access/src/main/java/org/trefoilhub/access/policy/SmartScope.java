package org.trefoilhub.access.policy;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One SMART scope for resources, such as {@code user/Observation.rs?category=laboratory}.
 *
 * <p>Spec: SMART App Launch 2.2, "Scopes for requesting FHIR Resources"; the forms of version 1 ({@code .read},
 * {@code .write}, {@code .*}) are read as {@code rs}, {@code cud} and {@code cruds}.
 *
 * @param context whose data
 * @param type resource type, or {@code *} for all
 * @param letters subset of {@code cruds} in that order
 * @param query query part without the question mark, or null
 */
public record SmartScope(Context context, String type, String letters, @Nullable String query) {

    /** The three contexts of a scope. */
    public enum Context {
        /** Data of the patient in context. */
        PATIENT,
        /** Data the user may see. */
        USER,
        /** Data the client may see on its own. */
        SYSTEM
    }

    /** Matches every type. */
    public static final String ANY_TYPE = "*";

    private static final Pattern SHAPE = Pattern.compile(
            "(patient|user|system)/([A-Z][A-Za-z]*|\\*)\\.(c?r?u?d?s?|read|write|\\*)(?:\\?(.+))?", Pattern.DOTALL);

    /** Whether a scope could speak of a type: a look at the text, for it costs less than to read it. */
    static boolean mayName(String scope, String resourceType) {
        int type = scope.indexOf('/') + 1;
        return scope.startsWith(resourceType, type) || scope.startsWith(ANY_TYPE, type);
    }

    /**
     * Reads a scope.
     *
     * @param scope text as granted
     * @return the scope; empty for scopes that name no resource ({@code openid}, {@code launch}) and for malformed ones,
     *     which therefore grant nothing
     */
    public static Optional<SmartScope> parse(String scope) {
        Matcher matcher = SHAPE.matcher(scope);
        if (!matcher.matches() || matcher.group(3).isEmpty()) {
            return Optional.empty();
        }
        Context context =
                switch (matcher.group(1)) {
                    case "patient" -> Context.PATIENT;
                    case "user" -> Context.USER;
                    default -> Context.SYSTEM;
                };
        String letters =
                switch (matcher.group(3)) {
                    case "read" -> "rs";
                    case "write" -> "cud";
                    case "*" -> "cruds";
                    default -> matcher.group(3);
                };
        return Optional.of(new SmartScope(context, matcher.group(2), letters, matcher.group(4)));
    }

    /**
     * Tells whether the scope speaks of an interaction on a type, whatever its context and query.
     *
     * @param letter one of {@code c r u d s}
     * @param resourceType FHIR resource type
     * @return true when both fit
     */
    public boolean covers(char letter, String resourceType) {
        return (type.equals(ANY_TYPE) || type.equals(resourceType)) && letters.indexOf(letter) >= 0;
    }

    /** The same scope, reading wherever it searches. */
    SmartScope searchIncludesRead() {
        if (letters.indexOf('s') < 0 || letters.indexOf('r') >= 0) {
            return this;
        }
        String withRead = letters.startsWith("c") ? "cr" + letters.substring(1) : "r" + letters;
        return new SmartScope(context, type, withRead, query);
    }

    @Override
    public String toString() {
        return switch (context) {
                    case PATIENT -> "patient";
                    case USER -> "user";
                    case SYSTEM -> "system";
                }
                + "/" + type + "." + letters + (query == null ? "" : "?" + query);
    }
}

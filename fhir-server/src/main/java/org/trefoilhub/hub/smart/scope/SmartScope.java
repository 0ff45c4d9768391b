package org.trefoilhub.hub.smart.scope;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One SMART scope for FHIR resources, such as {@code user/Patient.rs}, without a query part.
 *
 * <p>v1 forms are read as their v2 meaning: {@code read} = {@code rs}, {@code write} = {@code cud}, {@code *} =
 * {@code cruds}. Scopes with a query part are not read: nothing enforces their filter yet, and granting the scope
 * without its filter would grant more than was asked.
 *
 * @param context whose data
 * @param type FHIR resource type, or {@code *} for all
 * @param interactions letters out of {@code cruds}, in that order, at least one
 */
public record SmartScope(Context context, String type, String interactions) {

    /** Scopes that are no resource scopes and that the hub grants. */
    public static final Set<String> PLAIN = Set.of("openid", "profile", "fhirUser", "offline_access");

    private static final String ORDER = "cruds";
    private static final Pattern SYNTAX =
            Pattern.compile("(patient|user|system)/(\\*|[A-Z][A-Za-z]{1,63})\\.(read|write|\\*|c?r?u?d?s?)");

    /** Whose data a scope speaks of. */
    public enum Context {
        /** The patient in the launch context. */
        PATIENT,
        /** What the logged-in person may see. */
        USER,
        /** What the client itself may see. */
        SYSTEM;

        private String prefix() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * Reads a scope.
     *
     * @param text as requested
     * @return the scope, or empty when the text is not a resource scope without a query
     */
    public static Optional<SmartScope> parse(String text) {
        Matcher matcher = SYNTAX.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        String interactions =
                switch (matcher.group(3)) {
                    case "read" -> "rs";
                    case "write" -> "cud";
                    case "*" -> ORDER;
                    default -> matcher.group(3);
                };
        if (interactions.isEmpty()) {
            return Optional.empty();
        }
        Context context = Context.valueOf(matcher.group(1).toUpperCase(Locale.ROOT));
        return Optional.of(new SmartScope(context, matcher.group(2), interactions));
    }

    /**
     * What both scopes permit.
     *
     * @param other another scope
     * @return the common part, or empty when there is none
     */
    public Optional<SmartScope> intersect(SmartScope other) {
        if (context != other.context) {
            return Optional.empty();
        }
        String commonType;
        if (type.equals(other.type) || other.type.equals("*")) {
            commonType = type;
        } else if (type.equals("*")) {
            commonType = other.type;
        } else {
            return Optional.empty();
        }
        StringBuilder common = new StringBuilder();
        for (int i = 0; i < ORDER.length(); i++) {
            String letter = ORDER.substring(i, i + 1);
            if (interactions.contains(letter) && other.interactions.contains(letter)) {
                common.append(letter);
            }
        }
        return common.isEmpty()
                ? Optional.empty()
                : Optional.of(new SmartScope(context, commonType, common.toString()));
    }

    @Override
    public String toString() {
        return context.prefix() + "/" + type + "." + interactions;
    }
}

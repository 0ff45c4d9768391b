package org.trefoilhub.hub.smart.scope;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One SMART scope for FHIR resources, such as {@code user/Patient.rs} or
 * {@code patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory}.
 *
 * <p>v1 forms are read as their v2 meaning: {@code read} = {@code rs}, {@code write} = {@code cud}, {@code *} =
 * {@code cruds}. Of query parts the policy engine enforces {@code category=system|code}, with a comma between
 * alternatives. A scope with any other is not read: granting it without its filter would grant more than was asked.
 *
 * @param context whose data
 * @param type FHIR resource type, or {@code *} for all
 * @param interactions letters out of {@code cruds}, in that order, at least one
 * @param categories the categories that the resources must carry one of, as {@code system|code}; empty for any
 */
public record SmartScope(Context context, String type, String interactions, Set<String> categories) {

    /** Tells the app which patient, encounter and exams the person was working on when the app was opened. */
    public static final String LAUNCH = "launch";

    /** Asks for a patient to be chosen when the app was opened by itself. */
    public static final String LAUNCH_PATIENT = "launch/patient";

    /** Asks for an encounter to be chosen when the app was opened by itself. */
    public static final String LAUNCH_ENCOUNTER = "launch/encounter";

    /** A refresh token that is good as long as the grant. */
    public static final String OFFLINE = "offline_access";

    /** A refresh token that is good as long as the person is at work. */
    public static final String ONLINE = "online_access";

    /** Scopes that are no resource scopes and that the hub grants. */
    public static final Set<String> PLAIN =
            Set.of("openid", "profile", "fhirUser", OFFLINE, ONLINE, LAUNCH, LAUNCH_PATIENT, LAUNCH_ENCOUNTER);

    private static final String ORDER = "cruds";
    private static final String CATEGORY = "category=";
    private static final Pattern SYNTAX = Pattern.compile(
            "(patient|user|system)/(\\*|[A-Z][A-Za-z]{1,63})\\.(read|write|\\*|c?r?u?d?s?)(?:\\?(\\S{1,500}))?");
    private static final Pattern CODE = Pattern.compile("[^|,&\\s]+\\|[^|,&\\s]+");

    /** Keeps the order of the categories. */
    public SmartScope {
        categories = Collections.unmodifiableSet(new LinkedHashSet<>(categories));
    }

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
     * @return the scope, or empty when the text is not a resource scope or has a query that is not enforced
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
        return categories(matcher.group(4))
                .map(categories -> new SmartScope(context, matcher.group(2), interactions, categories));
    }

    private static Optional<Set<String>> categories(@Nullable String query) {
        if (query == null) {
            return Optional.of(Set.of());
        }
        if (!query.startsWith(CATEGORY)) {
            return Optional.empty();
        }
        List<String> codes = List.of(query.substring(CATEGORY.length()).split(",", -1));
        return codes.stream().allMatch(code -> CODE.matcher(code).matches())
                ? Optional.of(new LinkedHashSet<>(codes))
                : Optional.empty();
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
        Set<String> both = new LinkedHashSet<>(categories.isEmpty() ? other.categories : categories);
        if (!categories.isEmpty() && !other.categories.isEmpty()) {
            both.retainAll(other.categories);
            if (both.isEmpty()) {
                return Optional.empty();
            }
        }
        return common.isEmpty()
                ? Optional.empty()
                : Optional.of(new SmartScope(context, commonType, common.toString(), both));
    }

    @Override
    public String toString() {
        return context.prefix() + "/" + type + "." + interactions
                + (categories.isEmpty() ? "" : "?" + CATEGORY + String.join(",", categories));
    }
}

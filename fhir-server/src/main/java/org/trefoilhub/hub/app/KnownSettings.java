package org.trefoilhub.hub.app;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.type.filter.AnnotationTypeFilter;
import org.springframework.util.ClassUtils;

/**
 * Every setting under {@code trefoil}: the components of the hub's properties records and the few keys that are read by
 * name. Keys are compared as Spring Boot binds them, without regard to case and dashes.
 */
final class KnownSettings {

    private static final List<String> PACKAGES = List.of("org.trefoilhub.hub", "org.trefoilhub.dicomweb");

    /** Keys without a record, read where they are needed, and their defaults. */
    private static final Map<String, Optional<String>> READ_BY_NAME = Map.of(
            "trefoil.demo.data", Optional.empty(),
            "trefoil.demo.load", Optional.of("true"),
            "trefoil.bench.permit-all", Optional.of("false"));

    /** Settings of the past: key to advice. */
    private static final Map<String, String> RETIRED = Map.of();

    private final Map<String, Optional<String>> defaults = new TreeMap<>();
    private final Collection<ConfigurationPropertyName> open;
    private final Map<ConfigurationPropertyName, String> names = new HashMap<>();

    private KnownSettings(Collection<Class<?>> records) {
        defaults.putAll(READ_BY_NAME);
        List<ConfigurationPropertyName> maps = new ArrayList<>();
        for (Class<?> record : records) {
            String prefix = Objects.requireNonNull(record.getAnnotation(ConfigurationProperties.class))
                    .value();
            for (RecordComponent component : record.getRecordComponents()) {
                String key = prefix + "." + dashed(component.getName());
                defaults.put(key, Optional.ofNullable(defaultOf(record, component)));
                if (Map.class.isAssignableFrom(component.getType())
                        || Collection.class.isAssignableFrom(component.getType())) {
                    maps.add(ConfigurationPropertyName.of(key));
                }
            }
        }
        open = List.copyOf(maps);
        defaults.keySet().forEach(key -> names.put(ConfigurationPropertyName.of(key), key));
    }

    /** The settings of this hub, from its classes. */
    static KnownSettings ofTheHub() {
        ClassPathScanningCandidateComponentProvider scanner = new ClassPathScanningCandidateComponentProvider(false);
        // All records of settings are named so; other classes need not be opened.
        scanner.setResourcePattern("**/*Properties.class");
        scanner.addIncludeFilter(new AnnotationTypeFilter(ConfigurationProperties.class));
        List<Class<?>> records = new ArrayList<>();
        for (String name : PACKAGES) {
            for (BeanDefinition found : scanner.findCandidateComponents(name)) {
                records.add(ClassUtils.resolveClassName(
                        Objects.requireNonNull(found.getBeanClassName()), KnownSettings.class.getClassLoader()));
            }
        }
        return new KnownSettings(records);
    }

    /** Keys in dashed form with the default their record gives; empty = none. */
    Map<String, Optional<String>> defaults() {
        return Map.copyOf(defaults);
    }

    /** Whether something reads this key. */
    boolean knows(ConfigurationPropertyName key) {
        return names.containsKey(key) || open.stream().anyMatch(map -> map.isAncestorOf(key));
    }

    /** Whether an environment variable such as {@code TREFOIL_PUBLIC_URL} sets a key that something reads. */
    boolean knowsVariable(String variable) {
        String plain = plain(variable);
        return defaults.keySet().stream().anyMatch(key -> plain(key).equals(plain))
                || open.stream().anyMatch(map -> plain.startsWith(plain(map.toString())));
    }

    /** What to do about a key that nothing reads. */
    String advice(String key) {
        String retired = RETIRED.get(key);
        if (retired != null) {
            return retired;
        }
        String nearest = defaults.keySet().stream()
                .min(Comparator.comparingInt((String known) -> distance(known, key))
                        .thenComparing(Comparator.naturalOrder()))
                .orElseThrow();
        return "did you mean `" + nearest + "`? docs/configuration.md lists all settings";
    }

    private static String plain(String name) {
        return name.replaceAll("[._-]", "").toLowerCase(Locale.ROOT);
    }

    private static String dashed(String component) {
        return component.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }

    /** Annotations of a record's components that aim at parameters are found on the canonical constructor alone. */
    private static @Nullable String defaultOf(Class<?> record, RecordComponent component) {
        Class<?>[] types = Arrays.stream(record.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        int index = Arrays.stream(record.getRecordComponents())
                .map(RecordComponent::getName)
                .toList()
                .indexOf(component.getName());
        try {
            DefaultValue value =
                    record.getDeclaredConstructor(types).getParameters()[index].getAnnotation(DefaultValue.class);
            return value == null ? null : String.join(",", value.value());
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(record + " is no record", e);
        }
    }

    /** Levenshtein distance. */
    private static int distance(String a, String b) {
        int[] previous = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int[] current = new int[b.length() + 1];
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
            }
            previous = current;
        }
        return previous[b.length()];
    }
}

package org.trefoilhub.hub.app;

import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.config.BeanFactoryPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Profiles;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * Refuses settings before any part of the hub starts: a key under {@code trefoil} that nothing reads, which would look
 * as if it did something, and in profile {@code prod} an H2 database, an audit that is switched off or a switch of a
 * measurement.
 *
 * <p>Environment variables are only warned about: other programs, such as the launcher, have some of their own that
 * begin with {@code TREFOIL_}.
 */
final class SettingsCheck implements BeanFactoryPostProcessor {

    private static final Logger log = LoggerFactory.getLogger(SettingsCheck.class);
    private static final ConfigurationPropertyName ROOT = ConfigurationPropertyName.of("trefoil");
    private static final String VARIABLES = "TREFOIL_";

    private final ConfigurableEnvironment environment;

    SettingsCheck(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    @Override
    public void postProcessBeanFactory(ConfigurableListableBeanFactory beanFactory) {
        refuseUnknownKeys(KnownSettings.ofTheHub());
        refuseDemoDatabase();
        refuseBenchSwitches();
        refuseMissingAudit();
    }

    /**
     * Looks at every source of settings that can list its keys.
     *
     * @throws SettingsException when a key is unknown or retired
     */
    void refuseUnknownKeys(KnownSettings known) {
        TreeSet<String> unknown = new TreeSet<>();
        for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
            if (source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource variables) {
                warnOfVariables(variables, known);
            } else if (source instanceof IterableConfigurationPropertySource keys) {
                keys.stream()
                        .filter(key -> ROOT.isAncestorOf(key) && !known.knows(key))
                        .forEach(key -> unknown.add(key.toString()));
            }
        }
        if (!unknown.isEmpty()) {
            String first = unknown.first();
            throw new SettingsException(
                    SettingsErrorCode.UNKNOWN_KEY,
                    "unknown settings `" + String.join("`, `", unknown) + "`",
                    known.advice(first));
        }
    }

    /**
     * Looks at the database of a production hub.
     *
     * @throws SettingsException when it is H2, which promises nothing after a loss of power
     */
    void refuseDemoDatabase() {
        String url = Objects.requireNonNullElse(environment.getProperty("spring.datasource.url"), "");
        if (environment.acceptsProfiles(Profiles.of("prod"))
                && url.strip().toLowerCase(Locale.ROOT).startsWith("jdbc:h2:")) {
            throw new SettingsException(
                    SettingsErrorCode.DEMO_DATABASE,
                    "profile `prod` does not start with an H2 database",
                    "set `TREFOIL_DATABASE_URL` to a PostgreSQL database, such as jdbc:postgresql://db:5432/trefoil");
        }
    }

    /**
     * Looks for what only a measurement may switch.
     *
     * @throws SettingsException when a production hub is told to permit everything
     */
    void refuseBenchSwitches() {
        if (environment.acceptsProfiles(Profiles.of("prod"))
                && environment.getProperty("trefoil.bench.permit-all") != null) {
            throw new SettingsException(
                    SettingsErrorCode.BENCH_SWITCH,
                    "profile `prod` does not start with `trefoil.bench.permit-all`",
                    "take the setting out; it is for measuring what policies cost");
        }
    }

    /**
     * Looks at the audit of a production hub.
     *
     * @throws SettingsException when it is switched off
     */
    void refuseMissingAudit() {
        boolean audited = environment.getProperty("trefoil.audit.enabled", Boolean.class, true);
        if (environment.acceptsProfiles(Profiles.of("prod")) && !audited) {
            throw new SettingsException(
                    SettingsErrorCode.NO_AUDIT,
                    "profile `prod` does not start without its audit",
                    "remove `trefoil.audit.enabled`; it is for measurements only");
        }
    }

    private static void warnOfVariables(SystemEnvironmentPropertySource variables, KnownSettings known) {
        for (String name : variables.getPropertyNames()) {
            if (name.startsWith(VARIABLES) && !isOfTheLauncher(name) && !known.knowsVariable(name)) {
                log.warn("the environment variable {} sets nothing in this hub", name);
            }
        }
    }

    /** Read by {@code application-prod.yaml}, the launcher or the composition of containers. */
    private static boolean isOfTheLauncher(String name) {
        return name.startsWith("TREFOIL_DATABASE_")
                || name.startsWith("TREFOIL_DB_")
                || name.equals("TREFOIL_JAVA_OPTS");
    }
}

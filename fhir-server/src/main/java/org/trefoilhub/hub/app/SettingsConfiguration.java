package org.trefoilhub.hub.app;

import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.ConfigurableEnvironment;

/** Checks the settings before any other bean is made. */
@Configuration(proxyBeanMethods = false)
class SettingsConfiguration {

    @Bean
    static SettingsCheck settingsCheck(ConfigurableEnvironment environment) {
        return new SettingsCheck(environment);
    }
}

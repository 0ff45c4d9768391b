package org.trefoilhub.hub.app;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.boot.autoconfigure.elasticsearch.ElasticsearchRestClientAutoConfiguration;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.autoconfigure.quartz.QuartzAutoConfiguration;
import org.springframework.boot.autoconfigure.thymeleaf.ThymeleafAutoConfiguration;
import org.springframework.boot.context.properties.ConfigurationPropertiesScan;
import org.springframework.context.annotation.Import;
import org.trefoilhub.dicomweb.DicomwebConfiguration;

/**
 * The Trefoil Hub application.
 *
 * <p>Profiles: {@code demo} (H2 file, demo accounts, loopback only) and {@code prod} (configuration from outside).
 * Without a profile the hub starts with the defaults of {@code application.yaml} and no accounts.
 */
@SpringBootApplication(
        scanBasePackages = "org.trefoilhub.hub",
        exclude = {
            QuartzAutoConfiguration.class,
            ThymeleafAutoConfiguration.class,
            ElasticsearchRestClientAutoConfiguration.class,
            // The schema "trefoil" has its own explicit Flyway bean; HAPI's schema has HAPI's migrator.
            FlywayAutoConfiguration.class
        })
@ConfigurationPropertiesScan("org.trefoilhub.hub")
@Import(DicomwebConfiguration.class)
public class TrefoilHub {

    /**
     * Starts the hub and blocks until it is stopped.
     *
     * @param args Spring Boot command line, e.g. {@code --spring.profiles.active=demo --server.port=8080}
     */
    public static void main(String[] args) {
        SpringApplication.run(TrefoilHub.class, args);
    }
}

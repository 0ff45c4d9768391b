package org.trefoilhub.hub.smart;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.data.jpa.JpaRepositoriesAutoConfiguration;
import org.springframework.boot.autoconfigure.elasticsearch.ElasticsearchRestClientAutoConfiguration;
import org.springframework.boot.autoconfigure.flyway.FlywayAutoConfiguration;
import org.springframework.boot.autoconfigure.orm.jpa.HibernateJpaAutoConfiguration;
import org.springframework.boot.autoconfigure.quartz.QuartzAutoConfiguration;
import org.springframework.boot.autoconfigure.thymeleaf.ThymeleafAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.hub.app.HubProperties;

/**
 * The identity of the hub without its storage: the real chains, login page and authorization server before doors that
 * answer with the subject they were given.
 */
final class SmartFixture implements AutoCloseable {

    /** Set here alone, so that a test of the whole hub does not find these doors by scanning. */
    private static final String ALONE = "smart-fixture";

    private final ConfigurableApplicationContext context;
    private final String base;

    private SmartFixture(ConfigurableApplicationContext context, String base) {
        this.context = context;
        this.base = base;
    }

    /** Starts on a free port with its own home; the same home and port make a restart. */
    static SmartFixture start(Path home, int port, String profile, Map<String, String> more) {
        String base = "http://localhost:" + port;
        Map<String, Object> properties = new TreeMap<>(more);
        properties.put(ALONE, true);
        properties.put("server.port", port);
        properties.put("trefoil.public-url", base);
        properties.put("trefoil.home", home.toString());
        properties.put("spring.datasource.url", "jdbc:h2:file:" + home + "/db;WRITE_DELAY=0");
        properties.put("spring.main.banner-mode", "off");
        properties.put("spring.config.location", "optional:file:./none/");
        properties.put("logging.level.root", "warn");
        ConfigurableApplicationContext context = new SpringApplicationBuilder(Hub.class)
                .profiles(profile)
                .properties(properties)
                .run();
        return new SmartFixture(context, base);
    }

    static int freePort() {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    String base() {
        return base;
    }

    /** Puts the hub's clock forward. */
    void forward(Duration step) {
        bean(MovableClock.class).forward(step);
    }

    <T> T bean(Class<T> type) {
        return context.getBean(type);
    }

    @Override
    public void close() {
        context.close();
    }

    /** Doors that tell whom they were given. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(SmartFixture.ALONE)
    @EnableAutoConfiguration(
            exclude = {
                HibernateJpaAutoConfiguration.class,
                JpaRepositoriesAutoConfiguration.class,
                QuartzAutoConfiguration.class,
                ThymeleafAutoConfiguration.class,
                ElasticsearchRestClientAutoConfiguration.class,
                FlywayAutoConfiguration.class
            })
    @ComponentScan("org.trefoilhub.hub.smart.sso")
    @EnableConfigurationProperties({SmartProperties.class, HubProperties.class})
    @Import({
        SmartConfiguration.class,
        SessionChainConfiguration.class,
        DoorChainConfiguration.class,
        LoginController.class,
        PositionController.class,
        ClientKeyController.class,
        AppController.class,
        LaunchController.class,
        StyleController.class,
        Echo.class
    })
    static class Hub {
        @Bean
        MovableClock clock() {
            return new MovableClock();
        }

        /** Without the storage there is nothing to launch with. */
        @Bean
        LaunchRecords launchRecords() {
            return new LaunchRecords() {
                @Override
                public boolean areVisible(Subject subject, List<String> references, String patient) {
                    return false;
                }

                @Override
                public List<FoundPatient> patients(Subject subject, String text) {
                    return List.of();
                }

                @Override
                public Optional<FoundPatient> patient(Subject subject, String id) {
                    return Optional.empty();
                }

                @Override
                public List<FoundEncounter> encounters(Subject subject, String patient) {
                    return List.of();
                }
            };
        }
    }

    @RestController
    @ConditionalOnProperty(SmartFixture.ALONE)
    static class Echo {
        record Answer(
                String client,
                String user,
                Set<String> roles,
                Set<String> departments,
                String clearance,
                Set<String> scopes,
                String session) {}

        @RequestMapping({
            "/fhir/Patient",
            "/fhir/Binary/{id}",
            "/dicom-web/studies",
            "/ws/hub",
            "/iid/view",
            "/events",
            "/cds-services/hook",
            "/websocket"
        })
        Answer subject(Subject subject) {
            return new Answer(
                    subject.client(),
                    String.valueOf(subject.user()),
                    subject.roles(),
                    subject.departments(),
                    subject.clearance().name(),
                    subject.scopes(),
                    String.valueOf(subject.sessionId()));
        }

        @RequestMapping({"/fhir/metadata", "/cds-services", "/console/", "/viewer/", "/ig/"})
        String open() {
            return "open";
        }
    }
}

package org.trefoilhub.dicomweb.dimse;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.trefoilhub.access.policy.AccessRequest;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Environment;
import org.trefoilhub.access.policy.PolicyDecision;
import org.trefoilhub.access.policy.PolicyEngine;
import org.trefoilhub.access.policy.PolicySource;
import org.trefoilhub.access.policy.ResourceKind;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.dicomweb.DicomwebConfiguration;
import org.trefoilhub.dicomweb.archive.Archive;
import org.trefoilhub.dicomweb.archive.ArchiveSession;
import org.trefoilhub.dicomweb.archive.DimsePeers;

/**
 * The real archive on H2 with its DIMSE door on a free loopback port. Peers are {@code MODALITY}, which may do everything,
 * and {@code VIEWER}, which may save nothing.
 */
final class DimseArchive implements AutoCloseable {

    private static final Subject MODALITY = Subject.device("modality", Clearance.N);
    private static final Subject VIEWER = Subject.device("viewer", Clearance.N);

    private final ConfigurableApplicationContext context;

    DimseArchive(Path folder) {
        context = new SpringApplicationBuilder(Wiring.class)
                .web(WebApplicationType.NONE)
                .registerShutdownHook(false)
                .properties(Map.of(
                        "spring.datasource.url",
                        "jdbc:h2:file:" + folder.resolve("db") + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE",
                        "spring.flyway.enabled",
                        "false",
                        "spring.jmx.enabled",
                        "false",
                        "spring.main.banner-mode",
                        "off",
                        "logging.level.root",
                        "warn",
                        "trefoil.public-url",
                        "http://localhost:8080",
                        "trefoil.archive.root",
                        folder.resolve("blobs").toString(),
                        "trefoil.dimse.port",
                        "0",
                        "trefoil.dimse.bind-address",
                        "127.0.0.1"))
                .run();
    }

    InetSocketAddress address() {
        return context.getBean(DimseDoor.class).address();
    }

    ArchiveSession session() {
        return context.getBean(Archive.class).as(MODALITY, Door.DIMSE);
    }

    @Override
    public void close() {
        context.close();
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(DicomwebConfiguration.class)
    static class Wiring {
        @Bean
        Clock clock() {
            return Clock.systemUTC();
        }

        @Bean
        DimsePeers dimsePeers() {
            return (String calling, String called, InetAddress address) -> switch (calling) {
                case "MODALITY" -> Optional.of(MODALITY);
                case "VIEWER" -> Optional.of(VIEWER);
                default -> Optional.empty();
            };
        }

        @Bean
        PolicySource policies() {
            PolicyEngine engine = new PolicyEngine() {
                @Override
                public PolicyDecision decide(AccessRequest request) {
                    boolean permitted = permits(request.subject(), request.action());
                    return new PolicyDecision(
                            permitted ? PolicyDecision.Outcome.PERMIT : PolicyDecision.Outcome.DENY,
                            Set.of(),
                            "as the test wants it",
                            Set.of(),
                            List.of(),
                            1);
                }

                @Override
                public AccessScope scope(Subject subject, Action action, ResourceKind kind, Environment environment) {
                    return permits(subject, action)
                            ? new AccessScope.All()
                            : new AccessScope.None("as the test wants it");
                }
            };
            return () -> engine;
        }

        private static boolean permits(Subject subject, Action action) {
            return action != Action.SAVE || subject.equals(MODALITY);
        }
    }
}

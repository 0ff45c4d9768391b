package org.trefoilhub.hub.audit;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.interceptor.api.IInterceptorService;
import ca.uhn.fhir.rest.server.RestfulServer;
import jakarta.servlet.DispatcherType;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.util.function.SingletonSupplier;
import org.trefoilhub.access.audit.AgentNames;
import org.trefoilhub.access.audit.AuditRecord;
import org.trefoilhub.access.audit.AuditTrail;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.dicomweb.archive.ArchiveObserver;
import org.trefoilhub.dicomweb.archive.StudyPatients;
import org.trefoilhub.hub.app.HubProperties;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;
import org.trefoilhub.interceptors.fhir.subject.SubjectProvider;

/** Puts the audit before the doors. */
@Configuration(proxyBeanMethods = false)
class AuditConfiguration {

    /** Everything but a measurement has an audit. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "trefoil.audit.enabled", matchIfMissing = true)
    static class Enabled {

        @Bean(initMethod = "migrate")
        Flyway auditFlyway(DataSource dataSource) {
            return AuditTable.flyway(dataSource);
        }

        @Bean
        AuditTable auditTable(DataSource dataSource, Flyway auditFlyway) {
            return new AuditTable(dataSource);
        }

        @Bean
        GroupedAuditTrail auditTrail(AuditTable table, DataSource dataSource, Clock clock, AuditProperties settings) {
            return new GroupedAuditTrail(table, alone(dataSource), clock, settings.queue(), settings.patience());
        }

        @Bean
        AuditCheckpoint auditCheckpoint(AuditProperties settings, HubProperties hub) {
            return new AuditCheckpoint(
                    settings.checkpoint() == null ? hub.home().resolve("audit/checkpoint") : settings.checkpoint());
        }

        @Bean
        AuditSealer auditSealer(
                AuditTable table, DataSource dataSource, AuditCheckpoint checkpoint, AuditProperties settings) {
            AuditSealer sealer = new AuditSealer(table, alone(dataSource), checkpoint);
            sealer.start(settings.sealInterval());
            return sealer;
        }

        @Bean
        AuditVerifier auditVerifier(AuditTable table, AuditCheckpoint checkpoint) {
            return new AuditVerifier(table, checkpoint);
        }

        @Bean
        OperatorDoor operatorDoor(HubProperties hub, AuditSealer sealer, AuditVerifier verifier) {
            return new OperatorDoor(hub.home(), sealer, verifier);
        }

        @Bean
        FilterRegistrationBean<OperatorDoor> operatorDoorFilter(OperatorDoor door) {
            FilterRegistrationBean<OperatorDoor> filter = new FilterRegistrationBean<>(door);
            filter.setDispatcherTypes(DispatcherType.REQUEST);
            // Behind the audit, before the security chains, which do not know the operator's token.
            filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 21);
            return filter;
        }

        @Bean
        FhirAuditHooks fhirAuditHooks(
                AuditTrail trail,
                ObjectProvider<SubjectProvider> subjects,
                RestfulServer server,
                IInterceptorService storage,
                FhirContext context,
                HubProperties hub) {
            FhirAuditHooks hooks =
                    new FhirAuditHooks(trail, new RequestSubjects(subjects(subjects)), context, hub.canonical());
            server.registerInterceptor(hooks);
            storage.registerInterceptor(new StorageAuditHooks(hooks));
            return hooks;
        }

        @Bean
        AuditEventProvider auditEventProvider(
                AuditTable table,
                GroupedAuditTrail trail,
                AuditSealer sealer,
                FhirContext context,
                HubProperties hub,
                AgentNames agents,
                RestfulServer server) {
            AuditEventMapper mapper = new AuditEventMapper(context, hub.canonical(), TimeZone.getTimeZone(hub.zone()));
            AuditEventProvider provider = new AuditEventProvider(
                    table, trail, sealer, mapper, context, hub.zone(), hub.fhirBase(), agents::of);
            server.registerProvider(provider);
            return provider;
        }

        @Bean
        ArchiveObserver archiveObserver() {
            return new ArchiveObserver() {
                @Override
                public void touched(Action action, Collection<String> studies) {
                    RequestAudit.current().ifPresent(audit -> {
                        audit.addStudies(studies);
                        if (action != Action.VIEW) {
                            audit.intent(action);
                        }
                    });
                }

                @Override
                public void shown(String study, @Nullable String patient) {
                    RequestAudit.current().ifPresent(audit -> audit.addStudy(study, patient));
                }
            };
        }

        @Bean
        FilterRegistrationBean<AuditFilter> auditFilter(
                AuditTrail trail, ObjectProvider<SubjectProvider> subjects, ObjectProvider<StudyPatients> archive) {
            Supplier<StudyPatients> patients = SingletonSupplier.of(archive::getObject);
            HttpEvents events = new HttpEvents(studies -> patients.get().of(studies));
            FilterRegistrationBean<AuditFilter> filter =
                    new FilterRegistrationBean<>(new AuditFilter(trail, subjects(subjects), events));
            filter.setDispatcherTypes(DispatcherType.REQUEST);
            filter.setAsyncSupported(true);
            // Before the security chains, whose refusals are events; after the filters that only name and redirect
            // pages.
            filter.setOrder(Ordered.HIGHEST_PRECEDENCE + 20);
            return filter;
        }
    }

    /** No audit: for measurements of what it costs. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(name = "trefoil.audit.enabled", havingValue = "false")
    static class Disabled {

        @Bean
        AuditTrail auditTrail() {
            return new AuditTrail() {
                @Override
                public void write(AuditRecord event) {
                    // Nothing is recorded, as was asked for.
                }

                @Override
                public void record(List<AuditRecord> events) {
                    // Nothing is recorded, as was asked for.
                }
            };
        }
    }

    /** Transactions of their own, whatever the thread has open; JPA is not needed for them. */
    private static TransactionTemplate alone(DataSource dataSource) {
        return new TransactionTemplate(new JdbcTransactionManager(dataSource));
    }

    /** Looked up late: the security needs much that needs the audit. */
    private static SubjectProvider subjects(ObjectProvider<SubjectProvider> provider) {
        Supplier<Optional<SubjectProvider>> known =
                SingletonSupplier.of(() -> Optional.ofNullable(provider.getIfAvailable()));
        return new SubjectProvider() {
            @Override
            public Optional<Subject> of(HttpServletRequest request) {
                return known.get().flatMap(security -> security.of(request));
            }

            @Override
            public Optional<Subject> ofClient(String client) {
                return known.get().flatMap(security -> security.ofClient(client));
            }
        };
    }
}

package org.trefoilhub.hub.app;

import ca.uhn.fhir.batch2.api.IJobCoordinator;
import ca.uhn.fhir.interceptor.api.IInterceptorService;
import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.rest.server.RestfulServer;
import jakarta.persistence.EntityManager;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.Optional;
import javax.sql.DataSource;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.context.event.ApplicationStartedEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.trefoilhub.access.policy.PolicySource;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.enforce.FhirEnforcement;
import org.trefoilhub.interceptors.fhir.enforce.NotificationGate;
import org.trefoilhub.interceptors.fhir.facts.FactBackfill;
import org.trefoilhub.interceptors.fhir.facts.FactRecorder;
import org.trefoilhub.interceptors.fhir.facts.FactStore;
import org.trefoilhub.interceptors.fhir.facts.StoredMeta;
import org.trefoilhub.interceptors.fhir.mask.StoredIdentities;
import org.trefoilhub.interceptors.fhir.subject.SubjectProvider;

/** Puts the policy engine in front of the FHIR door. Without policies and without identities nothing is permitted. */
@Configuration(proxyBeanMethods = false)
class PolicyConfiguration {

    @Bean
    FactStore factStore(DataSource dataSource, HubProperties hub) {
        return new FactStore(dataSource, hub.canonical(), hub.fhirBase(), hub.zone());
    }

    @Bean
    FactRecorder factRecorder(FactStore facts, EntityManager entities, DataSource dataSource) {
        return new FactRecorder(facts, new StoredMeta(entities, dataSource));
    }

    @Bean
    FactBackfill factBackfill(
            FactRecorder recorder, DaoRegistry daos, DataSource dataSource, PlatformTransactionManager transactions) {
        return new FactBackfill(recorder, daos, dataSource, transactions);
    }

    /** Resources older than the tables of facts get theirs before the first request. */
    @Bean
    ApplicationListener<ApplicationStartedEvent> factBackfillAtStart(FactBackfill backfill) {
        return event -> backfill.run();
    }

    @Bean
    FhirEnforcement fhirEnforcement(
            RestfulServer server,
            IInterceptorService storage,
            PolicySource policies,
            ObjectProvider<SubjectProvider> subjects,
            Clock clock,
            FactStore facts,
            FactRecorder recorder,
            DaoRegistry daos,
            IJobCoordinator jobs,
            HubProperties hub) {
        return FhirEnforcement.register(
                server,
                storage,
                policies,
                subjects.getIfAvailable(Nobody::new),
                clock,
                facts,
                new StoredIdentities(daos),
                hub.fhirBase(),
                new StoredOwners(jobs, facts),
                recorder);
    }

    @Bean
    NotificationGate notificationGate(FhirEnforcement enforcement) {
        return enforcement.notifications();
    }

    /** Knows no one, so that a hub whose identities are not wired refuses everything. */
    private static final class Nobody implements SubjectProvider {
        @Override
        public Optional<Subject> of(HttpServletRequest request) {
            return Optional.empty();
        }

        @Override
        public Optional<Subject> ofClient(String client) {
            return Optional.empty();
        }
    }
}

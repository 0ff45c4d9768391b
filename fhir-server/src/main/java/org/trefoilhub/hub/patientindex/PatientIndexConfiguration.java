package org.trefoilhub.hub.patientindex;

import ca.uhn.fhir.interceptor.api.IInterceptorService;
import ca.uhn.fhir.jpa.api.config.JpaStorageSettings;
import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.jpa.model.config.PartitionSettings;
import ca.uhn.fhir.rest.server.RestfulServer;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.trefoilhub.access.policy.CurrentPolicies;
import org.trefoilhub.hub.app.HubProperties;
import org.trefoilhub.interceptors.fhir.facts.FactStore;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;
import org.trefoilhub.interceptors.fhir.subject.SubjectProvider;

/** Puts the patient index together. */
@Configuration(proxyBeanMethods = false)
class PatientIndexConfiguration {

    /** Takes the place of HAPI's own. */
    @Primary
    @Bean
    PersonTokenExtractor personTokenExtractor(PartitionSettings partitions, JpaStorageSettings settings) {
        return new PersonTokenExtractor(partitions, settings);
    }

    @Bean
    IdentifierSpelling identifierSpelling(IInterceptorService storage) {
        IdentifierSpelling spelling = new IdentifierSpelling();
        storage.registerInterceptor(spelling);
        return spelling;
    }

    @Bean
    LinkTable personLinkTable(JdbcClient jdbc) {
        return new LinkTable(jdbc);
    }

    @Bean
    PatientIndex patientIndex(LinkTable table, DaoRegistry daos, PlatformTransactionManager transactions, Clock clock) {
        return new PatientIndex(table, new GoldenRecords(daos), new TransactionTemplate(transactions), clock);
    }

    @Bean
    PatientIndexHooks patientIndexHooks(
            LinkTable table, FactStore facts, PatientIndexProperties properties, IInterceptorService storage) {
        PatientIndexHooks hooks = new PatientIndexHooks(table, facts, properties.automatic());
        storage.registerInterceptor(hooks);
        return hooks;
    }

    @ConditionalOnProperty(name = "trefoil.patient-index.automatic", havingValue = "true", matchIfMissing = true)
    @Bean
    PatientIndexWorker patientIndexWorker(PatientIndex index, LinkTable table, PatientIndexProperties properties) {
        return new PatientIndexWorker(index, table, properties.pollInterval());
    }

    @Bean
    PatientTimeline patientTimeline(
            RestfulServer server, DaoRegistry daos, PatientIndexHooks identities, HubProperties hub) {
        PatientTimeline timeline = new PatientTimeline(daos, identities, hub.fhirBase());
        server.registerProvider(timeline);
        return timeline;
    }

    @Bean
    PatientIndexOperations patientIndexOperations(
            RestfulServer server,
            PatientIndex index,
            ObjectProvider<SubjectProvider> subjects,
            CurrentPolicies policies,
            FactStore facts,
            Clock clock) {
        PatientIndexOperations operations =
                new PatientIndexOperations(index, new RequestSubjects(subjects.getObject()), policies, facts, clock);
        server.registerProvider(operations);
        return operations;
    }
}

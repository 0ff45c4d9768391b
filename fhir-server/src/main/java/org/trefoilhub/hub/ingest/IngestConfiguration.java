package org.trefoilhub.hub.ingest;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.interceptor.api.IInterceptorService;
import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.Locale;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.trefoilhub.access.audit.AuditTrail;
import org.trefoilhub.access.policy.CurrentPolicies;
import org.trefoilhub.connectors.ingest.ResourceSink;
import org.trefoilhub.connectors.mapping.Names;
import org.trefoilhub.hub.app.HubProperties;
import org.trefoilhub.hub.workflow.TransitionListener;
import org.trefoilhub.hub.workflow.WorkflowService;
import org.trefoilhub.interceptors.fhir.facts.FactStore;

/** Puts the HL7 v2 door together. */
@Configuration(proxyBeanMethods = false)
class IngestConfiguration {

    @Bean(initMethod = "migrate")
    Flyway ingestFlyway(DataSource dataSource) {
        // Flyway quotes the name, our SQL does not: it must be spelled as the database folds it.
        String schema;
        try {
            boolean folds =
                    JdbcUtils.extractDatabaseMetaData(dataSource, metaData -> metaData.storesUpperCaseIdentifiers());
            schema = folds ? "trefoil".toUpperCase(Locale.ROOT) : "trefoil";
        } catch (MetaDataAccessException e) {
            throw new IllegalStateException("the hub's database cannot be reached", e);
        }
        return Flyway.configure()
                .dataSource(dataSource)
                .schemas(schema)
                .defaultSchema(schema)
                .createSchemas(true)
                .table("ingest_history")
                .locations("classpath:org/trefoilhub/hub/ingest")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load();
    }

    @Bean
    MessageLog messageLog(JdbcClient jdbc, Clock clock, Flyway ingestFlyway) {
        return new MessageLog(jdbc, clock);
    }

    @Bean
    Outbox hl7Outbox(JdbcClient jdbc, Clock clock, Flyway ingestFlyway) {
        return new Outbox(jdbc, clock);
    }

    @Bean
    Hl7Receivers hl7Receivers(DaoRegistry daos, HubProperties hub, IInterceptorService storage) {
        Hl7Receivers receivers = new Hl7Receivers(new IngestStore(daos), hub.canonical());
        storage.registerInterceptor(receivers);
        return receivers;
    }

    @Bean
    TransitionListener outgoingSteps(Outbox hl7Outbox, Hl7Receivers receivers) {
        return new OutgoingSteps(hl7Outbox, receivers);
    }

    @Bean
    ResourceSink resourceSink(
            DaoRegistry daos,
            MessageLog messages,
            WorkflowService workflow,
            CurrentPolicies policies,
            FactStore facts,
            PlatformTransactionManager transactions,
            FhirContext context,
            Hl7v2Properties settings,
            HubProperties hub,
            Clock clock) {
        return new FhirResourceSink(
                new IngestStore(daos),
                messages,
                new WorkflowExamProcess(workflow, hub.canonical() + "/sid/message"),
                policies,
                facts,
                new TransactionTemplate(transactions),
                context,
                settings,
                clock);
    }

    @Bean
    @ConditionalOnProperty(name = "trefoil.hl7v2.enabled", matchIfMissing = true)
    Hl7Door hl7Door(
            Environment environment,
            Hl7v2Properties settings,
            DaoRegistry daos,
            MessageLog messages,
            ResourceSink sink,
            PlatformTransactionManager transactions,
            HubProperties hub,
            Clock clock,
            AuditTrail trail) {
        IngestStore store = new IngestStore(daos);
        Names names = new Names(hub.canonical());
        return new Hl7Door(
                bindAddress(settings, environment),
                settings,
                new DeviceSenders(store, hub.canonical()),
                messages,
                new Quarantine(store, names, new TransactionTemplate(transactions), clock),
                sink,
                new StoredDictionary(store, names),
                names,
                hub.zone(),
                clock,
                trail);
    }

    @Bean
    OutboxSender outboxSender(
            Outbox hl7Outbox,
            Hl7Receivers receivers,
            DaoRegistry daos,
            CurrentPolicies policies,
            FactStore facts,
            AuditTrail trail,
            Hl7v2Properties settings,
            HubProperties hub,
            Clock clock,
            ObjectProvider<Hl7Door> door) {
        return new OutboxSender(
                hl7Outbox,
                receivers,
                new OutgoingMessages(new IngestStore(daos), new Names(hub.canonical()), hub.zone(), clock),
                policies,
                facts,
                trail,
                settings,
                clock,
                () -> door.ifAvailable(Hl7Door::retryDue));
    }

    private static InetSocketAddress bindAddress(Hl7v2Properties settings, Environment environment) {
        String address = settings.bindAddress();
        if (address == null || address.isBlank()) {
            address = environment.getProperty("server.address", "");
        }
        return address.isBlank()
                ? new InetSocketAddress(settings.port())
                : new InetSocketAddress(address, settings.port());
    }
}

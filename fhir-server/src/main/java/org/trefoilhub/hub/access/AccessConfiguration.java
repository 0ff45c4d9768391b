package org.trefoilhub.hub.access;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.interceptor.api.IInterceptorService;
import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.rest.server.RestfulServer;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.hl7.fhir.r4.model.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.CurrentPolicies;
import org.trefoilhub.access.policy.PolicyOptions;
import org.trefoilhub.access.policy.PolicySet;
import org.trefoilhub.access.policy.Vocabulary;
import org.trefoilhub.hub.app.HubProperties;
import org.trefoilhub.hub.smart.LaunchRecords;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.interceptors.fhir.facts.FactSource;
import org.trefoilhub.interceptors.fhir.policy.AccessPolicyMapper;
import org.trefoilhub.interceptors.fhir.policy.PolicyBundle;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;
import org.trefoilhub.interceptors.fhir.subject.SubjectProvider;

/** Puts the live policies together. Until they are loaded nothing is permitted. */
@Configuration(proxyBeanMethods = false)
class AccessConfiguration {

    private static final Logger log = LoggerFactory.getLogger(AccessConfiguration.class);
    private static final PolicyOptions OPTIONS = new PolicyOptions(true);

    @Bean
    CurrentPolicies currentPolicies() {
        return new CurrentPolicies();
    }

    @Bean
    LivePolicies livePolicies(
            CurrentPolicies current,
            FhirContext context,
            DaoRegistry registry,
            JdbcClient jdbc,
            HubProperties hub,
            Environment environment,
            Clock clock) {
        return new LivePolicies(
                environment.getProperty("trefoil.bench.permit-all", Boolean.class, false)
                        ? permitAll(current)
                        : current,
                new AccessPolicyMapper(hub.zone(), new PolicyConsents(registry, jdbc)),
                Vocabulary.hospital(Set.copyOf(context.getResourceTypes())),
                OPTIONS,
                new PolicyBundle(context, hub.zone()).seed(0, OPTIONS, PolicyBundle.REPAIR),
                clock);
    }

    /** Permits everything at the doors, every level too, once and for all; what is loaded goes to the holder that is returned. */
    private static CurrentPolicies permitAll(CurrentPolicies doors) {
        log.error("trefoil.bench.permit-all: this hub permits everything to everybody who has a token");
        doors.replace(PolicySet.compile(
                0,
                List.of(new AccessPolicy("bench", AccessPolicy.Effect.PERMIT, 0, List.of(), Set.of())),
                new Vocabulary(Set.of(), Set.of(), Set.of()),
                new PolicyOptions(false)));
        return new CurrentPolicies();
    }

    @Bean
    PolicyLoader policyLoader(
            LivePolicies policies,
            FhirContext context,
            DaoRegistry registry,
            JdbcClient jdbc,
            DataSource dataSource,
            PlatformTransactionManager transactions,
            IInterceptorService storage,
            HubProperties hub,
            Environment environment) {
        migrate(dataSource);
        PolicyConsents store = new PolicyConsents(registry, jdbc);
        PolicyBundle bundles = new PolicyBundle(context, hub.zone());
        boolean demo = environment.acceptsProfiles(Profiles.of("demo"));
        PolicyLoader loader = new PolicyLoader(
                policies,
                store,
                new SeededPolicies(store, jdbc, new TransactionTemplate(transactions)),
                () -> seeds(bundles, demo));
        storage.registerInterceptor(new PolicyChanges(policies, loader::load));
        return loader;
    }

    /** What the authorization server may show of patients and encounters. */
    @Bean
    LaunchRecords launchRecords(
            DaoRegistry registry, CurrentPolicies current, FactSource facts, HubProperties hub, Clock clock) {
        return new StoredLaunchRecords(registry, current, facts, hub.canonical(), hub.zone(), clock);
    }

    @Bean
    StoredMemberships storedMemberships(
            DaoRegistry registry, IInterceptorService storage, HubProperties hub, Clock clock) {
        StoredMemberships memberships = new StoredMemberships(registry, hub.canonical(), hub.zone(), clock);
        storage.registerInterceptor(memberships);
        return memberships;
    }

    @Bean
    PolicyOperations policyOperations(
            RestfulServer server,
            CurrentPolicies current,
            LivePolicies live,
            ObjectProvider<SubjectProvider> subjects,
            AccountStore accounts,
            StoredMemberships memberships,
            FactSource facts,
            JdbcClient jdbc,
            Clock clock) {
        PolicyOperations operations = new PolicyOperations(
                current, live, new RequestSubjects(subjects.getObject()), accounts, memberships, facts, jdbc, clock);
        server.registerProvider(operations);
        return operations;
    }

    private static List<Bundle> seeds(PolicyBundle bundles, boolean demo) {
        List<Bundle> seeds = new ArrayList<>();
        seeds.add(bundles.resources(PolicyBundle.SEED));
        if (demo) {
            seeds.add(bundles.resources(PolicyBundle.DEMO_SEED));
        }
        return seeds;
    }

    private static void migrate(DataSource dataSource) {
        // Flyway quotes the name, our SQL does not: it must be spelled as the database folds it.
        String schema;
        try {
            boolean folds =
                    JdbcUtils.extractDatabaseMetaData(dataSource, metaData -> metaData.storesUpperCaseIdentifiers());
            schema = folds ? "trefoil".toUpperCase(Locale.ROOT) : "trefoil";
        } catch (MetaDataAccessException e) {
            throw new IllegalStateException("the hub's database cannot be reached", e);
        }
        Flyway.configure()
                .dataSource(dataSource)
                .schemas(schema)
                .defaultSchema(schema)
                .table("policy_history")
                .locations("classpath:org/trefoilhub/hub/access")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
    }
}

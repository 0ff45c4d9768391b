package org.trefoilhub.hub.app;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.DependsOn;

/**
 * Our own tables beside HAPI's and the archive's, in schema {@code trefoil}, migrated before JPA starts.
 *
 * <p>The scripts of this module lie in {@code org/trefoilhub/hub/tables} and have a history table of their own, so that
 * the archive's numbering stays independent.
 */
@Configuration(proxyBeanMethods = false)
class HubTables {

    @Bean(initMethod = "migrate")
    Flyway hubFlyway(DataSource dataSource, HapiSchema database) {
        return flyway(dataSource, database, "hub_history", "org/trefoilhub/hub/tables");
    }

    /** What resources say of themselves, from which the tables of facts follow; those are there first. */
    @DependsOn("accessFlyway")
    @Bean(initMethod = "migrate")
    Flyway ownFactsFlyway(DataSource dataSource, HapiSchema database) {
        return flyway(dataSource, database, "own_facts_history", "org/trefoilhub/interceptors/fhir/facts");
    }

    @Bean(initMethod = "migrate")
    Flyway patientIndexFlyway(DataSource dataSource, HapiSchema database) {
        return flyway(dataSource, database, "patient_index_history", "org/trefoilhub/hub/patientindex");
    }

    private static Flyway flyway(DataSource dataSource, HapiSchema database, String history, String location) {
        // Flyway quotes the name, our SQL does not: it must be spelled as the database folds it.
        String schema = database.isPostgresql() ? "trefoil" : "TREFOIL";
        return Flyway.configure()
                .dataSource(dataSource)
                .schemas(schema)
                .defaultSchema(schema)
                .createSchemas(true)
                .table(history)
                .locations("classpath:" + location)
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load();
    }
}

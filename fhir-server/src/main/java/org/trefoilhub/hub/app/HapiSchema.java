package org.trefoilhub.hub.app;

import ca.uhn.fhir.jpa.migrate.DriverTypeEnum;
import ca.uhn.fhir.jpa.migrate.HapiMigrator;
import ca.uhn.fhir.jpa.migrate.tasks.HapiFhirJpaMigrationTasks;
import ca.uhn.fhir.util.VersionEnum;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Set;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings HAPI's tables to the version of the HAPI library, with HAPI's own migrator.
 *
 * <p>Runs before the entity manager factory exists. An empty database gets the whole schema, an older one the missing
 * steps; an up-to-date one costs one query. Hibernate never alters tables itself.
 */
final class HapiSchema {

    private static final Logger log = LoggerFactory.getLogger(HapiSchema.class);
    private static final String HISTORY_TABLE = "FLY_HFJ_MIGRATION";

    private final DriverTypeEnum driver;

    private HapiSchema(DriverTypeEnum driver) {
        this.driver = driver;
    }

    /**
     * Migrates the schema.
     *
     * @throws IllegalStateException when the database is neither H2 nor PostgreSQL, or cannot be reached
     */
    static HapiSchema migrate(DataSource dataSource) {
        HapiSchema schema = new HapiSchema(driverOf(dataSource));
        HapiMigrator migrator = new HapiMigrator(HISTORY_TABLE, dataSource, schema.driver);
        migrator.addTasks(new HapiFhirJpaMigrationTasks(Set.of()).getAllTasks(VersionEnum.values()));
        migrator.createMigrationTableIfRequired();
        int changes = migrator.migrate().changes;
        log.info("FHIR tables are current on {} ({} rows changed by migration)", schema.driver, changes);
        return schema;
    }

    /** Whether the database is PostgreSQL; otherwise it is H2. */
    boolean isPostgresql() {
        return driver == DriverTypeEnum.POSTGRES_9_4;
    }

    /** The name of the Hibernate dialect of this database. */
    String dialect() {
        return isPostgresql()
                ? "ca.uhn.fhir.jpa.model.dialect.HapiFhirPostgresDialect"
                : "ca.uhn.fhir.jpa.model.dialect.HapiFhirH2Dialect";
    }

    private static DriverTypeEnum driverOf(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            String product = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
            return switch (product) {
                case "h2" -> DriverTypeEnum.H2_EMBEDDED;
                case "postgresql" -> DriverTypeEnum.POSTGRES_9_4;
                default -> throw new IllegalStateException("database must be H2 or PostgreSQL, not `" + product + "`");
            };
        } catch (SQLException e) {
            throw new IllegalStateException("the database of spring.datasource.url cannot be reached", e);
        }
    }
}

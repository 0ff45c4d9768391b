package org.trefoilhub.dicomweb.archive.index;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;

/**
 * Creates and migrates the archive's tables in schema {@code trefoil}, with a history table of its own.
 *
 * <p>Works on H2 and PostgreSQL. Limits: it does not touch any other schema.
 */
public final class IndexMigration {
    private static final String FOLDER = "classpath:org/trefoilhub/dicomweb/archive/index/";

    private IndexMigration() {}

    /**
     * A Flyway ready to migrate; run it before anything uses the tables.
     *
     * @param zone time zone of the hospital
     */
    public static Flyway flyway(DataSource dataSource, ZoneId zone) {
        boolean postgresql = isPostgresql(dataSource);
        // the same unquoted name, as each database folds it
        String schema = postgresql ? "trefoil" : "TREFOIL";
        return Flyway.configure(IndexMigration.class.getClassLoader())
                .dataSource(dataSource)
                .schemas(schema)
                .defaultSchema(schema)
                .createSchemas(true)
                // other packages keep tables in this schema too, and may have been first
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .table("archive_history")
                .javaMigrations(new StudyStartBackfill(zone))
                .locations(FOLDER + "common", FOLDER + (postgresql ? "postgresql" : "h2"))
                .placeholders(Map.of("binary", postgresql ? "bytea" : "blob", "schema", "trefoil"))
                .load();
    }

    static boolean isPostgresql(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            String product = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
            return product.contains("postgresql");
        } catch (SQLException e) {
            throw new IllegalStateException("the database cannot be reached", e);
        }
    }
}

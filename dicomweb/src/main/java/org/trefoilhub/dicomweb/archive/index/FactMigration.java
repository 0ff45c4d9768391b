package org.trefoilhub.dicomweb.archive.index;

import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.trefoilhub.access.sql.SqlCondition;

/**
 * Creates and migrates the tables of facts that the policy is asked by, in schema {@code trefoil}, with a history table of
 * their own.
 *
 * <p>The scripts belong to the policy's library, which knows no database; the archive reads the tables, whoever keeps
 * patients writes them.
 */
public final class FactMigration {
    private FactMigration() {}

    /** A Flyway ready to migrate; run it before anything uses the tables. */
    public static Flyway flyway(DataSource dataSource) {
        // the same unquoted name, as each database folds it
        String schema = IndexMigration.isPostgresql(dataSource) ? "trefoil" : "TREFOIL";
        return Flyway.configure(SqlCondition.class.getClassLoader())
                .dataSource(dataSource)
                .schemas(schema)
                .defaultSchema(schema)
                .createSchemas(true)
                // other packages keep tables in this schema too, and may have been first
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .table("access_history")
                .locations("classpath:org/trefoilhub/access/sql")
                .placeholders(Map.of("schema", "trefoil"))
                .load();
    }
}

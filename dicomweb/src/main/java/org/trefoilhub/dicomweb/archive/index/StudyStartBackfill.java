package org.trefoilhub.dicomweb.archive.index;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.flywaydb.core.api.MigrationVersion;
import org.flywaydb.core.api.migration.Context;
import org.flywaydb.core.api.migration.JavaMigration;
import org.jspecify.annotations.Nullable;

/** Gives the studies of earlier versions the moment at which they began. May be repeated. */
final class StudyStartBackfill implements JavaMigration {
    private final ZoneId zone;

    StudyStartBackfill(ZoneId zone) {
        this.zone = zone;
    }

    @Override
    public MigrationVersion getVersion() {
        return MigrationVersion.fromVersion("4");
    }

    @Override
    public String getDescription() {
        return "study start";
    }

    @Override
    public @Nullable Integer getChecksum() {
        return null;
    }

    @Override
    public boolean canExecuteInTransaction() {
        return true;
    }

    @Override
    public void migrate(Context context) throws Exception {
        try (PreparedStatement select = context.getConnection()
                        .prepareStatement("select study_pk, attributes from trefoil.study where started_at is null");
                PreparedStatement update = context.getConnection()
                        .prepareStatement("update trefoil.study set started_at = ? where study_pk = ?");
                ResultSet rows = select.executeQuery()) {
            while (rows.next()) {
                Instant begin = StudyStart.of(IndexRows.parse(rows.getBytes("attributes")), zone)
                        .from();
                if (begin != null) {
                    update.setObject(1, begin.atOffset(ZoneOffset.UTC));
                    update.setLong(2, rows.getLong("study_pk"));
                    update.executeUpdate();
                }
            }
        }
    }
}

package org.trefoilhub.dicomweb.archive.index;

import com.zaxxer.hikari.HikariDataSource;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.trefoilhub.dicomweb.archive.index.contract.AbstractStudyIndexContract;
import org.trefoilhub.dicomweb.fixture.Postgresql;

class StudyIndexOnPostgresqlIT extends AbstractStudyIndexContract {
    private static HikariDataSource database;

    @BeforeAll
    static void create() {
        database = new HikariDataSource();
        database.setJdbcUrl(Postgresql.newDatabase());
        database.setUsername(Postgresql.USER);
        database.setMinimumIdle(1);
    }

    @AfterAll
    static void close() {
        database.close();
    }

    @Override
    protected DataSource dataSource() {
        return database;
    }
}

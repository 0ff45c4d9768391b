package org.trefoilhub.dicomweb.archive.index;

import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeAll;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.trefoilhub.dicomweb.archive.index.contract.AbstractStudyIndexContract;
import org.trefoilhub.dicomweb.fixture.Postgresql;

class StudyIndexOnPostgresqlIT extends AbstractStudyIndexContract {
    private static DataSource database;

    @BeforeAll
    static void create() {
        database = new DriverManagerDataSource(Postgresql.newDatabase());
    }

    @Override
    protected DataSource dataSource() {
        return database;
    }
}

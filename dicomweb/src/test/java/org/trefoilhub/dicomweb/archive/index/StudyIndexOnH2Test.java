package org.trefoilhub.dicomweb.archive.index;

import javax.sql.DataSource;
import org.h2.jdbcx.JdbcConnectionPool;
import org.junit.jupiter.api.AfterAll;
import org.trefoilhub.dicomweb.archive.index.contract.AbstractStudyIndexContract;

class StudyIndexOnH2Test extends AbstractStudyIndexContract {
    private static final JdbcConnectionPool POOL =
            JdbcConnectionPool.create("jdbc:h2:mem:study-index;DB_CLOSE_DELAY=-1", "sa", "");

    @Override
    protected DataSource dataSource() {
        return POOL;
    }

    @AfterAll
    static void close() {
        POOL.dispose();
    }
}

package org.trefoilhub.dicomweb.archive.index;

import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.trefoilhub.dicomweb.archive.StudyPatients;

/** Patients of studies, from the links in the index. */
public final class TableStudyPatients implements StudyPatients {
    private final JdbcClient jdbc;

    /** Over the tables of schema {@code trefoil}, which must be migrated ({@link IndexMigration}). */
    public TableStudyPatients(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
    }

    @Override
    public Set<String> of(Collection<String> studyInstanceUids) {
        if (studyInstanceUids.isEmpty()) {
            return Set.of();
        }
        return new TreeSet<>(jdbc.sql("select distinct p.patient_ref from trefoil.study s"
                        + " join trefoil.patient p on p.patient_pk = s.patient_pk"
                        + " where s.study_instance_uid in (:studies) and p.patient_ref is not null")
                .param("studies", studyInstanceUids)
                .query(String.class)
                .list());
    }
}

package org.trefoilhub.dicomweb.archive.index;

import java.util.List;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.trefoilhub.dicomweb.archive.PatientLinks;

/** Links in the patients' rows of the index. */
public final class TablePatientLinks implements PatientLinks {
    private final JdbcClient jdbc;

    /** Links over the tables of schema {@code trefoil}, which must be migrated ({@link IndexMigration}). */
    public TablePatientLinks(DataSource dataSource) {
        this.jdbc = JdbcClient.create(dataSource);
    }

    @Override
    public void link(String issuer, String patientId, String patientReference) {
        jdbc.sql("update trefoil.patient set patient_ref = ?"
                        + " where issuer = ? and patient_id = ? and patient_ref is null")
                .params(patientReference, issuer, patientId)
                .update();
    }

    @Override
    public void unlink(String patientReference) {
        jdbc.sql("update trefoil.patient set patient_ref = null where patient_ref = ?")
                .param(patientReference)
                .update();
    }

    @Override
    public List<Unlinked> unlinked(long after, int limit) {
        return jdbc.sql("select patient_pk, issuer, patient_id from trefoil.patient"
                        + " where patient_ref is null and patient_pk > ? order by patient_pk limit ?")
                .params(after, limit)
                .query((rs, n) ->
                        new Unlinked(rs.getLong("patient_pk"), rs.getString("issuer"), rs.getString("patient_id")))
                .list();
    }
}

package org.trefoilhub.interceptors.fhir.facts;

import jakarta.persistence.EntityManager;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import javax.sql.DataSource;
import org.hl7.fhir.r4.model.Meta;
import org.springframework.jdbc.core.JdbcTemplate;

/** Reads tags and security labels as the FHIR store holds them, inside the transaction that writes them. */
public final class StoredMeta {

    /** Ordinals of HAPI's TagTypeEnum, as it stores them. */
    private static final int TAG = 0;

    private static final int SECURITY_LABEL = 2;

    private final EntityManager entities;
    private final JdbcTemplate jdbc;

    /**
     * Reads one store.
     *
     * @param entities entity manager of the current transaction
     * @param dataSource the same database
     */
    public StoredMeta(EntityManager entities, DataSource dataSource) {
        this.entities = entities;
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /** Tags and labels of resources by key; one without any gets an empty Meta. */
    Map<Long, Meta> read(Collection<Long> pids) {
        entities.flush();
        Map<Long, Meta> found = new HashMap<>();
        for (Long pid : pids) {
            Meta meta = new Meta();
            jdbc.query(
                    "select d.tag_type, d.tag_system, d.tag_code from hfj_res_tag t"
                            + " join hfj_tag_def d on d.tag_id = t.tag_id where t.res_id = ?",
                    row -> {
                        if (row.getInt(1) == TAG) {
                            meta.addTag(row.getString(2), row.getString(3), null);
                        } else if (row.getInt(1) == SECURITY_LABEL) {
                            meta.addSecurity(row.getString(2), row.getString(3), null);
                        }
                    },
                    pid);
            found.put(pid, meta);
        }
        return found;
    }
}

package org.trefoilhub.interceptors.fhir.facts;

import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.jpa.model.dao.JpaPid;
import ca.uhn.fhir.rest.api.server.SystemRequestDetails;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sql.DataSource;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Gives facts to resources that are older than the tables of facts: in small transactions, in the order in which they
 * depend on each other, and again from where it stopped. Without such resources it costs one query.
 */
public final class FactBackfill {

    private static final Logger LOG = LoggerFactory.getLogger(FactBackfill.class);
    private static final int BATCH = 100;

    private final FactRecorder recorder;
    private final DaoRegistry daos;
    private final JdbcTemplate jdbc;
    private final TransactionTemplate transaction;

    /**
     * A backfill of one hub.
     *
     * @param recorder stores the facts
     * @param daos reads the resources
     * @param dataSource database of both
     * @param transactions transactions over that database
     */
    public FactBackfill(
            FactRecorder recorder, DaoRegistry daos, DataSource dataSource, PlatformTransactionManager transactions) {
        this.recorder = recorder;
        this.daos = daos;
        this.jdbc = new JdbcTemplate(dataSource);
        this.transaction = new TransactionTemplate(transactions);
    }

    /** One resource without facts. */
    private record Missing(long pid, String type, String id) {}

    /** Works until no resource lacks facts; one that cannot be read is logged and stays without, that is hidden. */
    public void run() {
        long done = 0;
        for (String type : FactRecorder.inOrder(types())) {
            done += run(type);
        }
        if (done > 0) {
            LOG.info("{} resources got the facts that policies ask for", done);
        }
    }

    private List<String> types() {
        return jdbc.queryForList(
                "select distinct r.res_type from hfj_resource r left join trefoil.access_resource f"
                        + " on f.res_pid = r.res_id where r.res_deleted_at is null and f.res_pid is null",
                String.class);
    }

    private long run(String type) {
        long done = 0;
        long after = 0;
        while (true) {
            List<Missing> batch = jdbc.query(
                    "select r.res_id, r.fhir_id from hfj_resource r left join trefoil.access_resource f"
                            + " on f.res_pid = r.res_id where r.res_type = ? and r.res_deleted_at is null"
                            + " and f.res_pid is null and r.res_id > ? order by r.res_id limit " + BATCH,
                    (row, number) -> new Missing(row.getLong(1), type, row.getString(2)),
                    type,
                    after);
            if (batch.isEmpty()) {
                return done;
            }
            after = batch.get(batch.size() - 1).pid();
            Map<Long, Resource> readable = new LinkedHashMap<>();
            batch.forEach(missing -> read(missing).ifPresent(resource -> readable.put(missing.pid(), resource)));
            transaction.executeWithoutResult(
                    status -> readable.forEach((pid, resource) -> recorder.record(resource, JpaPid.fromId(pid))));
            done += readable.size();
        }
    }

    private Optional<Resource> read(Missing missing) {
        try {
            IBaseResource resource = daos.getResourceDao(missing.type())
                    .read(new IdType(missing.type(), missing.id()), new SystemRequestDetails());
            return Optional.of((Resource) resource);
        } catch (BaseServerResponseException e) {
            LOG.warn("a {} has no facts and stays hidden: it cannot be read", missing.type(), e);
            return Optional.empty();
        }
    }
}

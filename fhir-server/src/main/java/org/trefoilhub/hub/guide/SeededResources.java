package org.trefoilhub.hub.guide;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.jpa.api.dao.IFhirSystemDao;
import ca.uhn.fhir.parser.IParser;
import ca.uhn.fhir.rest.api.server.SystemRequestDetails;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Meta;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Writes the resources that the guide ships into the FHIR store, as the hub itself: each once per edition.
 *
 * <p>A table remembers the edition and the version that was written. What somebody changed keeps the change, what
 * somebody deleted stays deleted, whatever edition comes later; a newer edition replaces only what nobody has touched. A
 * hub whose resources are current reads that table once and nothing else.
 *
 * <p>Resources go in by the hundred, each hundred in one transaction together with what is remembered of it. When a
 * hundred is refused, its members are tried one by one, so that one bad resource keeps itself out and no other; it is
 * logged as an error and tried again at the next start.
 */
final class SeededResources {

    /** Resources of one transaction. */
    static final int BATCH = 100;

    private static final Logger log = LoggerFactory.getLogger(SeededResources.class);

    private final FhirContext context;
    private final IFhirSystemDao<Bundle, Meta> store;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    SeededResources(
            FhirContext context, IFhirSystemDao<Bundle, Meta> store, JdbcClient jdbc, TransactionTemplate transaction) {
        this.context = context;
        this.store = store;
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    /** What was written last, and the version that the store gave it. */
    private record Written(String edition, long version) {}

    /** What the store has: {@code deleted} or its version. */
    private record Stored(long version, boolean deleted) {}

    /**
     * Writes what is missing or outdated.
     *
     * @param shipped all that the guide ships, what others point to first
     * @return how many resources were written
     */
    int write(List<ShippedResource> shipped) {
        Map<String, Written> written = written();
        List<ShippedResource> pending = new ArrayList<>();
        for (ShippedResource resource : shipped) {
            Written before = written.get(resource.reference());
            if (before == null || !before.edition().equals(resource.edition())) {
                pending.add(resource);
            }
        }
        int count = 0;
        for (int from = 0; from < pending.size(); from += BATCH) {
            count += batch(pending.subList(from, Math.min(from + BATCH, pending.size())), written);
        }
        return count;
    }

    private int batch(List<ShippedResource> batch, Map<String, Written> written) {
        try {
            return inOneTransaction(batch, written);
        } catch (RuntimeException e) {
            if (batch.size() == 1) {
                log.error("the guide's {} was not written", batch.get(0).reference(), e);
                return 0;
            }
            log.debug("a batch of the guide's resources was refused", e);
            int count = 0;
            for (ShippedResource resource : batch) {
                count += batch(List.of(resource), written);
            }
            return count;
        }
    }

    private int inOneTransaction(List<ShippedResource> batch, Map<String, Written> written) {
        Integer count = transaction.execute(status -> {
            List<ShippedResource> due = new ArrayList<>();
            for (ShippedResource resource : batch) {
                if (untouched(resource, written.get(resource.reference()))) {
                    due.add(resource);
                } else {
                    log.warn("{} was changed or deleted here: its new edition is not taken over", resource.reference());
                    remember(resource, written.get(resource.reference()));
                }
            }
            if (!due.isEmpty()) {
                save(due);
            }
            return due.size();
        });
        return count == null ? 0 : count;
    }

    /** Whether the store has what this type wrote before, or nothing when it wrote nothing. */
    private boolean untouched(ShippedResource resource, @Nullable Written before) {
        Stored stored = jdbc.sql("select res_ver, res_deleted_at from hfj_resource where res_type = ? and fhir_id = ?")
                .params(resource.type(), resource.id())
                .query((row, n) -> new Stored(row.getLong(1), row.getTimestamp(2) != null))
                .optional()
                .orElse(null);
        if (stored == null) {
            return before == null;
        }
        return before != null && !stored.deleted() && stored.version() == before.version();
    }

    private void save(List<ShippedResource> due) {
        IParser parser = context.newJsonParser();
        Bundle bundle = new Bundle();
        bundle.setType(Bundle.BundleType.TRANSACTION);
        for (ShippedResource shipped : due) {
            Resource resource = (Resource) parser.parseResource(shipped.json());
            if (!resource.fhirType().equals(shipped.type())
                    || !shipped.id().equals(resource.getIdElement().getIdPart())) {
                throw new IllegalStateException("the guide's " + shipped.reference() + " holds another resource");
            }
            resource.setId(shipped.id());
            resource.getMeta().setVersionId(null);
            Bundle.BundleEntryComponent entry = bundle.addEntry().setResource(resource);
            entry.getRequest().setMethod(Bundle.HTTPVerb.PUT).setUrl(shipped.reference());
        }
        Bundle answer = store.transactionNested(new SystemRequestDetails(), bundle);
        for (int i = 0; i < due.size(); i++) {
            IdType id = new IdType(answer.getEntry().get(i).getResponse().getLocation());
            remember(due.get(i), new Written(due.get(i).edition(), id.getVersionIdPartAsLong()));
        }
    }

    private void remember(ShippedResource resource, @Nullable Written written) {
        jdbc.sql("delete from trefoil.seeded_resource where reference = ?")
                .param(resource.reference())
                .update();
        jdbc.sql("insert into trefoil.seeded_resource (reference, edition, resource_version) values (?, ?, ?)")
                .params(resource.reference(), resource.edition(), written == null ? -1 : written.version())
                .update();
    }

    private Map<String, Written> written() {
        Map<String, Written> written = new HashMap<>();
        jdbc.sql("select reference, edition, resource_version from trefoil.seeded_resource")
                .query(row -> {
                    written.put(row.getString(1), new Written(row.getString(2), row.getLong(3)));
                });
        return written;
    }
}

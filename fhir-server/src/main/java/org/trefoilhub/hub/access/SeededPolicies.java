package org.trefoilhub.hub.access;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.hl7.fhir.instance.model.api.IIdType;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.Group;
import org.hl7.fhir.r4.model.Resource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionTemplate;
import org.trefoilhub.interceptors.fhir.policy.AccessPolicyMapper;

/**
 * Writes the shipped access policies, and the groups they name, into the FHIR store: each once.
 *
 * <p>A table remembers what was written, so that a policy which somebody deleted does not come back. When a later hub
 * ships a newer edition (its {@code meta.versionId}), the stored one is replaced only if nobody has changed it since.
 */
final class SeededPolicies {

    /** Identifier system of shipped policies and groups. */
    static final String IDENTIFIER = AccessPolicyMapper.BASE + "/sid/access-policy";

    /** Identifier system of their editions, {@code <seed>/<edition>}. */
    static final String EDITION = AccessPolicyMapper.BASE + "/sid/access-policy-edition";

    private static final Logger log = LoggerFactory.getLogger(SeededPolicies.class);

    private final PolicyConsents store;
    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    SeededPolicies(PolicyConsents store, JdbcClient jdbc, TransactionTemplate transaction) {
        this.store = store;
        this.jdbc = jdbc;
        this.transaction = transaction;
    }

    private record Written(String edition, String id, long version) {}

    /** Writes what is missing or outdated, all of it or nothing. */
    void write(List<Bundle> seeds) {
        transaction.executeWithoutResult(status -> {
            Map<String, String> groups = new HashMap<>();
            for (Bundle bundle : seeds) {
                for (Bundle.BundleEntryComponent entry : bundle.getEntry()) {
                    if (entry.getResource() instanceof Group group) {
                        String seed = group.getIdElement().getIdPart();
                        groups.put("Group/" + seed, "Group/" + group(seed, group));
                    }
                }
            }
            for (Bundle bundle : seeds) {
                for (Bundle.BundleEntryComponent entry : bundle.getEntry()) {
                    if (entry.getResource() instanceof Consent consent) {
                        consent(consent, groups);
                    }
                }
            }
        });
    }

    private String group(String seed, Group shipped) {
        Optional<Written> written = written(seed);
        if (written.isPresent()) {
            return written.get().id();
        }
        Group group = shipped.copy();
        prepare(group, seed);
        group.addIdentifier().setSystem(IDENTIFIER).setValue(seed);
        IIdType id = store.save(Group.class, group);
        remember(seed, edition(shipped), id);
        return id.getIdPart();
    }

    private void consent(Consent shipped, Map<String, String> groups) {
        String seed = shipped.getIdElement().getIdPart();
        String edition = edition(shipped);
        Optional<Written> written = written(seed);
        if (written.isPresent() && written.get().edition().equals(edition)) {
            return;
        }
        Consent consent = shipped.copy();
        prepare(consent, seed);
        consent.addIdentifier().setSystem(IDENTIFIER).setValue(seed);
        consent.addIdentifier().setSystem(EDITION).setValue(seed + "/" + edition);
        consent.getProvision().getProvision().forEach(provision -> rewrite(provision, groups));
        rewrite(consent.getProvision(), groups);
        if (written.isEmpty()) {
            remember(seed, edition, store.save(Consent.class, consent));
            return;
        }
        Optional<Consent> stored = store.read(Consent.class, written.get().id());
        long version =
                stored.map(each -> each.getIdElement().getVersionIdPartAsLong()).orElse(-1L);
        if (version == written.get().version()) {
            consent.setId(written.get().id());
            remember(seed, edition, store.save(Consent.class, consent));
            log.info("access policy {} is now edition {}", seed, edition);
        } else {
            log.warn("access policy {} was changed here: its edition {} is not taken over", seed, edition);
            jdbc.sql("update trefoil.seeded_policy set edition = ? where seed = ?")
                    .params(edition, seed)
                    .update();
        }
    }

    private static void prepare(Resource resource, String seed) {
        resource.setId((String) null);
        resource.getMeta().setVersionId(null);
        if (seed.isBlank()) {
            throw new IllegalArgumentException("a shipped policy has no id");
        }
    }

    private static String edition(Resource resource) {
        String version = resource.getMeta().getVersionId();
        return version == null ? "1" : version;
    }

    private static void rewrite(Consent.ProvisionComponent provision, Map<String, String> groups) {
        for (Consent.provisionDataComponent data : provision.getData()) {
            String reference = data.getReference().getReference();
            data.getReference().setReference(groups.getOrDefault(reference, reference));
        }
        for (Consent.provisionActorComponent actor : provision.getActor()) {
            String reference = actor.getReference().getReference();
            if (reference != null) {
                actor.getReference().setReference(groups.getOrDefault(reference, reference));
            }
        }
    }

    private Optional<Written> written(String seed) {
        return jdbc.sql("select edition, resource_id, resource_version from trefoil.seeded_policy where seed = ?")
                .param(seed)
                .query((row, n) -> new Written(row.getString(1), row.getString(2), row.getLong(3)))
                .optional();
    }

    private void remember(String seed, String edition, IIdType id) {
        jdbc.sql("delete from trefoil.seeded_policy where seed = ?").param(seed).update();
        jdbc.sql("insert into trefoil.seeded_policy (seed, edition, resource_id, resource_version) values (?, ?, ?, ?)")
                .params(seed, edition, id.getIdPart(), id.getVersionIdPartAsLong())
                .update();
    }
}

package org.trefoilhub.interceptors.fhir.facts;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.jpa.api.dao.IDao;
import ca.uhn.fhir.jpa.model.dao.JpaPid;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.api.server.SystemRequestDetails;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.hl7.fhir.instance.model.api.IAnyResource;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Meta;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Follows every write of the FHIR store and stores the facts in the same transaction, just before it commits: by then
 * references are literal, whatever order the writes had. What fails here rolls the write back.
 *
 * <p>Tags and labels are read from the store after a flush, because an update carries those of the version before forward
 * without showing them. Thread-safe; one transaction is one thread.
 */
@Interceptor
public final class FactRecorder {

    /** Resources that others take facts from come first; the order within a kind is that of the writes. */
    private static final List<String> FIRST = List.of(
            "Organization",
            "Location",
            "HealthcareService",
            "PractitionerRole",
            "Practitioner",
            "Patient",
            "Group",
            "Encounter",
            "ServiceRequest",
            "ImagingStudy",
            "DiagnosticReport",
            "Task",
            "Observation");

    /** What follows once the facts of a write are stored, still inside its transaction. */
    public interface Listener {
        /**
         * A resource and its facts are stored.
         *
         * @param resource as stored
         * @param created whether it is new
         * @param request request behind the write, or null where HAPI knows none
         */
        void recorded(Resource resource, boolean created, @Nullable RequestDetails request);

        /**
         * The level of a patient is another one now, by whatever kind of write.
         *
         * @param patient Patient as written; its metadata may not show what is carried forward
         * @param before level until now, {@link PatientLevel#ORDINARY} of a new one
         * @param after level from now on
         * @param request request behind the write, or null where HAPI knows none
         */
        default void labelled(
                Resource patient, PatientLevel before, PatientLevel after, @Nullable RequestDetails request) {
            // Most listeners do not care.
        }
    }

    private final FactStore store;
    private final StoredMeta meta;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    /**
     * Records into a store.
     *
     * @param store tables
     * @param meta reads tags and labels as they are stored
     */
    public FactRecorder(FactStore store, StoredMeta meta) {
        this.store = store;
        this.meta = meta;
    }

    /**
     * Adds a listener, before the server answers.
     *
     * @param listener called in the transaction of the write; what it throws rolls that back
     */
    public void add(Listener listener) {
        listeners.add(listener);
    }

    /** Notes a new resource. */
    @Hook(value = Pointcut.STORAGE_PRECOMMIT_RESOURCE_CREATED, order = -900)
    public void created(IBaseResource resource, @Nullable RequestDetails request) {
        note(resource, request, true, false);
    }

    /** Notes a change. */
    @Hook(value = Pointcut.STORAGE_PRECOMMIT_RESOURCE_UPDATED, order = -900)
    public void updated(@Nullable IBaseResource before, IBaseResource after, @Nullable RequestDetails request) {
        note(after, request, false, false);
    }

    /** Notes a deletion. */
    @Hook(value = Pointcut.STORAGE_PRECOMMIT_RESOURCE_DELETED, order = -900)
    public void deleted(IBaseResource resource, @Nullable RequestDetails request) {
        note(resource, request, false, true);
    }

    private void note(IBaseResource written, @Nullable RequestDetails request, boolean created, boolean deleted) {
        if (!(written instanceof Resource resource)) {
            throw new IllegalStateException("only FHIR R4 resources are stored here");
        }
        JpaPid pid = IDao.RESOURCE_PID.get((IAnyResource) resource);
        if (pid == null || pid.getId() == null) {
            throw new IllegalStateException("a stored " + resource.fhirType() + " has no key");
        }
        pending().add(new Write(pid.getId(), resource, request, created, deleted));
    }

    /** Stores the facts of a resource that is already there, with the current transaction. */
    void record(Resource resource, JpaPid pid) {
        pending().add(new Write(pid.getId(), resource, new SystemRequestDetails(), true, false));
    }

    /** Types in the order in which they give facts to each other. */
    static List<String> inOrder(Collection<String> types) {
        return types.stream()
                .sorted(Comparator.comparingInt(FactRecorder::rank).thenComparing(type -> type))
                .toList();
    }

    private static int rank(String type) {
        int place = FIRST.indexOf(type);
        return place < 0 ? FIRST.size() : place;
    }

    private record Write(
            long pid, Resource resource, @Nullable RequestDetails request, boolean created, boolean deleted) {

        Write after(@Nullable Write earlier) {
            return earlier == null || deleted
                    ? this
                    : new Write(pid, resource, request, created || earlier.created, false);
        }
    }

    private Pending pending() {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            throw new IllegalStateException("a resource was written outside a transaction");
        }
        for (TransactionSynchronization known : TransactionSynchronizationManager.getSynchronizations()) {
            if (known instanceof Pending pending && pending.belongsTo(this)) {
                return pending;
            }
        }
        Pending pending = new Pending();
        TransactionSynchronizationManager.registerSynchronization(pending);
        return pending;
    }

    /** The writes of one transaction. */
    private final class Pending implements TransactionSynchronization {

        private final Map<Long, Write> writes = new LinkedHashMap<>();

        boolean belongsTo(FactRecorder recorder) {
            return recorder == FactRecorder.this;
        }

        void add(Write write) {
            Write earlier = writes.remove(write.pid());
            writes.put(write.pid(), write.after(earlier));
        }

        @Override
        public void beforeCommit(boolean readOnly) {
            List<Write> ordered = new ArrayList<>(writes.values());
            writes.clear();
            if (ordered.isEmpty()) {
                return;
            }
            ordered.sort(Comparator.comparingInt(write -> rank(write.resource().fhirType())));
            List<Long> changed = ordered.stream()
                    .filter(write -> !write.created() && !write.deleted())
                    .map(Write::pid)
                    .toList();
            Map<Long, Meta> stored = changed.isEmpty() ? Map.of() : meta.read(changed);
            Map<Long, PatientLevel> before = new HashMap<>();
            for (Write write : ordered) {
                if (write.deleted()) {
                    store.delete(write.pid(), write.resource());
                    continue;
                }
                if (write.resource() instanceof Patient) {
                    before.put(write.pid(), store.level(write.pid()));
                }
                record(write, stored.get(write.pid()));
            }
            for (Write write : ordered) {
                if (!write.deleted()) {
                    listeners.forEach(
                            listener -> listener.recorded(write.resource(), write.created(), write.request()));
                    labelled(write, before.get(write.pid()));
                }
            }
        }
    }

    private void labelled(Write write, @Nullable PatientLevel before) {
        if (before == null) {
            return;
        }
        PatientLevel after = store.level(write.pid());
        if (!after.equals(before)) {
            listeners.forEach(listener -> listener.labelled(write.resource(), before, after, write.request()));
        }
    }

    private void record(Write write, @Nullable Meta stored) {
        Resource resource = write.resource();
        if (stored == null) {
            store.write(write.pid(), resource);
            return;
        }
        Meta shown = resource.getMeta();
        Meta complete = shown.copy();
        complete.setTag(stored.getTag());
        complete.setSecurity(stored.getSecurity());
        resource.setMeta(complete);
        try {
            store.write(write.pid(), resource);
        } finally {
            resource.setMeta(shown);
        }
    }
}

package org.trefoilhub.access.audit;

import java.util.List;

/**
 * Port to the audit trail. Thread-safe.
 *
 * <p>The trail stamps the time, and fills in what it knows of the request that the thread serves: address, trace id and,
 * when the record names nobody, the subject.
 */
public interface AuditTrail {

    /**
     * Records an event as part of the caller's transaction: it becomes durable with it, and vanishes with it.
     *
     * @param event what happens in the transaction
     * @throws AuditException when there is no transaction or the event cannot be written; the transaction must not commit
     */
    void write(AuditRecord event);

    /**
     * Records events of their own and returns when they are durable; threads that wait at the same time share a commit. Not
     * to be called inside a transaction, which would be held open for the wait.
     *
     * @param events what happened; an empty list does nothing
     * @throws AuditException when that does not come true in time; the request must not be answered then
     */
    void record(List<AuditRecord> events);

    /**
     * Records one event of its own, as {@link #record(List)} does.
     *
     * @param event what happened
     * @throws AuditException when it is not durable in time; the request must not be answered then
     */
    default void record(AuditRecord event) {
        record(List.of(event));
    }
}

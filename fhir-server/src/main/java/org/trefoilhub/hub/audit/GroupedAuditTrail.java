package org.trefoilhub.hub.audit;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.trefoilhub.access.audit.AuditErrorCode;
import org.trefoilhub.access.audit.AuditException;
import org.trefoilhub.access.audit.AuditRecord;
import org.trefoilhub.access.audit.AuditTrail;

/**
 * The trail over our own table. Events of writes join their transaction; all others wait in a bounded queue for one
 * thread that commits everything that waits at once, so that a busy hub pays for few commits.
 *
 * <p>When the queue is full, the database does not answer or the patience ends, the caller gets an exception, and an event
 * that still waits is taken back. If a shared commit fails, its events are tried once more one by one, so that one bad
 * event fails alone.
 */
final class GroupedAuditTrail implements AuditTrail, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(GroupedAuditTrail.class);
    private static final int MAX_BATCH = 256;

    private final AuditTable table;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Duration patience;
    private final int batch;
    private final BlockingQueue<Waiting> queue;
    private final AtomicLong lastSeq;
    private final Thread writer;
    private volatile boolean closed;

    private record Waiting(List<AuditRow> rows, CompletableFuture<Boolean> done, AtomicBoolean taken) {}

    /**
     * Starts the writer.
     *
     * @param table migrated tables
     * @param transaction opens a transaction of its own
     * @param clock time of the events
     * @param capacity requests that may wait
     * @param patience how long one waits
     * @param batch most requests in one commit
     */
    GroupedAuditTrail(
            AuditTable table,
            TransactionTemplate transaction,
            Clock clock,
            int capacity,
            Duration patience,
            int batch) {
        this.table = table;
        this.transaction = transaction;
        this.clock = clock;
        this.patience = patience;
        this.batch = batch;
        this.queue = new ArrayBlockingQueue<>(capacity);
        this.lastSeq = new AtomicLong(table.lastSeq());
        this.writer = new Thread(this::run, "audit-writer");
        this.writer.setDaemon(true);
        this.writer.start();
    }

    GroupedAuditTrail(AuditTable table, TransactionTemplate transaction, Clock clock, int capacity, Duration patience) {
        this(table, transaction, clock, capacity, patience, MAX_BATCH);
    }

    @Override
    public void write(AuditRecord event) {
        write(event, row(event));
    }

    private void write(AuditRecord event, AuditRow row) {
        if (!TransactionSynchronizationManager.isActualTransactionActive()) {
            throw new AuditException(
                    AuditErrorCode.NO_TRANSACTION,
                    "an audit event of `" + event.type().code() + "` needs the transaction of its write",
                    null);
        }
        try {
            List<Long> pending = table.insert(List.of(row));
            if (TransactionSynchronizationManager.isSynchronizationActive()) {
                TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                    @Override
                    public void afterCommit() {
                        table.expect(pending);
                    }
                });
            }
        } catch (DataAccessException e) {
            throw unavailable(e);
        }
    }

    @Override
    public void record(List<AuditRecord> events) {
        if (!events.isEmpty()) {
            commit(events.stream().map(this::row).toList());
        }
    }

    /** Makes rows durable; see {@link #record(List)}. */
    void commit(List<AuditRow> rows) {
        Waiting mine = new Waiting(rows, new CompletableFuture<>(), new AtomicBoolean());
        long deadline = System.nanoTime() + patience.toNanos();
        try {
            if (closed || !queue.offer(mine, patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AuditException(AuditErrorCode.UNAVAILABLE, "the audit takes no more events now", null);
            }
            mine.done.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            throw unavailable(e.getCause());
        } catch (TimeoutException e) {
            mine.taken.set(true);
            throw unavailable(e);
        } catch (InterruptedException e) {
            mine.taken.set(true);
            Thread.currentThread().interrupt();
            throw unavailable(e);
        }
    }

    /** The row of an event as of now, with what is known of the request under way. */
    AuditRow row(AuditRecord event) {
        Optional<RequestAudit> request = RequestAudit.current();
        AuditRecord whole = request.isPresent() ? request.get().complete(event) : event;
        return AuditContent.row(nextSeq(), now(), whole);
    }

    long now() {
        Instant instant = clock.instant();
        return TimeUnit.SECONDS.toMicros(instant.getEpochSecond()) + instant.getNano() / 1000;
    }

    /** Numbers grow with the clock, so that two processes on one database do not meet. */
    long nextSeq() {
        long floor = now() << 10;
        return lastSeq.updateAndGet(last -> Math.max(last + 1, floor));
    }

    private void run() {
        List<Waiting> next = new ArrayList<>();
        while (!closed || !queue.isEmpty()) {
            next.clear();
            try {
                Waiting first = queue.poll(200, TimeUnit.MILLISECONDS);
                if (first != null) {
                    next.add(first);
                    queue.drainTo(next, batch - 1);
                    carryOut(next);
                }
            } catch (InterruptedException e) {
                log.warn("the writer of the audit was interrupted and goes on");
            }
        }
    }

    private void carryOut(List<Waiting> waiting) {
        List<Waiting> mine = waiting.stream()
                .filter(each -> each.taken.compareAndSet(false, true))
                .toList();
        if (mine.isEmpty()) {
            return;
        }
        try {
            insert(mine);
        } catch (DataAccessException | TransactionException e) {
            if (mine.size() == 1) {
                fail(mine.get(0), e);
                return;
            }
            for (Waiting each : mine) {
                try {
                    insert(List.of(each));
                } catch (DataAccessException | TransactionException alone) {
                    fail(each, alone);
                }
            }
        } catch (RuntimeException e) {
            mine.forEach(each -> fail(each, e));
        }
    }

    private void insert(List<Waiting> waiting) {
        List<AuditRow> rows = new ArrayList<>();
        waiting.forEach(each -> rows.addAll(each.rows));
        List<Long> pending = transaction.execute(status -> table.insert(rows));
        if (pending != null) {
            table.expect(pending);
        }
        waiting.forEach(each -> each.done.complete(true));
    }

    private static void fail(Waiting waiting, RuntimeException cause) {
        log.error("{} an audit event cannot be stored", AuditErrorCode.UNAVAILABLE.code(), cause);
        waiting.done.completeExceptionally(cause);
    }

    private static AuditException unavailable(Throwable cause) {
        return new AuditException(
                AuditErrorCode.UNAVAILABLE,
                "the audit event cannot be made durable now, so nothing is answered",
                cause);
    }

    /** Stores what waits and stops; later events are refused. */
    @Override
    public void close() {
        closed = true;
        try {
            writer.join(TimeUnit.SECONDS.toMillis(20));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

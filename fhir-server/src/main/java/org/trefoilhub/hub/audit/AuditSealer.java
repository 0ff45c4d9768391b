package org.trefoilhub.hub.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Puts events in their place and chains them after they were committed, alone and in order, so that no writer waits for the
 * head of a chain or for the indexes. Then keeps the end of the chain in the checkpoint.
 *
 * <p>When the chain does not go on from the checkpoint, the checkpoint stays as it is, as evidence, and the log says so;
 * events are chained all the same.
 */
final class AuditSealer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AuditSealer.class);
    private static final int BATCH = 500;

    /** Commits whose events are moved at once. */
    private static final int COMMITS = 100;

    private final AuditTable table;
    private final TransactionTemplate transaction;
    private final AuditCheckpoint checkpoint;
    private final ScheduledThreadPoolExecutor executor;
    private boolean complained;

    AuditSealer(AuditTable table, TransactionTemplate transaction, AuditCheckpoint checkpoint) {
        this.table = table;
        this.transaction = transaction;
        this.checkpoint = checkpoint;
        this.executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "audit-sealer");
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Seals again and again from now on. */
    void start(Duration interval) {
        executor.scheduleWithFixedDelay(this::sealQuietly, 0, interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void sealQuietly() {
        try {
            seal();
        } catch (RuntimeException e) {
            log.error("new audit events cannot be chained now; they wait", e);
        }
    }

    /**
     * Places and chains everything that is committed.
     *
     * @return how many events
     */
    synchronized int seal() {
        Set<Long> missing = new HashSet<>(table.expected());
        int sealed = 0;
        long after = Long.MIN_VALUE;
        boolean more = true;
        while (more) {
            Done done = sealNext(after);
            sealed += done.events();
            table.forget(done.seen());
            for (long seen : done.seen()) {
                missing.remove(seen);
                after = seen;
            }
            more = done.more();
        }
        missing.forEach(this::lost);
        keepEnd();
        return sealed;
    }

    /** Events were committed to wait here, and are neither waiting nor in their place. */
    private void lost(long seq) {
        if (!table.isPlaced(seq)) {
            transaction.executeWithoutResult(status -> table.markLost(seq));
            complain("events that waited for the chain from number " + seq + " on were removed");
        }
        table.forget(List.of(seq));
    }

    /** What one transaction did; the rows that it found waiting. */
    private record Done(int events, List<Long> seen, boolean more) {}

    /** One bad event must not keep all others from the chain: where a batch is refused, commits are taken one by one. */
    private Done sealNext(long after) {
        try {
            return Objects.requireNonNull(transaction.execute(status -> sealOnce(after, COMMITS)));
        } catch (DataIntegrityViolationException e) {
            log.warn("a batch of audit events cannot be chained, so each commit is tried alone");
        }
        try {
            return Objects.requireNonNull(transaction.execute(status -> sealOnce(after, 1)));
        } catch (DataIntegrityViolationException e) {
            List<Long> first =
                    table.pending(after, 1).stream().map(PendingEvents::seq).toList();
            log.error("audit events from number {} on cannot be put in their place; they wait", first, e);
            return new Done(0, first, !first.isEmpty());
        }
    }

    private Done sealOnce(long after, int commits) {
        List<PendingEvents> waiting = table.pending(after, commits);
        List<PendingEvents> pending = new ArrayList<>();
        List<AuditRow> fresh = new ArrayList<>();
        for (PendingEvents each : waiting) {
            try {
                fresh.addAll(each.rows());
                pending.add(each);
            } catch (AuditTamperedException e) {
                // Stays where it is, as evidence; the verification finds it there.
                complain(e.getMessage());
            }
        }
        List<AuditRow> placed = table.unsealed(BATCH);
        List<AuditRow> rows = new ArrayList<>(fresh);
        rows.addAll(placed);
        List<Long> seen = waiting.stream().map(PendingEvents::seq).toList();
        boolean more = waiting.size() == commits || placed.size() == BATCH;
        if (rows.isEmpty()) {
            return new Done(0, seen, more);
        }
        rows.sort(Comparator.comparingLong(AuditRow::seq));
        if (!fresh.isEmpty()) {
            table.place(fresh);
            table.remove(pending);
        }
        if (!placed.isEmpty()) {
            table.removeUnsealed(placed);
        }
        AuditTable.Head head = table.head();
        List<AuditTable.Sealed> seals = new ArrayList<>();
        String hash = head.hash();
        long position = head.position();
        for (AuditRow row : rows) {
            position++;
            hash = AuditChain.hash(hash, position, row);
            seals.add(new AuditTable.Sealed(position, row.seq(), hash, row));
        }
        table.seal(seals);
        return new Done(rows.size(), seen, more);
    }

    private void keepEnd() {
        AuditTable.Head head = table.head();
        Optional<AuditTable.Head> kept;
        try {
            kept = checkpoint.read();
        } catch (AuditTamperedException e) {
            complain(e.getMessage());
            return;
        }
        if (kept.isPresent()) {
            if (kept.get().equals(head)) {
                return;
            }
            if (!goesOnFrom(kept.get())) {
                complain("the chain does not go on from the checkpoint at position "
                        + kept.get().position());
                return;
            }
        }
        if (head.position() > 0) {
            checkpoint.write(head);
        }
    }

    private boolean goesOnFrom(AuditTable.Head kept) {
        return kept.position() == 0 || kept.hash().equals(table.hashAt(kept.position()));
    }

    private void complain(@org.jspecify.annotations.Nullable String what) {
        if (!complained) {
            complained = true;
            log.error("the audit was tampered with: {}; run `trefoil admin audit verify`", what);
        }
    }

    /** Chains what is there and stops. */
    @Override
    public void close() {
        executor.shutdown();
        try {
            if (!executor.awaitTermination(20, TimeUnit.SECONDS)) {
                log.warn("the chain of the audit is not closed in time; it goes on at the next start");
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        sealQuietly();
    }
}

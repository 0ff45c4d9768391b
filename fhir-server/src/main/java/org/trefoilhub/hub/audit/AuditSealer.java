package org.trefoilhub.hub.audit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
        int sealed = 0;
        Done last;
        do {
            last = transaction.execute(status -> sealOnce());
            sealed += last == null ? 0 : last.events();
        } while (last != null && last.more());
        keepEnd();
        return sealed;
    }

    private record Done(int events, boolean more) {}

    private Done sealOnce() {
        List<PendingEvents> waiting = table.pending(Long.MIN_VALUE, COMMITS);
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
        if (rows.isEmpty()) {
            return new Done(0, false);
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
        return new Done(rows.size(), waiting.size() == COMMITS || placed.size() == BATCH);
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

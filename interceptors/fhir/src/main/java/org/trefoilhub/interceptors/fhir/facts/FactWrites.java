package org.trefoilhub.interceptors.fhir.facts;

import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Counts the transactions that write facts, so that readers know whether what they hold is still what is stored. A
 * transaction counts as under way from before its first write until after its end. Thread-safe.
 */
final class FactWrites {

    private final AtomicLong begun = new AtomicLong();
    private final AtomicLong ended = new AtomicLong();

    /** Writes facts; the end is that of the transaction, or of the writing when there is none. */
    void during(Runnable writing) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            begun.incrementAndGet();
            try {
                writing.run();
            } finally {
                ended.incrementAndGet();
            }
            return;
        }
        if (!TransactionSynchronizationManager.hasResource(this)) {
            TransactionSynchronizationManager.registerSynchronization(new End());
            begun.incrementAndGet();
            TransactionSynchronizationManager.bindResource(this, Boolean.TRUE);
        }
        writing.run();
    }

    /** The number of transactions so far while none is under way, otherwise empty. */
    OptionalLong quiet() {
        // INVARIANT: the ends are read first. None that is missing among them can be missing among the beginnings.
        long ends = ended.get();
        return begun.get() == ends ? OptionalLong.of(ends) : OptionalLong.empty();
    }

    private final class End implements TransactionSynchronization {

        @Override
        public void suspend() {
            TransactionSynchronizationManager.unbindResourceIfPossible(FactWrites.this);
        }

        @Override
        public void resume() {
            TransactionSynchronizationManager.bindResource(FactWrites.this, Boolean.TRUE);
        }

        @Override
        public void afterCompletion(int status) {
            TransactionSynchronizationManager.unbindResourceIfPossible(FactWrites.this);
            ended.incrementAndGet();
        }
    }
}

package org.trefoilhub.dicomweb.archive.index;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Lets threads that write at the same time share one transaction: whoever gets the lock carries out everything that waits.
 *
 * <p>Thread-safe. A caller returns only when its own request was committed. If a shared transaction fails, its requests
 * are tried once more one by one, so that one bad request fails alone.
 *
 * @param <T> a request
 * @param <R> its result
 */
final class GroupCommit<T, R> {
    private static final int MAX_BATCH = 64;

    private record Waiting<T, R>(T request, CompletableFuture<R> result) {}

    private final Function<List<T>, List<R>> transaction;
    private final Queue<Waiting<T, R>> queue = new ConcurrentLinkedQueue<>();
    private final ReentrantLock lock = new ReentrantLock(true);

    /**
     * @param transaction carries out requests in one transaction and returns their results in the same order
     */
    GroupCommit(Function<List<T>, List<R>> transaction) {
        this.transaction = transaction;
    }

    R submit(T request) {
        Waiting<T, R> mine = new Waiting<>(request, new CompletableFuture<>());
        queue.add(mine);
        while (!mine.result.isDone()) {
            lock.lock();
            try {
                if (!mine.result.isDone()) {
                    carryOut(nextBatch());
                }
            } finally {
                lock.unlock();
            }
        }
        try {
            return mine.result.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw e;
        }
    }

    private List<Waiting<T, R>> nextBatch() {
        List<Waiting<T, R>> batch = new ArrayList<>();
        Waiting<T, R> next;
        while (batch.size() < MAX_BATCH && (next = queue.poll()) != null) {
            batch.add(next);
        }
        return batch;
    }

    private void carryOut(List<Waiting<T, R>> batch) {
        try {
            List<R> results =
                    transaction.apply(batch.stream().map(Waiting::request).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).result.complete(results.get(i));
            }
        } catch (RuntimeException | Error e) {
            if (batch.size() == 1 || e instanceof Error) {
                batch.forEach(waiting -> waiting.result.completeExceptionally(e));
                return;
            }
            for (Waiting<T, R> waiting : batch) {
                carryOut(List.of(waiting));
            }
        }
    }
}

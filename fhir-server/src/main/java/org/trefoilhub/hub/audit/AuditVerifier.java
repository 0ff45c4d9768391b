package org.trefoilhub.hub.audit;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Walks the whole chain and says whether the audit is as it was written. Reads only. */
final class AuditVerifier {

    private static final int PAGE = 500;

    private final AuditTable table;
    private final AuditCheckpoint checkpoint;

    /**
     * What was found.
     *
     * @param intact whether nothing was found
     * @param events events in the chain that were checked
     * @param waiting events that are not in the chain yet
     * @param position the first bad position, or null
     * @param seq the first bad event, or null
     * @param finding what is wrong, or null
     * @param head hash at the end of what was checked
     */
    record Report(
            boolean intact,
            long events,
            long waiting,
            @Nullable Long position,
            @Nullable Long seq,
            @Nullable String finding,
            String head) {}

    AuditVerifier(AuditTable table, AuditCheckpoint checkpoint) {
        this.table = table;
        this.checkpoint = checkpoint;
    }

    /** Checks every event, the checkpoint, and that nothing lies beside the chain. */
    Report verify() {
        Optional<AuditTable.Head> kept;
        try {
            kept = checkpoint.read();
        } catch (AuditTamperedException e) {
            return bad(0, null, null, String.valueOf(e.getMessage()), AuditChain.START);
        }
        String hash = AuditChain.START;
        long position = 0;
        while (true) {
            List<AuditTable.Sealed> page = table.chain(position, PAGE);
            if (page.isEmpty()) {
                break;
            }
            for (AuditTable.Sealed seal : page) {
                long expected = position + 1;
                if (seal.position() != expected) {
                    return bad(position, expected, null, "a link of the chain is missing", hash);
                }
                if (seal.row() == null) {
                    return bad(position, expected, seal.seq(), "the event was removed", hash);
                }
                String right = AuditChain.hash(hash, expected, seal.row());
                if (!right.equals(seal.hash())) {
                    return bad(
                            position,
                            expected,
                            seal.seq(),
                            "the event or its link was changed, moved or replaced",
                            hash);
                }
                if (kept.isPresent()
                        && kept.get().position() == expected
                        && !kept.get().hash().equals(right)) {
                    return bad(
                            position,
                            expected,
                            seal.seq(),
                            "the chain was made anew: the checkpoint has another",
                            hash);
                }
                hash = right;
                position = expected;
            }
        }
        if (kept.isPresent() && kept.get().position() > position) {
            return bad(
                    position,
                    position + 1,
                    null,
                    "the end was cut off: the checkpoint has seen position "
                            + kept.get().position(),
                    hash);
        }
        Long lost = table.lostEvent();
        if (lost != null) {
            return bad(position, null, lost, "the event was removed before it was chained", hash);
        }
        Long stray = table.strayEvent();
        if (stray != null) {
            return bad(position, null, stray, "the event was not written by the hub", hash);
        }
        Report waiting = waiting(position, hash);
        if (waiting != null) {
            return waiting;
        }
        if (kept.isEmpty() && position > 0) {
            return bad(position, null, null, "the checkpoint file is gone", hash);
        }
        return new Report(true, position, table.waiting(), null, null, null, hash);
    }

    /** What waits for its place must be whole; null when it is. */
    private @Nullable Report waiting(long position, String hash) {
        long after = Long.MIN_VALUE;
        while (true) {
            List<PendingEvents> page = table.pending(after, PAGE);
            if (page.isEmpty()) {
                return null;
            }
            for (PendingEvents pending : page) {
                after = pending.seq();
                try {
                    pending.rows();
                } catch (AuditTamperedException e) {
                    return bad(position, null, pending.seq(), String.valueOf(e.getMessage()), hash);
                }
            }
        }
    }

    private Report bad(long events, @Nullable Long position, @Nullable Long seq, String finding, String head) {
        return new Report(false, events, table.waiting(), position, seq, finding, head);
    }
}

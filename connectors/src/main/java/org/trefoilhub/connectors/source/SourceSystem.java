package org.trefoilhub.connectors.source;

import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.Subject;

/**
 * A system that sends, as it is configured.
 *
 * @param code its name in MSH-3, value of the identifier system {@code sid/source}
 * @param subject whose rights it has; narrow, and asked of the policy engine for every resource
 * @param charset name of the character set when MSH-18 is empty; null = guessed between UTF-8 and GB18030
 * @param ownAuthorities assigning authorities (CX.4.1) of patient ids that are the hospital's own, beside none and the
 *     sending facility
 * @param refusal how content that cannot be applied is answered
 * @param accepts message types (MSH-9.1) it may send; empty = all that the hub reads
 */
public record SourceSystem(
        String code,
        Subject subject,
        @Nullable String charset,
        Set<String> ownAuthorities,
        Refusal refusal,
        Set<String> accepts) {

    /** The answer to content that cannot be applied; HL7 v2 table 0008. */
    public enum Refusal {
        /** Application error: most senders stop, or ask a person. */
        AE,
        /** Application reject: most senders go on with the next message. */
        AR,
        /** Accepted: the message waits in quarantine and the sender need not know; for senders that would repeat for ever. */
        AA
    }

    /** Copies the sets. */
    public SourceSystem {
        ownAuthorities = Set.copyOf(ownAuthorities);
        accepts = Set.copyOf(accepts);
    }
}

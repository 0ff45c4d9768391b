package org.trefoilhub.interceptors.fhir.facts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.DefaultTransactionStatus;
import org.springframework.transaction.support.TransactionTemplate;

/** Whoever holds facts learns of every transaction that writes some, before anything of it can be seen. */
class FactWritesTest {

    private final FactWrites writes = new FactWrites();
    private final Transactions transactions = new Transactions();
    private final TransactionTemplate transaction = new TransactionTemplate(transactions);
    private final TransactionTemplate another = new TransactionTemplate(
            transactions, new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_REQUIRES_NEW));

    /** Spring's transactions over no resource at all. */
    private static final class Transactions extends AbstractPlatformTransactionManager {
        private static final long serialVersionUID = 1L;

        private boolean open;

        @Override
        protected Object doGetTransaction() {
            return this;
        }

        @Override
        protected boolean isExistingTransaction(Object one) {
            return open;
        }

        @Override
        protected void doBegin(Object one, TransactionDefinition definition) {
            open = true;
        }

        @Override
        protected Object doSuspend(Object one) {
            open = false;
            return one;
        }

        @Override
        protected void doResume(@Nullable Object one, Object suspended) {
            open = true;
        }

        @Override
        protected void doCommit(DefaultTransactionStatus status) {
            open = false;
        }

        @Override
        protected void doRollback(DefaultTransactionStatus status) {
            open = false;
        }
    }

    @Test
    void isQuietUntilATransactionWritesAndAgainAfterItsEnd() {
        OptionalLong before = writes.quiet();
        assertThat(before).isPresent();
        transaction.executeWithoutResult(status -> {
            assertThat(writes.quiet()).isEqualTo(before);
            writes.during(() -> assertThat(writes.quiet()).isEmpty());
            assertThat(writes.quiet()).as("written, not committed").isEmpty();
            writes.during(() -> assertThat(writes.quiet()).isEmpty());
        });
        assertThat(writes.quiet()).isPresent().isNotEqualTo(before);
    }

    @Test
    void isQuietAgainAfterARollback() {
        OptionalLong before = writes.quiet();
        assertThatThrownBy(() -> transaction.executeWithoutResult(status -> writes.during(() -> {
                    throw new IllegalArgumentException("no");
                })))
                .hasMessage("no");
        assertThat(writes.quiet()).isPresent().isNotEqualTo(before);
    }

    @Test
    void countsATransactionInsideAnotherForItself() {
        transaction.executeWithoutResult(outer -> {
            writes.during(() -> {});
            another.executeWithoutResult(inner -> writes.during(() -> {}));
            assertThat(writes.quiet()).as("the outer one goes on").isEmpty();
            writes.during(() -> {});
        });
        assertThat(writes.quiet()).isPresent();
    }

    @Test
    void endsWithTheWritingWhenThereIsNoTransaction() {
        OptionalLong before = writes.quiet();
        writes.during(() -> assertThat(writes.quiet()).isEmpty());
        assertThat(writes.quiet()).isPresent().isNotEqualTo(before);
    }
}

package org.trefoilhub.hub.smart;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.hub.smart.account.ClientAccount;

/**
 * Ends the login sessions of people who are gone, disabled or out of the position they logged in with, those that nobody
 * uses any more, and the grants of clients that were shut out. Their requests are
 * refused without it; it sees that nothing of such a session comes back to life when the person does, and that what is
 * open learns of it. Works when it is told of a change, and by itself because time passes.
 */
final class StandingSweep implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(StandingSweep.class);
    private static final Duration INTERVAL = Duration.ofSeconds(20);

    private final LoginSession sessions;
    private final LoginRegister register;
    private final AccountStore accounts;
    private final GrantStore grants;
    private final StoredClientStandings clients;
    private final ClientBlocks blocks;
    private final ScheduledExecutorService executor;

    StandingSweep(
            LoginSession sessions,
            LoginRegister register,
            AccountStore accounts,
            GrantStore grants,
            StoredClientStandings clients,
            ClientBlocks blocks) {
        this.accounts = accounts;
        this.grants = grants;
        this.clients = clients;
        this.blocks = blocks;
        this.sessions = sessions;
        this.register = register;
        this.executor = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "login-standing");
            thread.setDaemon(true);
            return thread;
        });
        executor.scheduleWithFixedDelay(this::sweep, INTERVAL.toSeconds(), INTERVAL.toSeconds(), TimeUnit.SECONDS);
    }

    /** Looks at all sessions soon, on a thread and a connection of its own. */
    void wake() {
        try {
            executor.execute(this::sweep);
        } catch (RejectedExecutionException e) {
            log.debug("the hub stops: nobody is logged out any more", e);
        }
    }

    private void sweep() {
        try {
            for (ClientAccount client : accounts.clients()) {
                if (blocks.note(client.id(), clients.isBlocked(client.id()))) {
                    grants.removeClient(client.id());
                    log.info("client {} was shut out: its grants are ended", client.id());
                }
            }
            for (LoginRegister.Login login : register.all()) {
                if (sessions.holds(login)) {
                    if (!sessions.isOpen(login)) {
                        sessions.expire(login);
                    }
                } else {
                    sessions.end(login.id());
                    log.info("login session {} ended: the person is gone, disabled or out of the position", login.id());
                }
            }
        } catch (RuntimeException e) {
            // An exception would end the schedule; requests are refused by themselves meanwhile.
            log.warn("login sessions cannot be looked through, trying again later", e);
        }
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}

package org.trefoilhub.hub.smart;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The login sessions of people: who, in which position, by which proof. A session is in it from login until it ends or
 * until nothing can be obtained in it any more. Thread-safe.
 *
 * <p>INVARIANT: a token of a person is issued only for a session that is in here.
 */
final class LoginRegister {

    private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(10);
    private static final Duration WITHDRAWAL_REMEMBERED = Duration.ofMinutes(30);

    private final JdbcClient jdbc;
    private final Clock clock;
    private final Duration lifetime;
    private final Queue<Withdrawal> withdrawn = new ConcurrentLinkedQueue<>();
    private Instant sweptAt = Instant.EPOCH;

    private record Withdrawal(String issuer, @Nullable String subject, @Nullable String session, Instant at) {}

    /** A session as it is kept. */
    record Login(
            String id,
            String user,
            @Nullable String position,
            String method,
            @Nullable String issuer,
            @Nullable String issuerSubject,
            @Nullable String issuerSession,
            Instant startedAt,
            Instant seenAt) {}

    /**
     * A register in tables that {@link GrantStore} has brought up to date.
     *
     * @param jdbc the hub's database
     * @param clock the hub's clock
     * @param lifetime how long a session is kept that holds no grant
     */
    LoginRegister(JdbcClient jdbc, Clock clock, Duration lifetime) {
        this.jdbc = jdbc;
        this.clock = clock;
        this.lifetime = lifetime;
    }

    void begin(String id, String user, @Nullable String position, LoginProof proof) {
        Instant now = clock.instant();
        sweep(now);
        jdbc.sql(
                        """
                        insert into trefoil.smart_login
                          (id, user_name, position_code, method, issuer, issuer_subject, issuer_session, started_at, seen_at,
                           until_at)
                        values (:id, :user, :position, :method, :issuer, :subject, :session, :now, :now, :until)""")
                .param("id", id)
                .param("user", user)
                .param("position", position, Types.VARCHAR)
                .param("method", proof.method())
                .param("issuer", proof.issuer(), Types.VARCHAR)
                .param("subject", proof.subject(), Types.VARCHAR)
                .param("session", proof.session(), Types.VARCHAR)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("until", now.plus(lifetime).atOffset(ZoneOffset.UTC))
                .update();
    }

    /** Remembers when a session was used last. */
    void seen(String id, Instant now) {
        jdbc.sql("update trefoil.smart_login set seen_at = :now where id = :id")
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("id", id)
                .update();
    }

    Optional<Login> find(String id) {
        return jdbc.sql("select * from trefoil.smart_login where id = :id")
                .param("id", id)
                .query((row, number) -> login(row))
                .optional();
    }

    List<Login> all() {
        return jdbc.sql("select * from trefoil.smart_login")
                .query((row, number) -> login(row))
                .list();
    }

    /** The sessions that an issuer vouched for, of one of its sessions or of one of its people; null asks for any. */
    List<Login> vouchedFor(String issuer, @Nullable String subject, @Nullable String session) {
        return jdbc
                .sql("select * from trefoil.smart_login where issuer = :issuer")
                .param("issuer", issuer)
                .query((row, number) -> login(row))
                .list()
                .stream()
                .filter(login -> subject == null || subject.equals(login.issuerSubject()))
                .filter(login -> session == null || session.equals(login.issuerSession()))
                .toList();
    }

    /** From now on nobody gets in by what an issuer has vouched for until now, of one of its sessions or people. */
    void withdraw(String issuer, @Nullable String subject, @Nullable String session) {
        Instant now = clock.instant();
        withdrawn.removeIf(proof -> proof.at().isBefore(now.minus(WITHDRAWAL_REMEMBERED)));
        withdrawn.add(new Withdrawal(issuer, subject, session, now));
    }

    /** Whether an issuer took back what it vouched for at a moment. */
    boolean isWithdrawn(LoginProof proof, Instant since) {
        return withdrawn.stream()
                .anyMatch(past -> !past.at().isBefore(since)
                        && past.issuer().equals(proof.issuer())
                        && (past.subject() == null || past.subject().equals(proof.subject()))
                        && (past.session() == null || past.session().equals(proof.session())));
    }

    void remove(String id) {
        jdbc.sql("delete from trefoil.smart_login where id = :id")
                .param("id", id)
                .update();
    }

    private synchronized void sweep(Instant now) {
        if (now.isBefore(sweptAt.plus(SWEEP_INTERVAL))) {
            return;
        }
        sweptAt = now;
        jdbc.sql(
                        """
                        delete from trefoil.smart_login where until_at < :now
                          and id not in (select login_session from trefoil.smart_grant)""")
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    private static Login login(ResultSet row) throws SQLException {
        Instant startedAt = row.getObject("started_at", OffsetDateTime.class).toInstant();
        OffsetDateTime seenAt = row.getObject("seen_at", OffsetDateTime.class);
        return new Login(
                row.getString("id"),
                row.getString("user_name"),
                row.getString("position_code"),
                row.getString("method"),
                row.getString("issuer"),
                row.getString("issuer_subject"),
                row.getString("issuer_session"),
                startedAt,
                seenAt == null ? startedAt : seenAt.toInstant());
    }
}

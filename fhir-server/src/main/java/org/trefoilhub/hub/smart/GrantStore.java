package org.trefoilhub.hub.smart;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Grants that can be refreshed and revocations, in the hub's database (schema {@code trefoil}).
 *
 * <p>Revocations are also held in memory, so that asking on every request costs nothing. The hub is one process; a second
 * one on the same database would not see them before its restart. Thread-safe.
 */
final class GrantStore {

    private static final String SCHEMA = "trefoil";
    private static final Duration SWEEP_INTERVAL = Duration.ofMinutes(10);

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Clock clock;
    private final Map<String, Instant> revoked = new ConcurrentHashMap<>();
    private volatile Instant sweptAt = Instant.EPOCH;

    /** A grant as it is kept. */
    record Grant(
            String id,
            String clientId,
            String userName,
            Set<String> scopes,
            String loginSession,
            @Nullable String oidcSession,
            @Nullable Instant authenticatedAt,
            String refreshHash,
            Instant refreshIssuedAt,
            Instant refreshUntil,
            String accessId,
            Instant accessUntil,
            @Nullable LaunchContext launch) {}

    /** Brings the tables up to date and reads the revocations. */
    GrantStore(DataSource dataSource, Clock clock) {
        String schema = foldedSchema(dataSource);
        Flyway.configure()
                .dataSource(dataSource)
                .schemas(schema)
                .defaultSchema(schema)
                .table("smart_history")
                .locations("classpath:org/trefoilhub/hub/smart")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load()
                .migrate();
        this.jdbc = JdbcClient.create(dataSource);
        this.transactions = new TransactionTemplate(new DataSourceTransactionManager(dataSource));
        this.clock = clock;
        jdbc.sql("select id, until_at from trefoil.smart_revocation").query((ResultSet row) -> {
            revoked.put(row.getString(1), instant(row, "until_at"));
        });
    }

    /** Flyway quotes the name, our SQL does not: it must be spelled as the database folds it. */
    private static String foldedSchema(DataSource dataSource) {
        try (Connection connection = dataSource.getConnection()) {
            return connection.getMetaData().storesUpperCaseIdentifiers() ? SCHEMA.toUpperCase(Locale.ROOT) : SCHEMA;
        } catch (SQLException e) {
            throw new SmartException("the hub's database cannot be reached", e);
        }
    }

    /** The hub's database, its tables up to date. */
    JdbcClient jdbc() {
        return jdbc;
    }

    /** Keeps a new grant; what was kept under its id is replaced. */
    void begin(Grant grant) {
        sweep();
        transactions.executeWithoutResult(status -> {
            remove(grant.id());
            bind(
                            jdbc.sql(
                                    """
                                    insert into trefoil.smart_grant (id, client_id, user_name, scopes, login_session,
                                      oidc_session, authenticated_at, refresh_hash, refresh_issued_at, refresh_until,
                                      access_id, access_until, launch)
                                    values (:id, :clientId, :userName, :scopes, :loginSession, :oidcSession,
                                      :authenticatedAt, :refreshHash, :refreshIssuedAt, :refreshUntil, :accessId,
                                      :accessUntil, :launch)"""),
                            grant)
                    .update();
        });
    }

    /**
     * Gives a grant its next refresh token and remembers the one before it.
     *
     * @param grant the grant as it is to be
     * @param previous SHA-256 of the refresh token that was used
     * @return false when that token was not the grant's current one any more; nothing was changed then
     */
    boolean rotate(Grant grant, String previous) {
        sweep();
        Boolean rotated = transactions.execute(status -> {
            int updated = jdbc.sql(
                            """
                            update trefoil.smart_grant set refresh_hash = :refreshHash,
                              refresh_issued_at = :refreshIssuedAt, refresh_until = :refreshUntil,
                              access_id = :accessId, access_until = :accessUntil
                            where id = :id and refresh_hash = :previous""")
                    .param("refreshHash", grant.refreshHash())
                    .param("refreshIssuedAt", utc(grant.refreshIssuedAt()))
                    .param("refreshUntil", utc(grant.refreshUntil()))
                    .param("accessId", grant.accessId())
                    .param("accessUntil", utc(grant.accessUntil()))
                    .param("id", grant.id())
                    .param("previous", previous)
                    .update();
            if (updated == 1) {
                jdbc.sql("insert into trefoil.smart_refresh_used (hash, grant_id, until_at)"
                                + " values (:hash, :grant, :until)")
                        .param("hash", previous)
                        .param("grant", grant.id())
                        .param("until", utc(grant.refreshUntil()))
                        .update();
            }
            return updated == 1;
        });
        return Boolean.TRUE.equals(rotated);
    }

    /** The grant of which a refresh token was rotated away. */
    Optional<Grant> byUsedHash(String hash) {
        return jdbc.sql("select g.* from trefoil.smart_grant g join trefoil.smart_refresh_used u on u.grant_id = g.id"
                        + " where u.hash = :hash")
                .param("hash", hash)
                .query((row, number) -> grant(row))
                .optional();
    }

    Optional<Grant> byId(String id) {
        return jdbc.sql("select * from trefoil.smart_grant where id = :id")
                .param("id", id)
                .query((row, number) -> grant(row))
                .optional();
    }

    Optional<Grant> byRefreshHash(String hash) {
        return jdbc.sql("select * from trefoil.smart_grant where refresh_hash = :hash")
                .param("hash", hash)
                .query((row, number) -> grant(row))
                .optional();
    }

    /** The grants of a login session. */
    List<Grant> ofSession(String loginSession) {
        return jdbc.sql("select * from trefoil.smart_grant where login_session = :session")
                .param("session", loginSession)
                .query((row, number) -> grant(row))
                .list();
    }

    /** Ends all grants of a client. */
    void removeClient(String clientId) {
        jdbc.sql("delete from trefoil.smart_grant where client_id = :client")
                .param("client", clientId)
                .update();
    }

    void remove(String id) {
        jdbc.sql("delete from trefoil.smart_grant where id = :id")
                .param("id", id)
                .update();
    }

    /** Ends a login session: its grants are gone, and no token that carries its id is good until {@code until}. */
    void endSession(String loginSession, Instant until) {
        revoke(loginSession, until);
        jdbc.sql("delete from trefoil.smart_grant where login_session = :session")
                .param("session", loginSession)
                .update();
    }

    /** Makes every token that carries this id worthless. */
    void revoke(String id, Instant until) {
        sweep();
        if (revoked.put(id, until) != null) {
            return;
        }
        jdbc.sql("insert into trefoil.smart_revocation (id, until_at) values (:id, :until)")
                .param("id", id)
                .param("until", utc(until))
                .update();
    }

    boolean isRevoked(@Nullable String id) {
        return id != null && revoked.containsKey(id);
    }

    private synchronized void sweep() {
        Instant now = clock.instant();
        if (now.isBefore(sweptAt.plus(SWEEP_INTERVAL))) {
            return;
        }
        sweptAt = now;
        revoked.values().removeIf(until -> until.isBefore(now));
        jdbc.sql("delete from trefoil.smart_revocation where until_at < :now")
                .param("now", utc(now))
                .update();
        jdbc.sql("delete from trefoil.smart_grant where refresh_until < :now")
                .param("now", utc(now))
                .update();
        // A used token matters as long as its grant lives, and that outlives the token by its successors.
        jdbc.sql("delete from trefoil.smart_refresh_used where grant_id not in (select id from trefoil.smart_grant)")
                .update();
    }

    private static JdbcClient.StatementSpec bind(JdbcClient.StatementSpec statement, Grant grant) {
        return statement
                .param("id", grant.id())
                .param("clientId", grant.clientId())
                .param("userName", grant.userName())
                .param("scopes", String.join(" ", grant.scopes()))
                .param("loginSession", grant.loginSession())
                .param("oidcSession", grant.oidcSession())
                .param(
                        "authenticatedAt",
                        grant.authenticatedAt() == null ? null : utc(grant.authenticatedAt()),
                        Types.TIMESTAMP_WITH_TIMEZONE)
                .param("refreshHash", grant.refreshHash())
                .param("refreshIssuedAt", utc(grant.refreshIssuedAt()))
                .param("refreshUntil", utc(grant.refreshUntil()))
                .param("accessId", grant.accessId())
                .param("accessUntil", utc(grant.accessUntil()))
                .param("launch", grant.launch() == null ? null : grant.launch().toJson(), Types.VARCHAR);
    }

    private static Grant grant(ResultSet row) throws SQLException {
        String scopes = row.getString("scopes");
        String launch = row.getString("launch");
        OffsetDateTime authenticatedAt = row.getObject("authenticated_at", OffsetDateTime.class);
        return new Grant(
                row.getString("id"),
                row.getString("client_id"),
                row.getString("user_name"),
                scopes.isEmpty() ? Set.of() : Set.of(scopes.split(" ")),
                row.getString("login_session"),
                row.getString("oidc_session"),
                authenticatedAt == null ? null : authenticatedAt.toInstant(),
                row.getString("refresh_hash"),
                instant(row, "refresh_issued_at"),
                instant(row, "refresh_until"),
                row.getString("access_id"),
                instant(row, "access_until"),
                launch == null ? null : LaunchContext.ofJson(launch));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}

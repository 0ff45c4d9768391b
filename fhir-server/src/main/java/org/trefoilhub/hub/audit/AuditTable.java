package org.trefoilhub.hub.audit;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcUtils;
import org.springframework.jdbc.support.MetaDataAccessException;

/** The statements on the tables of the audit. Methods join the transaction of the caller. Thread-safe. */
final class AuditTable {

    private static final String COLUMNS = "e.seq, e.recorded, e.type, e.subtype, e.action, e.outcome, e.door, e.client,"
            + " e.user_name, e.address, e.trace_id, e.format, e.content";

    private final JdbcTemplate jdbc;
    private final Set<Long> expected = ConcurrentHashMap.newKeySet();

    AuditTable(DataSource dataSource) {
        this.jdbc = new JdbcTemplate(dataSource);
    }

    /**
     * The tables, ready to migrate.
     *
     * @throws IllegalStateException when the database cannot be reached
     */
    static Flyway flyway(DataSource dataSource) {
        // Flyway quotes the name, our SQL does not: it must be spelled as the database folds it.
        String schema;
        try {
            boolean folds =
                    JdbcUtils.extractDatabaseMetaData(dataSource, metaData -> metaData.storesUpperCaseIdentifiers());
            schema = folds ? "trefoil".toUpperCase(Locale.ROOT) : "trefoil";
        } catch (MetaDataAccessException e) {
            throw new IllegalStateException("the hub's database cannot be reached", e);
        }
        return Flyway.configure()
                .dataSource(dataSource)
                .schemas(schema)
                .defaultSchema(schema)
                .createSchemas(true)
                .table("audit_history")
                .locations("classpath:org/trefoilhub/hub/audit")
                .baselineOnMigrate(true)
                .baselineVersion("0")
                .load();
    }

    /** One position of the chain with its event. */
    record Sealed(long position, long seq, String hash, @Nullable AuditRow row) {}

    /** The end of the chain. */
    record Head(long position, String hash) {
        static final Head EMPTY = new Head(0, AuditChain.START);
    }

    /**
     * Makes events wait for their place and the chain; they are in no search until they are {@link #place placed}.
     *
     * @return numbers of the rows that wait, to be {@link #expect expected} once they are committed
     */
    List<Long> insert(List<AuditRow> rows) {
        PendingEvents.Split split = PendingEvents.of(rows);
        for (PendingEvents pending : split.pending()) {
            jdbc.update(
                    "insert into trefoil.audit_pending (seq, last_seq, events, content) values (?, ?, ?, ?)",
                    pending.seq(),
                    pending.last(),
                    pending.events(),
                    pending.content());
        }
        if (!split.unfit().isEmpty()) {
            place(split.unfit());
            jdbc.batchUpdate(
                    "insert into trefoil.audit_unsealed (seq) values (?)",
                    split.unfit().stream().map(row -> new Object[] {row.seq()}).toList());
        }
        return split.pending().stream().map(PendingEvents::seq).toList();
    }

    /** Remembers what was committed to wait, until it is {@link #place placed}: it must still be there then. */
    void expect(List<Long> pending) {
        expected.addAll(pending);
    }

    /** What this process has committed and not seen placed yet. */
    Set<Long> expected() {
        return Set.copyOf(expected);
    }

    /** Whether events are in their place, those that other processes have put there too. */
    boolean isPlaced(long seq) {
        return first("select e.seq from trefoil.audit_event e where e.seq = " + seq) != null;
    }

    /** Keeps, for the verification, that an event is gone which was to be placed. */
    void markLost(long seq) {
        jdbc.update("insert into trefoil.audit_unsealed (seq) values (?)", seq);
    }

    void forget(Collection<Long> pending) {
        expected.removeAll(pending);
    }

    /** What waits for its place after a first number, in order of the first numbers. */
    List<PendingEvents> pending(long after, int limit) {
        return jdbc.query(
                "select seq, last_seq, events, content from trefoil.audit_pending where seq > ? order by seq limit ?",
                (row, number) -> new PendingEvents(row.getLong(1), row.getLong(2), row.getInt(3), row.getBytes(4)),
                after,
                limit);
    }

    /** Forgets that events waited for their place. */
    void remove(List<PendingEvents> placed) {
        jdbc.batchUpdate(
                "delete from trefoil.audit_pending where seq = ?",
                placed.stream().map(each -> new Object[] {each.seq()}).toList());
    }

    /** Puts events in their place, where they are found. */
    void place(List<AuditRow> rows) {
        jdbc.batchUpdate(
                "insert into trefoil.audit_event (seq, recorded, type, subtype, action, outcome, door, client, user_name,"
                        + " address, trace_id, format, content) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
                rows.size(),
                (statement, row) -> {
                    statement.setLong(1, row.seq());
                    statement.setLong(2, row.recorded());
                    statement.setString(3, row.type());
                    statement.setString(4, row.subtype());
                    statement.setString(5, row.action());
                    statement.setString(6, row.outcome());
                    statement.setString(7, row.door());
                    statement.setString(8, row.client());
                    statement.setString(9, row.user());
                    statement.setString(10, row.address());
                    statement.setString(11, row.traceId());
                    statement.setString(12, row.format());
                    statement.setString(13, row.content());
                });
        record Entity(String reference, long seq) {}
        List<Entity> entities = new ArrayList<>();
        for (AuditRow row : rows) {
            row.entities().forEach(reference -> entities.add(new Entity(reference, row.seq())));
        }
        if (!entities.isEmpty()) {
            // In the order of the index: neighbours are on one page.
            entities.sort(Comparator.comparing(Entity::reference).thenComparingLong(Entity::seq));
            jdbc.batchUpdate(
                    "insert into trefoil.audit_entity (reference, seq) values (?, ?)",
                    entities,
                    entities.size(),
                    (statement, entity) -> {
                        statement.setString(1, entity.reference());
                        statement.setLong(2, entity.seq());
                    });
        }
    }

    /** The highest number in use, 0 for none. */
    long lastSeq() {
        Long placed = jdbc.queryForObject("select max(seq) from trefoil.audit_event", Long.class);
        Long pending = jdbc.queryForObject("select max(last_seq) from trefoil.audit_pending", Long.class);
        return Math.max(placed == null ? 0 : placed, pending == null ? 0 : pending);
    }

    Head head() {
        return jdbc.query(
                "select position, hash from trefoil.audit_seal order by position desc limit 1",
                row -> row.next() ? new Head(row.getLong(1), row.getString(2)) : Head.EMPTY);
    }

    /** The hash at a position, or null when the chain does not have it. */
    @Nullable
    String hashAt(long position) {
        return jdbc.query(
                "select hash from trefoil.audit_seal where position = ?",
                row -> row.next() ? row.getString(1) : null,
                position);
    }

    /** Events that are in their place but not in the chain yet, in order of their numbers. */
    List<AuditRow> unsealed(int limit) {
        return withEntities(jdbc.query(
                "select " + COLUMNS + " from trefoil.audit_unsealed u join trefoil.audit_event e on e.seq = u.seq"
                        + " order by u.seq limit ?",
                (row, number) -> row(row, 1),
                limit));
    }

    void seal(List<Sealed> seals) {
        jdbc.batchUpdate(
                "insert into trefoil.audit_seal (position, seq, hash) values (?, ?, ?)",
                seals,
                seals.size(),
                (statement, seal) -> {
                    statement.setLong(1, seal.position());
                    statement.setLong(2, seal.seq());
                    statement.setString(3, seal.hash());
                });
    }

    /** Takes events off the list of those that are in their place but not in the chain. */
    void removeUnsealed(List<AuditRow> rows) {
        jdbc.batchUpdate(
                "delete from trefoil.audit_unsealed where seq = ?",
                rows.stream().map(row -> new Object[] {row.seq()}).toList());
    }

    /** Positions of the chain after one, with their events. */
    List<Sealed> chain(long after, int limit) {
        List<Sealed> seals = jdbc.query(
                "select s.position, s.seq, s.hash, " + COLUMNS
                        + " from trefoil.audit_seal s left join trefoil.audit_event e on e.seq = s.seq"
                        + " where s.position > ? order by s.position limit ?",
                (row, number) -> {
                    row.getLong(4);
                    AuditRow event = row.wasNull() ? null : row(row, 4);
                    return new Sealed(row.getLong(1), row.getLong(2), row.getString(3), event);
                },
                after,
                limit);
        List<AuditRow> rows = new ArrayList<>();
        seals.forEach(seal -> {
            if (seal.row() != null) {
                rows.add(seal.row());
            }
        });
        Map<Long, AuditRow> whole = new HashMap<>();
        withEntities(rows).forEach(row -> whole.put(row.seq(), row));
        return seals.stream()
                .map(seal -> new Sealed(seal.position(), seal.seq(), seal.hash(), whole.get(seal.seq())))
                .toList();
    }

    /** An event that is neither in the chain nor waiting for it: somebody put it there. */
    @Nullable
    Long strayEvent() {
        return first("select min(e.seq) from trefoil.audit_event e"
                + " where not exists (select 1 from trefoil.audit_seal s where s.seq = e.seq)"
                + " and not exists (select 1 from trefoil.audit_unsealed u where u.seq = e.seq)");
    }

    /** A reference of an event that does not exist, or an event that waits for the chain and is gone. */
    @Nullable
    Long lostEvent() {
        Long entity = first("select min(x.seq) from trefoil.audit_entity x"
                + " where not exists (select 1 from trefoil.audit_event e where e.seq = x.seq)");
        return entity != null
                ? entity
                : first("select min(u.seq) from trefoil.audit_unsealed u"
                        + " where not exists (select 1 from trefoil.audit_event e where e.seq = u.seq)");
    }

    long waiting() {
        Long count = jdbc.queryForObject(
                "select (select count(*) from trefoil.audit_unsealed)"
                        + " + (select coalesce(sum(events), 0) from trefoil.audit_pending)",
                Long.class);
        return count == null ? 0 : count;
    }

    private @Nullable Long first(String sql) {
        List<Long> found = jdbc.queryForList(sql, Long.class);
        return found.isEmpty() ? null : found.get(0);
    }

    @Nullable
    AuditRow find(long seq) {
        List<AuditRow> found = withEntities(jdbc.query(
                "select " + COLUMNS + " from trefoil.audit_event e where e.seq = ?",
                (row, number) -> row(row, 1),
                seq));
        return found.isEmpty() ? null : found.get(0);
    }

    /** Events that a condition on {@code e} selects. */
    List<AuditRow> search(AuditSearch search, int limit) {
        List<Object> values = new ArrayList<>();
        String where = search.where(values, true);
        values.add(limit);
        return jdbc.query(
                "select " + COLUMNS + " from trefoil.audit_event e" + where + " order by e.seq "
                        + (search.oldestFirst() ? "asc" : "desc") + " limit ?",
                (row, number) -> row(row, 1),
                values.toArray());
    }

    long count(AuditSearch search) {
        List<Object> values = new ArrayList<>();
        String where = search.where(values, false);
        Long count =
                jdbc.queryForObject("select count(*) from trefoil.audit_event e" + where, Long.class, values.toArray());
        return count == null ? 0 : count;
    }

    private static AuditRow row(ResultSet row, int at) throws SQLException {
        return new AuditRow(
                row.getLong(at),
                row.getLong(at + 1),
                row.getString(at + 2),
                row.getString(at + 3),
                row.getString(at + 4),
                row.getString(at + 5),
                row.getString(at + 6),
                row.getString(at + 7),
                row.getString(at + 8),
                row.getString(at + 9),
                row.getString(at + 10),
                row.getString(at + 11),
                row.getString(at + 12),
                Collections.emptySortedSet());
    }

    private List<AuditRow> withEntities(Collection<AuditRow> rows) {
        if (rows.isEmpty()) {
            return List.of();
        }
        Map<Long, SortedSet<String>> entities = new HashMap<>();
        String marks = String.join(",", Collections.nCopies(rows.size(), "?"));
        jdbc.query(
                "select seq, reference from trefoil.audit_entity where seq in (" + marks + ")",
                row -> {
                    entities.computeIfAbsent(row.getLong(1), seq -> new TreeSet<>())
                            .add(row.getString(2));
                },
                rows.stream().map(AuditRow::seq).toArray());
        return rows.stream()
                .map(row -> new AuditRow(
                        row.seq(),
                        row.recorded(),
                        row.type(),
                        row.subtype(),
                        row.action(),
                        row.outcome(),
                        row.door(),
                        row.client(),
                        row.user(),
                        row.address(),
                        row.traceId(),
                        row.format(),
                        row.content(),
                        entities.getOrDefault(row.seq(), Collections.emptySortedSet())))
                .toList();
    }
}

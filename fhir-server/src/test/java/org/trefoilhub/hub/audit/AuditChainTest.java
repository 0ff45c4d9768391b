package org.trefoilhub.hub.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.trefoilhub.access.audit.AuditAction;
import org.trefoilhub.access.audit.AuditCode;
import org.trefoilhub.access.audit.AuditException;
import org.trefoilhub.access.audit.AuditRecord;
import org.trefoilhub.access.policy.Door;

/** Whatever is done to the tables behind the hub's back, the verification finds it. */
class AuditChainTest {

    private static final int EVENTS = 60;
    private static final List<String> COLUMNS = List.of(
            "recorded",
            "type",
            "subtype",
            "action",
            "outcome",
            "door",
            "client",
            "user_name",
            "address",
            "trace_id",
            "format",
            "content");

    @TempDir
    Path home;

    private JdbcTemplate jdbc;
    private TransactionTemplate transaction;
    private GroupedAuditTrail trail;
    private AuditSealer sealer;
    private AuditVerifier verifier;
    private String url;

    @BeforeEach
    void fill() {
        url = "jdbc:h2:async:" + home.resolve("db/trefoil") + ";WRITE_DELAY=0";
        JdbcDataSource database = new JdbcDataSource();
        database.setURL(url + ";DB_CLOSE_DELAY=-1");
        database.setUser("sa");
        database.setPassword("");
        AuditTable.flyway(database).migrate();
        jdbc = new JdbcTemplate(database);
        transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        AuditTable table = new AuditTable(database);
        AuditCheckpoint checkpoint = new AuditCheckpoint(home.resolve("audit/checkpoint"));
        trail = new GroupedAuditTrail(table, transaction, Clock.systemUTC(), 100, Duration.ofSeconds(20));
        sealer = new AuditSealer(table, transaction, checkpoint);
        verifier = new AuditVerifier(table, checkpoint);
        for (int i = 0; i < EVENTS; i++) {
            trail.record(event(i));
        }
        assertThat(sealer.seal()).isEqualTo(EVENTS);
    }

    @AfterEach
    void close() {
        trail.close();
        jdbc.execute("shutdown");
    }

    private static AuditRecord event(int i) {
        return AuditRecord.of(AuditCode.REST, AuditAction.READ)
                .subtype(AuditCode.interaction("read"))
                .door(Door.FHIR_REST)
                .client("console")
                .user("ward-doctor" + i)
                .address("10.0.0." + i)
                .patient("Patient/" + i)
                .resource("Observation/" + i)
                .query("Observation?subject=Patient/" + i)
                .traceId("trace-" + i)
                .build();
    }

    private List<Long> events() {
        return jdbc.queryForList("select seq from trefoil.audit_seal order by position", Long.class);
    }

    @Test
    void shouldFindNothingInWhatTheHubWrote() {
        assertThat(verifier.verify().intact()).isTrue();
        assertThat(verifier.verify().events()).isEqualTo(EVENTS);
        trail.record(event(1));
        assertThat(verifier.verify()).satisfies(report -> {
            assertThat(report.intact()).isTrue();
            assertThat(report.waiting()).isEqualTo(1);
        });
    }

    @Test
    void shouldFindOneFlippedByteInAnyColumnOfAnyEvent() {
        Random random = new Random(19);
        for (int round = 0; round < 120; round++) {
            long seq = events().get(random.nextInt(EVENTS));
            String column = COLUMNS.get(round % COLUMNS.size());
            String before = jdbc.queryForObject(
                    "select " + column + " from trefoil.audit_event where seq = ?", String.class, seq);
            byte[] bytes = String.valueOf(before).getBytes(StandardCharsets.UTF_8);
            // One bit that leaves a digit a digit, for the column that is a number.
            bytes[random.nextInt(bytes.length)] ^= 1;
            jdbc.update(
                    "update trefoil.audit_event set " + column + " = ? where seq = ?",
                    new String(bytes, StandardCharsets.UTF_8),
                    seq);
            assertThat(verifier.verify()).as(column + " of " + seq).satisfies(report -> {
                assertThat(report.intact()).isFalse();
                assertThat(report.seq()).isEqualTo(seq);
            });
            jdbc.update("update trefoil.audit_event set " + column + " = ? where seq = ?", before, seq);
        }
        assertThat(verifier.verify().intact()).isTrue();
    }

    @Test
    void shouldFindARemovedEvent() {
        long seq = events().get(20);
        jdbc.update("delete from trefoil.audit_event where seq = ?", seq);
        assertThat(verifier.verify().seq()).isEqualTo(seq);
        jdbc.update("delete from trefoil.audit_entity where seq = ?", seq);
        jdbc.update("delete from trefoil.audit_seal where seq = ?", seq);
        assertThat(verifier.verify().position()).isEqualTo(21);
    }

    @Test
    void shouldFindAMissingAndAnAddedReference() {
        jdbc.update("delete from trefoil.audit_entity where reference = 'Patient/7'");
        assertThat(verifier.verify().position()).isEqualTo(8);
        jdbc.update("insert into trefoil.audit_entity (reference, seq) values ('Patient/7', ?)", events().get(7));
        assertThat(verifier.verify().intact()).isTrue();
        jdbc.update("insert into trefoil.audit_entity (reference, seq) values ('Patient/8', ?)", events().get(7));
        assertThat(verifier.verify().position()).isEqualTo(8);
    }

    @Test
    void shouldFindEventsThatChangedPlaces() {
        List<Long> seqs = events();
        jdbc.update("update trefoil.audit_seal set seq = -1 where position = 5");
        jdbc.update("update trefoil.audit_seal set seq = ? where position = 6", seqs.get(4));
        jdbc.update("update trefoil.audit_seal set seq = ? where position = 5", seqs.get(5));
        assertThat(verifier.verify().position()).isEqualTo(5);
    }

    @Test
    void shouldFindAnEndThatWasCutOffAlsoAfterNewEventsCame() {
        List<Long> last = events().subList(EVENTS - 3, EVENTS);
        for (long seq : last) {
            jdbc.update("delete from trefoil.audit_entity where seq = ?", seq);
            jdbc.update("delete from trefoil.audit_event where seq = ?", seq);
            jdbc.update("delete from trefoil.audit_seal where seq = ?", seq);
        }
        assertThat(verifier.verify().finding()).contains("cut off");
        for (int i = 0; i < 10; i++) {
            trail.record(event(i));
        }
        sealer.seal();
        assertThat(verifier.verify()).satisfies(report -> {
            assertThat(report.intact()).isFalse();
            assertThat(report.position()).isEqualTo(EVENTS);
        });
    }

    @Test
    void shouldFindAChainThatWasMadeAnew() {
        jdbc.update("update trefoil.audit_event set user_name = 'nobody' where seq = ?", events().get(0));
        jdbc.update("insert into trefoil.audit_unsealed select seq from trefoil.audit_seal");
        jdbc.update("delete from trefoil.audit_seal");
        sealer.seal();
        assertThat(verifier.verify()).satisfies(report -> {
            assertThat(report.intact()).isFalse();
            assertThat(report.finding()).contains("checkpoint");
        });
    }

    @Test
    void shouldFindAChangedOrMissingCheckpointAndAnEventFromNowhere() throws IOException {
        Path file = home.resolve("audit/checkpoint");
        String line = Files.readString(file);
        Files.writeString(file, line.replace("trefoil-audit-1 60", "trefoil-audit-1 59"));
        assertThat(verifier.verify().finding()).contains("checkpoint");
        Files.delete(file);
        assertThat(verifier.verify().finding()).contains("checkpoint");
        Files.writeString(file, line);
        jdbc.update("insert into trefoil.audit_event select seq + 1, recorded, type, subtype, action, outcome, door,"
                + " client, user_name, address, trace_id, format, content from trefoil.audit_event limit 1");
        assertThat(verifier.verify().finding()).contains("not written by the hub");
    }

    @Test
    void shouldWriteWithTheTransactionOfTheCallerOrNotAtAll() {
        transaction.executeWithoutResult(status -> {
            trail.write(event(1));
            status.setRollbackOnly();
        });
        assertThat(sealer.seal()).isZero();
        transaction.executeWithoutResult(status -> trail.write(event(1)));
        assertThat(sealer.seal()).isEqualTo(1);
        assertThatThrownBy(() -> trail.write(event(1))).isInstanceOf(AuditException.class);
        assertThat(verifier.verify().intact()).isTrue();
    }

    @Test
    void shouldKeepEveryEventOfManyThreadsAndRefuseWhatItCannotStore() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(16);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            int number = i;
            all.add(threads.submit(() -> trail.record(event(number))));
        }
        for (Future<?> each : all) {
            each.get();
        }
        threads.shutdown();
        assertThat(sealer.seal()).isEqualTo(400);
        jdbc.execute("alter table trefoil.audit_pending rename to trefoil.audit_away");
        assertThatThrownBy(() -> trail.record(event(1))).isInstanceOf(AuditException.class);
        jdbc.execute("alter table trefoil.audit_away rename to trefoil.audit_pending");
        assertThat(verifier.verify()).satisfies(report -> {
            assertThat(report.intact()).isTrue();
            assertThat(report.events()).isEqualTo(EVENTS + 400);
        });
    }

    @Test
    void shouldFindDamagedEventsThatWaitAndPlaceTheOthers() {
        trail.record(event(1));
        byte[] content = jdbc.queryForObject("select content from trefoil.audit_pending", byte[].class);
        trail.record(event(2));
        jdbc.update(
                "update trefoil.audit_pending set content = ? where seq = (select min(seq) from"
                        + " trefoil.audit_pending)",
                java.util.Arrays.copyOf(content, content.length - 3));
        assertThat(verifier.verify().finding()).contains("wait for the chain");
        assertThat(sealer.seal()).isEqualTo(1);
        assertThat(verifier.verify()).satisfies(report -> {
            assertThat(report.intact()).isFalse();
            assertThat(report.events()).isEqualTo(EVENTS + 1);
            assertThat(report.waiting()).isEqualTo(1);
        });
    }

    @Test
    void shouldFindEventsThatWereRemovedWhileTheyWaited() {
        trail.record(event(1));
        jdbc.update("delete from trefoil.audit_pending");
        trail.record(event(2));
        assertThat(sealer.seal()).isEqualTo(1);
        assertThat(verifier.verify().finding()).contains("removed before it was chained");
        assertThat(sealer.seal()).isZero();
    }

    @Test
    void shouldChainTheOthersWhenOneCannotBePlaced() {
        trail.record(event(1));
        jdbc.update("insert into trefoil.audit_pending select seq - 1, last_seq, events, content from"
                + " trefoil.audit_pending");
        trail.record(event(2));
        assertThat(sealer.seal()).isEqualTo(2);
        assertThat(verifier.verify().events()).isEqualTo(EVENTS + 2);
        assertThat(verifier.verify().waiting()).isEqualTo(1);
    }

    @Test
    void shouldChainEventsOfAnyLength() {
        String text = "检".repeat(700_000);
        AuditRecord huge = event(1).with().detail("text", text).build();
        AuditRecord large =
                event(2).with().detail("text", text.substring(0, 150_000)).build();
        trail.record(List.of(huge, event(3), large, large, event(4)));
        assertThat(verifier.verify().waiting()).isEqualTo(5);
        assertThat(sealer.seal()).isEqualTo(5);
        assertThat(verifier.verify()).satisfies(report -> {
            assertThat(report.intact()).isTrue();
            assertThat(report.events()).isEqualTo(EVENTS + 5);
            assertThat(report.waiting()).isZero();
        });
    }

    @Test
    void shouldGoOnWithWhatAnEarlierEditionLeft() {
        long seq = events().get(EVENTS - 1);
        jdbc.update("delete from trefoil.audit_seal where seq = ?", seq);
        jdbc.update("insert into trefoil.audit_unsealed (seq) values (?)", seq);
        trail.record(event(1));
        assertThat(sealer.seal()).isEqualTo(2);
        assertThat(verifier.verify().intact()).isTrue();
    }

    @Test
    void shouldVerifyByCommandWhenTheHubIsStopped() {
        trail.close();
        jdbc.execute("shutdown");
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        AuditCommand command = new AuditCommand(new PrintStream(said, true, StandardCharsets.UTF_8), Map.of());
        List<String> verify = List.of("verify", "--home", home.toString());
        assertThat(command.run(verify))
                .as(said.toString(StandardCharsets.UTF_8))
                .isZero();
        JdbcDataSource database = new JdbcDataSource();
        database.setURL(url);
        database.setUser("sa");
        database.setPassword("");
        JdbcTemplate again = new JdbcTemplate(database);
        Long third = again.queryForObject("select seq from trefoil.audit_seal where position = 3", Long.class);
        again.update(
                "update trefoil.audit_event set content = replace(content, 'Patient/2', 'Patient/3') where seq = ?",
                third);
        assertThat(command.run(verify)).isEqualTo(1);
        assertThat(said.toString(StandardCharsets.UTF_8)).contains("position 3", "AuditEvent/" + third);
        assertThat(command.run(
                        List.of("verify", "--home", home.resolve("nowhere").toString())))
                .isEqualTo(2);
        assertThat(command.run(List.of("verify", "--help"))).isZero();
        assertThat(command.run(List.of())).isEqualTo(2);
    }
}

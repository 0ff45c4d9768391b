package org.trefoilhub.hub.audit;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/**
 * {@code trefoil admin audit verify}: asks the hub that runs on a home, or opens the database itself when none does.
 *
 * <p>Exit status 0 intact, 1 tampered with, 2 it could not be found out.
 */
public final class AuditCommand {

    private static final int INTACT = 0;
    private static final int TAMPERED = 1;
    private static final int CANNOT = 2;

    private static final String HELP =
            """
            usage: ./trefoil admin audit verify [--home DIR] [--checkpoint FILE]

              Walks the hash chain of the audit and says whether every event is as it was written.

              --home DIR         home of the hub, default ./data
              --checkpoint FILE  end of the chain outside the database, default audit/checkpoint in the home

              While the hub runs it is asked; otherwise its database is opened: H2 in the home, or the one of
              TREFOIL_DATABASE_URL, TREFOIL_DATABASE_USER and TREFOIL_DATABASE_PASSWORD.

              exit status: 0 intact, 1 tampered with, 2 cannot say""";

    private final PrintStream out;
    private final Map<String, String> environment;

    AuditCommand(PrintStream out, Map<String, String> environment) {
        this.out = out;
        this.environment = environment;
    }

    /**
     * Runs the command and ends the process with its status.
     *
     * @param arguments {@code verify} and its options
     */
    public static void main(String[] arguments) {
        if (LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME) instanceof ch.qos.logback.classic.Logger root) {
            root.setLevel(Level.OFF);
        }
        PrintStream out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
        System.exit(new AuditCommand(out, System.getenv()).run(List.of(arguments)));
    }

    /** Runs the command; returns its exit status. */
    int run(List<String> arguments) {
        Path home = Path.of("data");
        Path checkpoint = null;
        if (arguments.isEmpty() || !arguments.get(0).equals("verify")) {
            out.println(HELP);
            return arguments.contains("--help") || arguments.contains("-h") ? INTACT : CANNOT;
        }
        for (int i = 1; i < arguments.size(); i++) {
            boolean value = i + 1 < arguments.size();
            switch (arguments.get(i)) {
                case "--help", "-h" -> {
                    out.println(HELP);
                    return INTACT;
                }
                case "--home" -> home = value ? Path.of(arguments.get(++i)) : home;
                case "--checkpoint" -> checkpoint = value ? Path.of(arguments.get(++i)) : checkpoint;
                default -> {
                    out.println("unknown option " + arguments.get(i));
                    out.println(HELP);
                    return CANNOT;
                }
            }
        }
        try {
            Optional<AuditVerifier.Report> asked = ask(home);
            return tell(asked.isPresent() ? asked.get() : open(home, checkpoint));
        } catch (IOException | DataAccessException | IllegalStateException e) {
            out.println("cannot say: " + e.getMessage());
            return CANNOT;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            out.println("cannot say: interrupted");
            return CANNOT;
        }
    }

    private int tell(AuditVerifier.Report report) {
        String counted = report.events() + " events are chained"
                + (report.waiting() == 0 ? "" : ", " + report.waiting() + " wait for the chain");
        if (report.intact()) {
            out.println("intact: " + counted + ", head " + report.head());
            return INTACT;
        }
        out.println("TAMPERED: " + report.finding()
                + (report.position() == null ? "" : "; position " + report.position())
                + (report.seq() == null ? "" : "; AuditEvent/" + report.seq())
                + "; " + report.events() + " events before it are intact");
        return TAMPERED;
    }

    /** The answer of the hub that runs on the home; empty when none does. */
    private static Optional<AuditVerifier.Report> ask(Path home) throws IOException, InterruptedException {
        Path file = home.resolve(OperatorDoor.FILE);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        if (lines.size() < 2) {
            throw new IOException("the file `" + file + "` is not complete");
        }
        try {
            HttpResponse<byte[]> answer = HttpClient.newBuilder()
                    .connectTimeout(Duration.ofSeconds(10))
                    .build()
                    .send(
                            HttpRequest.newBuilder(URI.create(lines.get(0) + OperatorDoor.VERIFY))
                                    .header("Authorization", "Bearer " + lines.get(1))
                                    .timeout(Duration.ofHours(6))
                                    .POST(HttpRequest.BodyPublishers.noBody())
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray());
            if (answer.statusCode() != 200) {
                throw new IOException("the hub at " + lines.get(0) + " answered " + answer.statusCode());
            }
            return Optional.of(JsonMapper.builder().build().readValue(answer.body(), AuditVerifier.Report.class));
        } catch (ConnectException e) {
            // It died without taking its file along.
            return Optional.empty();
        }
    }

    private AuditVerifier.Report open(Path home, @Nullable Path checkpoint) throws IOException {
        String url = environment.get("TREFOIL_DATABASE_URL");
        DriverManagerDataSource database;
        if (url == null) {
            Path path = home.toAbsolutePath().normalize().resolve("db/trefoil");
            if (!Files.exists(path.resolveSibling("trefoil.mv.db"))) {
                throw new IOException("there is no database in `" + home + "`; name the home with --home");
            }
            database = new DriverManagerDataSource("jdbc:h2:async:" + path + ";IFEXISTS=TRUE;WRITE_DELAY=0", "sa", "");
        } else {
            database = new DriverManagerDataSource(
                    url,
                    environment.getOrDefault("TREFOIL_DATABASE_USER", ""),
                    environment.getOrDefault("TREFOIL_DATABASE_PASSWORD", ""));
        }
        return new AuditVerifier(
                        new AuditTable(database),
                        new AuditCheckpoint(checkpoint == null ? home.resolve("audit/checkpoint") : checkpoint))
                .verify();
    }
}

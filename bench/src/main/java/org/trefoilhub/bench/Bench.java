package org.trefoilhub.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.runner.RunnerException;

/**
 * {@code ./trefoil bench [NAME ...]}: runs benchmarks by name, prints a line of figures each, and writes {@code bench/results/NAME.json}.
 *
 * <p>Names: {@code kill-storm} (20 kills of the whole hub on H2 and 20 on PostgreSQL; {@code -Dkills=N} for another number);
 * {@code policy} (the policy engine with 1,000, 10,000 and 100,000 provisions against a linear scan); {@code policy-cost}
 * (what policy and audit take of the throughput of the doors; {@code -Drounds=N}, {@code "-Donly=FHIR search"} for one of
 * them). {@code -Dhub.java=OPTIONS} gives the hubs further options of the JVM, such as a flight recorder.
 */
public final class Bench {

    private static final List<String> NAMES = List.of("kill-storm", "policy", "policy-cost");

    private Bench() {}

    public static void main(String[] args) throws Exception {
        Path root = Path.of(System.getProperty("trefoil.root", "."))
                .toAbsolutePath()
                .normalize();
        List<String> names = args.length == 0 ? NAMES : List.of(args);
        for (String name : names) {
            if (!NAMES.contains(name)) {
                throw new IllegalArgumentException("unknown benchmark `" + name + "`, expected one of " + NAMES);
            }
        }
        PrintStream out = new PrintStream(System.out, true);
        if (names.contains("policy")) {
            policy(root, out);
        }
        if (names.contains("policy-cost")) {
            Map<String, Object> figures = new PolicyCost(
                            root,
                            16,
                            Integer.getInteger("rounds", 5),
                            Duration.ofSeconds(4),
                            only(System.getProperty("only")))
                    .run(Files.createTempDirectory("trefoil-policy-cost"));
            PolicyCost.describe(figures).forEach(line -> out.println("policy-cost " + line));
            write(root, "policy-cost", figures);
        }
        if (names.contains("kill-storm") && !killStorm(root, Integer.getInteger("kills", 20), out)) {
            throw new IllegalStateException("an acknowledged object was lost, changed or dangling; see the figures");
        }
    }

    private static Set<String> only(@Nullable String names) {
        return names == null ? Set.of() : Set.of(names.split(","));
    }

    private static void policy(Path root, PrintStream out) throws IOException, RunnerException {
        Map<String, Object> figures = PolicyBench.run();
        figures.forEach((name, value) -> out.println("policy " + name + ": " + value));
        write(root, "policy", figures);
    }

    private static boolean killStorm(Path root, int kills, PrintStream out) throws IOException, InterruptedException {
        Map<String, Object> figures = new LinkedHashMap<>();
        boolean held = true;
        for (String database : List.of("h2", "postgresql")) {
            Path home = Files.createTempDirectory("trefoil-kill-storm-" + database);
            KillStorm.Result result = killStorm(root, home, database, kills);
            figures.put(database, result);
            held &= result.held();
            out.println("kill-storm " + database + ": " + KillStorm.describe(result));
        }
        write(root, "kill-storm", figures);
        return held;
    }

    /**
     * Runs the storm on one database.
     *
     * @param database {@code h2} or {@code postgresql} (a real server from embedded binaries)
     */
    static KillStorm.Result killStorm(Path root, Path home, String database, int kills)
            throws IOException, InterruptedException {
        Path jar = root.resolve("fhir-server/target/hub/trefoil-hub-exec.jar");
        Path template = root.resolve("fhir-server/src/demo/dicom/mr-dti/0001.dcm");
        if (database.equals("h2")) {
            return new KillStorm(HubProcess.Launch.of(jar, home, List.of()), template, 1).run(kills);
        }
        try (EmbeddedPostgres postgres = EmbeddedPostgres.builder().start()) {
            List<String> settings = List.of(
                    "--spring.datasource.url=" + postgres.getJdbcUrl("postgres", "postgres"),
                    "--spring.datasource.username=postgres",
                    "--spring.datasource.password=postgres");
            return new KillStorm(HubProcess.Launch.of(jar, home, settings), template, 2).run(kills);
        }
    }

    private static void write(Path root, String name, Map<String, Object> figures) throws IOException {
        Map<String, Object> document = new LinkedHashMap<>();
        document.put("name", name);
        document.put(
                "machine",
                Map.of(
                        "processors", Runtime.getRuntime().availableProcessors(),
                        "os", System.getProperty("os.name"),
                        "java", System.getProperty("java.version")));
        document.put("commit", commit(root));
        document.put("figures", figures);
        Path folder = Files.createDirectories(root.resolve("bench/results"));
        new ObjectMapper()
                .enable(SerializationFeature.INDENT_OUTPUT)
                .writeValue(folder.resolve(name + ".json").toFile(), document);
    }

    private static String commit(Path root) throws IOException {
        Process git = new ProcessBuilder("git", "-C", root.toString(), "rev-parse", "HEAD").start();
        return new String(git.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII).trim();
    }
}

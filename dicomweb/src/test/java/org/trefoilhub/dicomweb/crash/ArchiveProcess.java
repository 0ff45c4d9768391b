package org.trefoilhub.dicomweb.crash;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.trefoilhub.dicomweb.fixture.ArchiveServer;

/** The archive alone in a process of its own, with both doors open, until it is killed. */
final class ArchiveProcess implements AutoCloseable {
    private static final String STARTED = "STARTED ";
    private static final long START_SECONDS = 120;

    private final Process process;
    private final Queue<String> output = new ConcurrentLinkedQueue<>();
    private final CompletableFuture<String> started = new CompletableFuture<>();
    private final Thread reader;
    private volatile boolean killed;

    private ArchiveProcess(Process process) {
        this.process = process;
        this.reader = new Thread(this::read, "archive-output");
        this.reader.setDaemon(true);
        this.reader.start();
    }

    /** Starts one and waits until both doors are open. */
    static ArchiveProcess start(SharedClasses classes, String jdbcUrl, String user, Path root) throws Exception {
        return start("-XX:SharedArchiveFile=" + classes.archive(), classes, jdbcUrl, user, root);
    }

    /** Starts one that leaves its classes for the next when it {@linkplain #end() ends}. */
    static ArchiveProcess startAndShare(SharedClasses classes, String jdbcUrl, String user, Path root)
            throws Exception {
        return start("-XX:ArchiveClassesAtExit=" + classes.archive(), classes, jdbcUrl, user, root);
    }

    private static ArchiveProcess start(String sharing, SharedClasses classes, String jdbcUrl, String user, Path root)
            throws Exception {
        ArchiveProcess started = new ArchiveProcess(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xms256m",
                        "-Xmx256m",
                        "-Xmn128m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        sharing,
                        "-cp",
                        classes.classPath(),
                        ArchiveServer.class.getName(),
                        jdbcUrl,
                        user,
                        root.toString())
                .redirectErrorStream(true)
                .start());
        boolean up = false;
        try {
            started.started.get(START_SECONDS, TimeUnit.SECONDS);
            up = true;
            return started;
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the archive did not start:\n" + String.join("\n", started.output), e);
        } finally {
            if (!up) {
                started.close();
            }
        }
    }

    /** Reads all the process says: it must never block on a full pipe. */
    private void read() {
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            while ((line = lines.readLine()) != null) {
                output.add(line);
                if (line.startsWith(STARTED)) {
                    started.complete(line.substring(STARTED.length()));
                }
            }
            started.completeExceptionally(new IOException("it ended"));
        } catch (IOException e) {
            started.completeExceptionally(e);
        }
    }

    private int port(int index) {
        return Integer.parseInt(started.join().split(" ")[index]);
    }

    String dicomwebUrl() {
        return "http://127.0.0.1:" + port(0) + "/dicom-web";
    }

    InetSocketAddress dimseAddress() {
        return new InetSocketAddress("127.0.0.1", port(1));
    }

    /** Whether the kill has begun; before that no connection may break. */
    boolean killed() {
        return killed;
    }

    /** Errors it has logged. */
    List<String> errors() {
        return output.stream().filter(line -> line.contains(" ERROR ")).toList();
    }

    /** SIGKILL: nothing is closed, flushed or said. */
    void kill() throws InterruptedException {
        killed = true;
        process.destroyForcibly();
        process.waitFor(); // cannot be refused
        reader.join(TimeUnit.SECONDS.toMillis(10));
    }

    /** Lets the JVM exit as on SIGTERM. */
    void end() throws InterruptedException {
        killed = true;
        process.destroy();
        process.waitFor(START_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}

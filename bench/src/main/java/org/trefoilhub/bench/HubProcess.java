package org.trefoilhub.bench;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The built hub as a child process, profile {@code demo} without the demo hospital, on free loopback ports.
 *
 * <p>{@link #close()} ends it politely; {@link #kill()} is SIGKILL.
 */
public final class HubProcess implements AutoCloseable {

    private static final String READY = "READY in ";

    private final Process process;
    private final Path log;
    private final int httpPort;
    private final int dimsePort;

    private HubProcess(Process process, Path log, int httpPort, int dimsePort) {
        this.process = process;
        this.log = log;
        this.httpPort = httpPort;
        this.dimsePort = dimsePort;
    }

    /**
     * How to start a hub.
     *
     * @param jar the executable jar
     * @param home the hub's home; kept between starts
     * @param httpPort HTTP port
     * @param dimsePort DIMSE port
     * @param settings further {@code --key=value} arguments, e.g. of a PostgreSQL database
     */
    public record Launch(Path jar, Path home, int httpPort, int dimsePort, List<String> settings) {

        /** A launch on free ports with the default H2 database. */
        public static Launch of(Path jar, Path home, List<String> settings) throws IOException {
            return new Launch(jar, home, freePort(), freePort(), List.copyOf(settings));
        }
    }

    /**
     * Starts the hub and waits until it says READY.
     *
     * @param patience how long to wait
     * @throws IOException if it ends or is not ready in time; the message holds the end of its log
     */
    public static HubProcess start(Launch launch, Duration patience) throws IOException, InterruptedException {
        Files.createDirectories(launch.home());
        Path log = launch.home().resolve("hub.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx1200m",
                "-Djava.awt.headless=true",
                "-Dfile.encoding=UTF-8"));
        String more = System.getProperty("hub.java", "");
        if (!more.isBlank()) {
            command.addAll(List.of(more.strip().split("\\s+")));
        }
        command.addAll(List.of(
                "-jar",
                launch.jar().toString(),
                "--spring.profiles.active=demo",
                "--server.port=" + launch.httpPort(),
                "--trefoil.dimse.port=" + launch.dimsePort(),
                "--trefoil.hl7v2.port=0",
                "--trefoil.tls.self-signed=false",
                "--trefoil.home=" + launch.home()));
        command.addAll(launch.settings());
        Files.deleteIfExists(log);
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        HubProcess hub = new HubProcess(process, log, launch.httpPort(), launch.dimsePort());
        long deadline = System.nanoTime() + patience.toNanos();
        while (!hub.log().contains(READY)) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroyForcibly();
                String text = hub.log();
                throw new IOException("the hub was not ready within " + patience.toSeconds()
                        + " s; the end of its log:\n" + text.substring(Math.max(0, text.length() - 4000)));
            }
            Thread.sleep(200);
        }
        return hub;
    }

    /** Base address, {@code http://localhost:PORT}. */
    public String baseUrl() {
        return "http://localhost:" + httpPort;
    }

    /** Processor time that the process has used so far. */
    Duration processorTime() {
        return process.info()
                .totalCpuDuration()
                .orElseThrow(() -> new IllegalStateException("this system does not tell the processor time"));
    }

    public int dimsePort() {
        return dimsePort;
    }

    /** Seconds from process start to READY, as the hub itself counted them. */
    public int readySeconds() throws IOException {
        String text = log();
        int at = text.lastIndexOf(READY) + READY.length();
        return Integer.parseInt(text.substring(at, text.indexOf(' ', at)));
    }

    /** Ends the process without warning (SIGKILL) and waits until it is gone. */
    public void kill() throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }

    /** Process id, for memory figures. */
    public long pid() {
        return process.pid();
    }

    private String log() throws IOException {
        return Files.exists(log) ? Files.readString(log, StandardCharsets.UTF_8) : "";
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                kill();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    /** A loopback port that is free at this moment. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}

package org.trefoilhub.dicomweb.dimse;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The tools of dcmtk, as a sender and receiver of other make. */
final class Dcmtk {

    record Outcome(int exitCode, String output) {}

    private Dcmtk() {}

    static boolean installed() {
        return Files.isExecutable(Path.of("/usr/bin/storescp")) && Files.isExecutable(Path.of("/usr/bin/storescu"));
    }

    static Outcome run(Path log, List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(300, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command.get(0) + " did not end");
        }
        return new Outcome(process.exitValue(), Files.readString(log, StandardCharsets.ISO_8859_1));
    }

    /** Sends files, going on after a refusal. */
    static Outcome storescu(
            Path log, InetSocketAddress peer, String calling, String called, List<String> options, List<Path> files)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("storescu", "-v", "-R", "-nh", "-aet", calling, "-aec", called));
        command.addAll(options);
        command.addAll(List.of("127.0.0.1", Integer.toString(peer.getPort())));
        files.forEach(file -> command.add(file.toString()));
        return run(log, command);
    }

    /** A {@code storescp} that writes what it receives into a folder, byte for byte. */
    static final class StoreScp implements AutoCloseable {
        private final Process process;
        private final int port;

        StoreScp(Path folder, Path log) throws IOException, InterruptedException {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            process = new ProcessBuilder(
                            "storescp", "+B", "+xa", "-pm", "-od", folder.toString(), Integer.toString(port))
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start();
            long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
            while (!listening()) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    throw new AssertionError("storescp does not listen: " + Files.readString(log));
                }
                Thread.sleep(50);
            }
        }

        private boolean listening() {
            try (Socket socket = new Socket()) {
                socket.connect(address(), 500);
                return true;
            } catch (IOException e) {
                return false;
            }
        }

        InetSocketAddress address() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}

package org.trefoilhub.dicom.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The tools of dcmtk, as another implementation to talk to. */
final class Dcmtk {

    /** How a tool ended, and what it said. */
    record Outcome(int exitCode, String output) {}

    private Dcmtk() {}

    static boolean installed() {
        return Files.isExecutable(Path.of("/usr/bin/storescp")) && Files.isExecutable(Path.of("/usr/bin/echoscu"));
    }

    static Outcome run(Path log, List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!process.waitFor(120, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError(command.get(0) + " did not end");
        }
        return new Outcome(process.exitValue(), Files.readString(log, StandardCharsets.ISO_8859_1));
    }

    /** A {@code storescp} that writes what it receives into a folder, byte for byte. */
    static final class StoreScp implements AutoCloseable {
        private final Process process;
        private final int port;

        StoreScp(Path folder, Path log, String... options) throws IOException, InterruptedException {
            try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                port = free.getLocalPort();
            }
            List<String> command = new ArrayList<>(List.of("storescp", "+B", "-pm", "-od", folder.toString()));
            command.addAll(List.of(options));
            command.add(Integer.toString(port));
            process = new ProcessBuilder(command)
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
            try (java.net.Socket socket = new java.net.Socket()) {
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

package org.trefoilhub.hub.e2e;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** dcmtk's command line tools, as peers of other make. */
final class Dcmtk {

    /**
     * How a tool ended.
     *
     * @param exitCode 0 = well
     * @param output both streams
     */
    record Outcome(int exitCode, String output) {}

    private Dcmtk() {}

    static boolean installed() {
        return Files.isExecutable(Path.of("/usr/bin/echoscu")) && Files.isExecutable(Path.of("/usr/bin/storescu"));
    }

    static Outcome echoscu(Path log, int port, String calling, String called) throws IOException, InterruptedException {
        return run(log, List.of("echoscu", "-v", "-aet", calling, "-aec", called, "127.0.0.1", Integer.toString(port)));
    }

    static Outcome storescu(Path log, int port, String calling, List<String> options, Path file)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("storescu", "-v", "-R", "-aet", calling, "-aec", "TREFOIL"));
        command.addAll(options);
        command.addAll(List.of("127.0.0.1", Integer.toString(port), file.toString()));
        return run(log, command);
    }

    private static Outcome run(Path log, List<String> command) throws IOException, InterruptedException {
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
}

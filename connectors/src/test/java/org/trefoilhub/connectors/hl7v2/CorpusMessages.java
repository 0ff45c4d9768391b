package org.trefoilhub.connectors.hl7v2;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The messages of the corpus, and those that lie beside the checkout when they do. */
public final class CorpusMessages {

    private static final Path OWN = Path.of("src/test/resources/corpus/hl7v2");
    private static final Path BESIDE = Path.of("../../shared/data/hl7v2");

    private CorpusMessages() {}

    /** One file of our own. */
    public static byte[] read(String name) {
        try {
            return Files.readAllBytes(OWN.resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** All files of messages, broken ones included. */
    public static List<Path> all() {
        return Stream.of(OWN, BESIDE)
                .filter(Files::isDirectory)
                .flatMap(CorpusMessages::walk)
                .filter(file ->
                        file.toString().endsWith(".hl7") || file.toString().endsWith(".bin"))
                .sorted()
                .toList();
    }

    private static Stream<Path> walk(Path folder) {
        try {
            return Files.walk(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

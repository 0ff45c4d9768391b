package org.trefoilhub.dicomweb.crash;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * The class path of the archive's process, and the classes that one run of it loaded in the form in which the JVM maps them
 * into the next (JEP 350): a start takes two thirds of the time.
 *
 * @param classPath jars only, as the JVM demands
 * @param archive may be missing, then the JVM loads classes as usual
 */
record SharedClasses(String classPath, Path archive) {
    /** Jars the folders among this JVM's class path. */
    static SharedClasses ofThisJvm() throws IOException {
        Path folder = Files.createDirectories(Path.of("target", "crash").toAbsolutePath());
        List<String> jars = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path path = Path.of(entry);
            jars.add(
                    Files.isDirectory(path)
                            ? jar(path, folder.resolve("classes-" + jars.size() + ".jar"))
                                    .toString()
                            : entry);
        }
        Path archive = folder.resolve("archive.jsa");
        Files.deleteIfExists(archive);
        return new SharedClasses(String.join(File.pathSeparator, jars), archive);
    }

    private static Path jar(Path folder, Path jar) throws IOException {
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(out);
                Stream<Path> walk = Files.walk(folder)) {
            for (Path path : (Iterable<Path>) walk.sorted()::iterator) {
                String name = folder.relativize(path).toString().replace(File.separatorChar, '/');
                if (!Files.isDirectory(path)) {
                    entries.putNextEntry(new JarEntry(name));
                    Files.copy(path, entries);
                } else if (!name.isEmpty()) {
                    entries.putNextEntry(new JarEntry(name + "/")); // scans of the class path look for folders
                }
            }
        }
        return jar;
    }
}

package org.trefoilhub.hub.app;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A key store with a self-signed certificate for {@code localhost}, made once by the JDK's {@code keytool}.
 *
 * <p>For the demo only: browsers warn about it, and its password lies beside it, readable by the owner alone.
 */
record SelfSignedKeyStore(Path file, String password) {

    private static final int VALIDITY_DAYS = 825;

    /**
     * Opens the key store of a directory, making it when it is absent.
     *
     * @param directory created when absent
     * @throws IOException when the directory cannot be written or {@code keytool} fails
     */
    static SelfSignedKeyStore in(Path directory) throws IOException {
        Path file = directory.resolve("self-signed.p12");
        Path secret = directory.resolve("self-signed.password");
        if (Files.exists(file) && Files.exists(secret)) {
            return new SelfSignedKeyStore(file, Files.readString(secret, StandardCharsets.UTF_8));
        }
        Files.createDirectories(directory);
        Files.deleteIfExists(file);
        byte[] random = new byte[24];
        new SecureRandom().nextBytes(random);
        String password = HexFormat.of().formatHex(random);
        Files.writeString(secret, password, StandardCharsets.UTF_8);
        Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
        run(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "trefoil",
                "-keyalg",
                "EC",
                "-groupname",
                "secp256r1",
                "-validity",
                Integer.toString(VALIDITY_DAYS),
                "-dname",
                "CN=localhost, O=Trefoil Hub demo",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass:file",
                secret.toString()));
        return new SelfSignedKeyStore(file, password);
    }

    private static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            if (!process.waitFor(60, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new IOException("keytool did not finish within 60 s");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while keytool ran");
        }
        if (process.exitValue() != 0) {
            throw new IOException("keytool failed with exit status " + process.exitValue());
        }
    }

    @Override
    public String toString() {
        return "SelfSignedKeyStore[" + file + "]";
    }
}

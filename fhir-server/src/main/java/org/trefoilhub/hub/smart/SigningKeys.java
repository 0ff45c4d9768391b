package org.trefoilhub.hub.smart;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The key that signs tokens: made at the first start, kept under the hub's home, readable by its owner alone.
 *
 * <p>The file {@code token-signing.jwk} is a JWK (RFC 7517) of an RSA key of 2048 bits; its id is the key's thumbprint.
 */
final class SigningKeys {

    private static final Logger log = LoggerFactory.getLogger(SigningKeys.class);
    private static final String FILE = "token-signing.jwk";

    private SigningKeys() {}

    /**
     * Reads the key, or makes and keeps one.
     *
     * @param directory directory of keys, made when absent
     * @return the key set with the private key
     */
    static JWKSet load(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            if (!Files.exists(file)) {
                create(directory, file);
            }
            return new JWKSet(RSAKey.parse(Files.readString(file, StandardCharsets.UTF_8)));
        } catch (IOException | ParseException | JOSEException e) {
            throw new SmartException("the token signing key cannot be read or made in the hub's home", e);
        }
    }

    private static void create(Path directory, Path file) throws IOException, JOSEException {
        boolean posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        Files.createDirectories(directory, posix ? permissions("rwx------") : new FileAttribute<?>[0]);
        RSAKey key = new RSAKeyGenerator(2048)
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.RS256)
                .keyIDFromThumbprint(true)
                .generate();
        Path draft = Files.createTempFile(
                directory, "token-signing", ".tmp", posix ? permissions("rw-------") : new FileAttribute<?>[0]);
        Files.writeString(draft, key.toJSONString(), StandardCharsets.UTF_8, StandardOpenOption.DSYNC);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        log.info("token signing key made, kid {}", key.getKeyID());
    }

    private static FileAttribute<?>[] permissions(String mode) {
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))};
    }
}

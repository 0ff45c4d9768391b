package org.trefoilhub.hub.smart;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Date;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys that sign tokens: made by the hub, kept under its home, readable by their owner alone, replaced in time.
 *
 * <p>Each file {@code token-signing*.jwk} is a JWK (RFC 7517) of an RSA key of 2048 bits; its id is the key's thumbprint
 * and its {@code iat} the moment it was made. The first key signs at once. A later one is published first and signs after
 * {@link #announcement}, so that whoever caches the key set knows it by then; its predecessor stays published until
 * everything that it signed has expired, and is deleted then. The directory is looked at once a minute, so that hubs that
 * share it follow each other. Thread-safe.
 */
final class SigningKeys {

    private static final Logger log = LoggerFactory.getLogger(SigningKeys.class);
    private static final String PREFIX = "token-signing";
    private static final String SUFFIX = ".jwk";
    private static final Duration LOOK_INTERVAL = Duration.ofMinutes(1);
    private static final Duration LONGEST_ANNOUNCEMENT = Duration.ofDays(1);

    private final Path directory;
    private final Clock clock;
    private final Duration rotation;
    private final Duration overlap;
    private final boolean posix;
    private List<Kept> keys;
    private Instant lookedAt;

    private record Kept(Path file, RSAKey key, Instant madeAt) {}

    /**
     * Reads the keys, or makes and keeps the first one.
     *
     * @param directory directory of keys, made when absent
     * @param clock tells when a key is due
     * @param rotation how long one key signs
     * @param overlap the longest life of anything a key signs
     */
    SigningKeys(Path directory, Clock clock, Duration rotation, Duration overlap) {
        this.directory = directory;
        this.clock = clock;
        this.rotation = rotation;
        this.overlap = overlap;
        this.posix = FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
        this.lookedAt = clock.instant();
        this.keys = List.of();
        look(lookedAt);
    }

    /** How long before it signs a key is published. */
    Duration announcement() {
        Duration tenth = rotation.dividedBy(10);
        return tenth.compareTo(LONGEST_ANNOUNCEMENT) < 0 ? tenth : LONGEST_ANNOUNCEMENT;
    }

    /** The key that signs now, with its private part. */
    JWKSource<SecurityContext> signing() {
        return (selector, context) -> selector.select(new JWKSet(signingKey()));
    }

    /** The keys that verify: the one that signs, the next one, and those whose signatures have not expired. */
    JWKSource<SecurityContext> published() {
        return (selector, context) -> selector.select(new JWKSet(
                current().stream().<JWK>map(kept -> kept.key().toPublicJWK()).toList()));
    }

    private RSAKey signingKey() {
        Instant now = clock.instant();
        List<Kept> known = current();
        Kept chosen = known.get(0);
        for (Kept kept : known) {
            if (!kept.madeAt().plus(announcement()).isAfter(now)) {
                chosen = kept;
            }
        }
        return chosen.key();
    }

    private synchronized List<Kept> current() {
        Instant now = clock.instant();
        if (!now.isBefore(lookedAt.plus(LOOK_INTERVAL))) {
            lookedAt = now;
            look(now);
        }
        return keys;
    }

    private void look(Instant now) {
        try {
            List<Kept> found = read();
            if (found.isEmpty()
                    || !found.get(found.size() - 1)
                            .madeAt()
                            .plus(rotation)
                            .minus(announcement())
                            .isAfter(now)) {
                found.add(create(now));
            }
            keys = List.copyOf(withoutExpired(found, now));
        } catch (IOException | ParseException | JOSEException e) {
            if (keys.isEmpty()) {
                throw new SmartException("the token signing key cannot be read or made in the hub's home", e);
            }
            log.error(
                    "{} the token signing keys cannot be looked at, the known ones stay in force",
                    SmartErrorCode.SERVER_STATE.code(),
                    e);
        }
    }

    private List<Kept> read() throws IOException, ParseException {
        List<Kept> found = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, PREFIX + "*" + SUFFIX)) {
                for (Path file : files) {
                    RSAKey key = RSAKey.parse(Files.readString(file, StandardCharsets.UTF_8));
                    Date issued = key.getIssueTime();
                    found.add(new Kept(
                            file,
                            key,
                            issued == null ? Files.getLastModifiedTime(file).toInstant() : issued.toInstant()));
                }
            }
        }
        found.sort(Comparator.comparing(Kept::madeAt)
                .thenComparing(kept -> kept.key().getKeyID()));
        return found;
    }

    private List<Kept> withoutExpired(List<Kept> found, Instant now) throws IOException {
        List<Kept> live = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            boolean newest = i == found.size() - 1;
            if (newest
                    || found.get(i + 1)
                            .madeAt()
                            .plus(announcement())
                            .plus(overlap)
                            .isAfter(now)) {
                live.add(found.get(i));
            } else {
                Files.deleteIfExists(found.get(i).file());
                log.info("token signing key deleted, kid {}", found.get(i).key().getKeyID());
            }
        }
        return live;
    }

    private Kept create(Instant now) throws IOException, JOSEException {
        Files.createDirectories(directory, posix ? permissions("rwx------") : new FileAttribute<?>[0]);
        RSAKey key = new RSAKeyGenerator(2048)
                .keyUse(KeyUse.SIGNATURE)
                .algorithm(JWSAlgorithm.RS256)
                .issueTime(Date.from(now))
                .keyIDFromThumbprint(true)
                .generate();
        Path draft = Files.createTempFile(
                directory, PREFIX, ".tmp", posix ? permissions("rw-------") : new FileAttribute<?>[0]);
        Files.writeString(draft, key.toJSONString(), StandardCharsets.UTF_8, StandardOpenOption.DSYNC);
        Path file = directory.resolve(
                PREFIX + "-" + now.getEpochSecond() + "-" + key.getKeyID().substring(0, 8) + SUFFIX);
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        log.info("token signing key made, kid {}", key.getKeyID());
        return new Kept(file, key, now);
    }

    private static FileAttribute<?>[] permissions(String mode) {
        return new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))};
    }
}

package org.trefoilhub.hub.smart.sso.certificate;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.security.GeneralSecurityException;
import java.security.cert.X509CRL;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.io.DefaultResourceLoader;

/**
 * The revocation lists that are configured, read again when they are due. A list that cannot be read leaves the last one
 * in force; its own end of validity bounds how long. Thread-safe.
 */
final class RevocationLists {

    private static final Logger log = LoggerFactory.getLogger(RevocationLists.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int LARGEST = 64 * 1024 * 1024;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final DefaultResourceLoader files = new DefaultResourceLoader();
    private final List<String> places;
    private final Duration refresh;
    private final Clock clock;
    private final Map<String, List<X509CRL>> lists = new HashMap<>();
    private Instant readAt = Instant.MIN;

    RevocationLists(List<String> places, Duration refresh, Clock clock) {
        this.places = places;
        this.refresh = refresh;
        this.clock = clock;
    }

    /** All lists, whether they are current or not. */
    synchronized List<X509CRL> current() {
        Instant now = clock.instant();
        if (readAt.equals(Instant.MIN) || !now.isBefore(readAt.plus(refresh))) {
            readAt = now;
            places.forEach(this::read);
        }
        List<X509CRL> all = new ArrayList<>();
        lists.values().forEach(all::addAll);
        return all;
    }

    private void read(String place) {
        try {
            lists.put(place, X509.crls(bytes(place)));
        } catch (IOException | GeneralSecurityException e) {
            log.error(
                    "{} a revocation list cannot be read from {}, the last one stays in force",
                    CertificateErrorCode.REVOCATION_UNKNOWN.code(),
                    place,
                    e);
        }
    }

    private byte[] bytes(String place) throws IOException {
        if (!place.startsWith("http:") && !place.startsWith("https:")) {
            try (InputStream in = files.getResource(place).getInputStream()) {
                return in.readNBytes(LARGEST);
            }
        }
        try {
            HttpResponse<InputStream> answer = http.send(
                    HttpRequest.newBuilder(URI.create(place)).timeout(PATIENCE).build(),
                    HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = answer.body()) {
                if (answer.statusCode() != 200) {
                    throw new IOException("answered with status " + answer.statusCode());
                }
                return in.readNBytes(LARGEST);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }
}

package org.trefoilhub.hub.demo;

import ca.uhn.fhir.context.FhirContext;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.hl7.fhir.r4.model.Bundle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The two public doors as the loader uses them: a FHIR transaction and a STOW-RS request, both with a bearer token. Not thread-safe. */
final class DemoHttp {

    private static final Logger log = LoggerFactory.getLogger(DemoHttp.class);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int ATTEMPTS = 4;

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(30))
            .build();
    private final FhirContext fhir;
    private final String baseUrl;
    private final Supplier<String> accessToken;

    DemoHttp(FhirContext fhir, String baseUrl, Supplier<String> accessToken) {
        this.fhir = fhir;
        this.baseUrl = baseUrl;
        this.accessToken = accessToken;
    }

    /** POSTs a transaction Bundle to {@code /fhir}. */
    void transaction(Bundle bundle) throws IOException, InterruptedException {
        HttpRequest request = request("/fhir")
                .header("Content-Type", "application/fhir+json; charset=UTF-8")
                .header("Accept", "application/fhir+json")
                .header("Prefer", "return=minimal")
                .POST(HttpRequest.BodyPublishers.ofString(fhir.newJsonParser().encodeResourceToString(bundle)))
                .build();
        send(request, "FHIR transaction");
    }

    /** Number of matches of a FHIR search, as {@code _summary=count} tells it. */
    int count(String query) throws IOException, InterruptedException {
        HttpRequest request = request("/fhir/" + query + (query.contains("?") ? "&" : "?") + "_summary=count")
                .header("Accept", "application/fhir+json")
                .GET()
                .build();
        String body = send(request, "FHIR search");
        return fhir.newJsonParser().parseResource(Bundle.class, body).getTotal();
    }

    /** Stores Part 10 files in one STOW-RS request (PS3.18 section 10.5); the bodies are streamed from the files. */
    void store(List<Path> files) throws IOException, InterruptedException {
        String boundary = "trefoil-demo-boundary";
        HttpRequest request = request("/dicom-web/studies")
                .header("Content-Type", "multipart/related; type=\"application/dicom\"; boundary=" + boundary)
                .header("Accept", "application/dicom+json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> multipart(files, boundary)))
                .build();
        send(request, "STOW-RS");
    }

    private static InputStream multipart(List<Path> files, String boundary) {
        List<InputStream> parts = new ArrayList<>();
        for (Path file : files) {
            parts.add(text("--" + boundary + "\r\nContent-Type: application/dicom\r\n\r\n"));
            try {
                parts.add(Files.newInputStream(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            parts.add(text("\r\n"));
        }
        parts.add(text("--" + boundary + "--\r\n"));
        return new SequenceInputStream(Collections.enumeration(parts));
    }

    private static InputStream text(String text) {
        return new java.io.ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(baseUrl + path))
                .timeout(PATIENCE)
                .header("Authorization", "Bearer " + accessToken.get());
    }

    /** Sends, and again after a broken connection: every write of the loader is conditional or repeatable. */
    private String send(HttpRequest request, String what) throws IOException, InterruptedException {
        HttpResponse<String> response;
        for (int attempt = 1; ; attempt++) {
            try {
                response = http.send(request, HttpResponse.BodyHandlers.ofString());
                break;
            } catch (IOException e) {
                if (attempt == ATTEMPTS) {
                    throw e;
                }
                log.warn("{} of the demo data broke off; trying again", what, e);
                Thread.sleep(1000L * attempt);
            }
        }
        if (response.statusCode() / 100 != 2 || response.statusCode() == 202) {
            throw new IOException("%s of the demo data answered %d: %s"
                    .formatted(what, response.statusCode(), shorten(response.body())));
        }
        return response.body();
    }

    private static String shorten(String body) {
        return body.length() <= 2000 ? body : body.substring(0, 2000) + " ...";
    }
}

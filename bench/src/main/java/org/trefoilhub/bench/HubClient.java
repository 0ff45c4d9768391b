package org.trefoilhub.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.json.DicomJson;

/** The hub's HTTP doors as the client {@code conformance} uses them. Thread-safe. */
final class HubClient {

    private static final Pattern TOKEN = Pattern.compile("\"access_token\"\\s*:\\s*\"([^\"]+)\"");
    private static final Pattern ID = Pattern.compile("/fhir/[A-Za-z]+/([A-Za-z0-9.-]+)(/|$)");
    private static final String BOUNDARY = "trefoil-bench-boundary";

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final String baseUrl;
    private final String token;

    private HubClient(String baseUrl, String token) {
        this.baseUrl = baseUrl;
        this.token = token;
    }

    static HubClient connect(String baseUrl) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(baseUrl + "/oauth2/token"))
                .header(
                        "Authorization",
                        "Basic "
                                + Base64.getEncoder()
                                        .encodeToString(
                                                "conformance:conformance-secret".getBytes(StandardCharsets.UTF_8)))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials&scope=system/*.cruds"))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        Matcher token = TOKEN.matcher(response.body());
        if (response.statusCode() != 200 || !token.find()) {
            throw new IOException("the token endpoint answered " + response.statusCode());
        }
        return new HubClient(baseUrl, token.group(1));
    }

    /**
     * POSTs a FHIR resource; anything but 2xx is an error.
     *
     * @return its address below {@code /fhir}, such as {@code Patient/12}
     */
    String create(String type, String json) throws IOException, InterruptedException {
        HttpResponse<String> response = http.send(
                request("/fhir/" + type)
                        .header("Content-Type", "application/fhir+json")
                        .POST(HttpRequest.BodyPublishers.ofString(json))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IOException("creating a " + type + " answered " + response.statusCode() + ": " + response.body());
        }
        Matcher id = ID.matcher(response.headers().firstValue("Location").orElse(""));
        if (!id.find()) {
            throw new IOException("creating a " + type + " answered no address");
        }
        return type + "/" + id.group(1);
    }

    /**
     * GET of any address of the hub.
     *
     * @return the body
     * @throws IOException when the status is not 200
     */
    byte[] get(String path, String accept) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http.send(
                request(path).header("Accept", accept).GET().build(), HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() != 200) {
            throw new IOException("GET " + path + " answered " + response.statusCode());
        }
        return response.body();
    }

    /**
     * STOW-RS of one Part 10 file.
     *
     * @return the HTTP status; 200 = acknowledged
     */
    int store(byte[] part10) throws IOException, InterruptedException {
        ByteArrayOutputStream body = new ByteArrayOutputStream(part10.length + 256);
        body.writeBytes(
                ("--" + BOUNDARY + "\r\nContent-Type: application/dicom\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        body.writeBytes(part10);
        body.writeBytes(("\r\n--" + BOUNDARY + "--\r\n").getBytes(StandardCharsets.US_ASCII));
        HttpResponse<Void> response = http.send(
                request("/dicom-web/studies")
                        .header("Content-Type", "multipart/related; type=\"application/dicom\"; boundary=" + BOUNDARY)
                        .header("Accept", "application/dicom+json")
                        .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                        .build(),
                HttpResponse.BodyHandlers.discarding());
        return response.statusCode();
    }

    /**
     * WADO-RS of one instance as stored.
     *
     * @return the Part 10 file, or null when the hub says 404
     */
    byte @org.jspecify.annotations.Nullable [] retrieve(String study, String series, String instance)
            throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http.send(
                request("/dicom-web/studies/" + study + "/series/" + series + "/instances/" + instance)
                        .header("Accept", "application/dicom; transfer-syntax=*")
                        .GET()
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() == 404) {
            return null;
        }
        if (response.statusCode() != 200) {
            throw new IOException("retrieving an instance answered " + response.statusCode());
        }
        return response.body();
    }

    /** QIDO-RS of the instances of a study; each with its UIDs. */
    List<DicomDataset> instances(String study) throws IOException, InterruptedException {
        HttpResponse<byte[]> response = http.send(
                request("/dicom-web/studies/" + study + "/instances?limit=100000")
                        .header("Accept", "application/dicom+json")
                        .GET()
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        if (response.statusCode() == 204) {
            return List.of();
        }
        if (response.statusCode() != 200) {
            throw new IOException("searching instances answered " + response.statusCode());
        }
        return DicomJson.readAll(new java.io.ByteArrayInputStream(response.body()));
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(baseUrl + path))
                .timeout(Duration.ofSeconds(60))
                .header("Authorization", "Bearer " + token);
    }
}

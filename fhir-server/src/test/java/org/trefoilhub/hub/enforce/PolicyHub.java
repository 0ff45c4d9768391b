package org.trefoilhub.hub.enforce;

import ca.uhn.fhir.context.FhirContext;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.Condition;
import org.trefoilhub.access.policy.CurrentPolicies;
import org.trefoilhub.access.policy.Obligation;
import org.trefoilhub.access.policy.PolicyOptions;
import org.trefoilhub.access.policy.PolicySet;
import org.trefoilhub.access.policy.Vocabulary;
import org.trefoilhub.hub.fixture.HubFixture;

/**
 * The shared hub under policies of a test: client {@code conformance} and the hub itself may do everything, whatever the
 * test permits to others. Closing brings the policies back.
 */
final class PolicyHub implements AutoCloseable {

    static final FhirContext R4 = FhirContext.forR4Cached();
    private static final Pattern ACCESS_TOKEN = Pattern.compile("\"access_token\"\\s*:\\s*\"([^\"]+)\"");
    private static final Map<String, String> TOKENS = new ConcurrentHashMap<>();
    private static long version = 1_000_000;

    final HubFixture hub;
    private final CurrentPolicies policies;
    private final PolicySet before;

    /** The hub on H2. */
    PolicyHub() {
        this(HubFixture.onH2());
    }

    PolicyHub(HubFixture hub) {
        this.hub = hub;
        this.policies = hub.bean(CurrentPolicies.class);
        this.before = policies.set();
    }

    record Answer(int status, String body, Map<String, List<String>> headers) {
        <T extends Resource> T as(Class<T> type) {
            if (status < 200 || status > 201) {
                throw new AssertionError(status + " " + body);
            }
            return R4.newJsonParser().parseResource(type, body);
        }
    }

    /** Puts policies in force; {@code conformance} and the hub keep a permit above them. */
    PolicySet set(PolicyOptions options, AccessPolicy... added) {
        List<AccessPolicy> all = new ArrayList<>(
                List.of(permit("conformance", 500, client("conformance")), permit("hub", 500, client("hub"))));
        all.addAll(Arrays.asList(added));
        PolicySet set =
                PolicySet.compile(version++, all, Vocabulary.hospital(Set.copyOf(R4.getResourceTypes())), options);
        policies.replace(set);
        return set;
    }

    PolicySet set(AccessPolicy... added) {
        return set(PolicyOptions.DEFAULT, added);
    }

    static AccessPolicy permit(String id, int priority, Condition... conditions) {
        return new AccessPolicy(id, AccessPolicy.Effect.PERMIT, priority, List.of(conditions), Set.of());
    }

    static AccessPolicy masked(String id, int priority, Obligation mask, Condition... conditions) {
        return new AccessPolicy(id, AccessPolicy.Effect.PERMIT, priority, List.of(conditions), Set.of(mask));
    }

    static AccessPolicy deny(String id, int priority, Condition... conditions) {
        return new AccessPolicy(id, AccessPolicy.Effect.DENY, priority, List.of(conditions), Set.of());
    }

    static Condition client(String id) {
        return new Condition.Client(Set.of(id));
    }

    Answer get(String client, String path) {
        return send("GET", client, path, null);
    }

    Answer post(String client, String path, Resource body) {
        return send("POST", client, path, body);
    }

    /** Creates as {@code conformance}; returns the reference. */
    String create(Resource resource) {
        Answer answer = post("conformance", "/" + resource.fhirType(), resource);
        return resource.fhirType() + "/"
                + answer.as(resource.getClass()).getIdElement().getIdPart();
    }

    /** Executes as {@code conformance}; returns the references in order. */
    List<String> transaction(Bundle bundle) {
        bundle.setType(Bundle.BundleType.TRANSACTION);
        Bundle done = post("conformance", "", bundle).as(Bundle.class);
        return done.getEntry().stream()
                .map(entry -> new IdType(entry.getResponse().getLocation()))
                .map(id -> id.getResourceType() + "/" + id.getIdPart())
                .toList();
    }

    Answer send(String method, String client, String path, @Nullable Resource body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(hub.base() + "/fhir" + path))
                .header("Accept", "application/fhir+json")
                .header("Prefer", "return=representation")
                .header("Authorization", "Bearer " + token(client));
        for (int i = 0; i < headers.length; i += 2) {
            request.header(headers[i], headers[i + 1]);
        }
        if (body == null) {
            request.method(method, HttpRequest.BodyPublishers.noBody());
        } else {
            request.header("Content-Type", "application/fhir+json")
                    .method(
                            method,
                            HttpRequest.BodyPublishers.ofString(
                                    R4.newJsonParser().encodeResourceToString(body)));
        }
        HttpResponse<String> answer = hub.send(request);
        return new Answer(answer.statusCode(), answer.body(), answer.headers().map());
    }

    /** What a search finds, by reference, and its total. */
    Found search(String client, String query) {
        Bundle bundle = get(client, "/" + query).as(Bundle.class);
        Set<String> references = new TreeSet<>();
        for (Bundle.BundleEntryComponent entry : bundle.getEntry()) {
            if (entry.hasResource() && !entry.getResource().fhirType().equals("OperationOutcome")) {
                references.add(entry.getResource().fhirType() + "/"
                        + entry.getResource().getIdElement().getIdPart());
            }
        }
        return new Found(references, bundle.hasTotal() ? bundle.getTotal() : -1);
    }

    record Found(Set<String> references, int total) {}

    String token(String client) {
        return TOKENS.computeIfAbsent(hub.base() + " " + client, key -> newToken(client));
    }

    private String newToken(String client) {
        String basic = Base64.getEncoder()
                .encodeToString((client + ":" + client + "-secret").getBytes(StandardCharsets.UTF_8));
        HttpResponse<String> answer = hub.send(HttpRequest.newBuilder(URI.create(hub.base() + "/oauth2/token"))
                .header("Authorization", "Basic " + basic)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString("grant_type=client_credentials&scope="
                        + URLEncoder.encode("system/*.cruds", StandardCharsets.UTF_8))));
        Matcher match = ACCESS_TOKEN.matcher(answer.body());
        if (!match.find()) {
            throw new AssertionError("no token for " + client + ": " + answer.statusCode() + " " + answer.body());
        }
        return match.group(1);
    }

    @Override
    public void close() {
        policies.replace(before);
    }
}

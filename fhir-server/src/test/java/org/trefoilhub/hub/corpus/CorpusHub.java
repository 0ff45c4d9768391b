package org.trefoilhub.hub.corpus;

import ca.uhn.fhir.context.FhirContext;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Condition;
import org.trefoilhub.access.policy.CurrentPolicies;
import org.trefoilhub.access.policy.PolicyCorpus;
import org.trefoilhub.access.policy.PolicyOptions;
import org.trefoilhub.access.policy.PolicySet;
import org.trefoilhub.access.policy.Vocabulary;
import org.trefoilhub.hub.fixture.HubFixture;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.hub.smart.account.ClientAccount;
import org.trefoilhub.hub.smart.account.UserAccount;
import org.trefoilhub.interceptors.fhir.policy.AccessPolicyMapper;

/**
 * A hub of its own whose clock, accounts and policies are those of one case after the other. Everything else is real:
 * tokens signed by the hub's key, resources stored through the FHIR door, objects through STOW-RS.
 */
final class CorpusHub implements AutoCloseable {

    /** The client that stores the hospital; no case knows it. */
    static final String LOADER = "conformance";

    /** Before every case. */
    private static final Instant OPENING = Instant.parse("2026-02-28T00:00:00Z");

    private static final FhirContext R4 = FhirContext.forR4Cached();
    private static final int ABOVE_ALL = 1000;

    final HubFixture hub = HubFixture.own(Desk.class);
    private final Desk desk = hub.bean(Desk.class);
    private final CurrentPolicies policies = hub.bean(CurrentPolicies.class);
    private final Vocabulary vocabulary = Vocabulary.hospital(Set.copyOf(R4.getResourceTypes()));
    private long version = Instant.parse("2100-01-01T00:00:00Z").toEpochMilli();

    /** What a test may turn while the hub runs; no configuration by itself, or every hub of the tests would find it. */
    static class Desk {
        volatile Instant now = OPENING;
        volatile @Nullable UserAccount user;
        volatile @Nullable ClientAccount client;

        @Bean
        @Primary
        Clock settableClock() {
            return new Clock() {
                @Override
                public Instant instant() {
                    return now;
                }

                @Override
                public ZoneId getZone() {
                    return ZoneOffset.UTC;
                }

                @Override
                public Clock withZone(ZoneId zone) {
                    return this;
                }
            };
        }

        @Bean
        @Primary
        AccountStore accountsOfTheCase(@Qualifier("accountStore") AccountStore rest) {
            return new AccountStore() {
                @Override
                public Optional<UserAccount> user(String name) {
                    UserAccount ours = user;
                    return ours != null && ours.name().equals(name) ? Optional.of(ours) : rest.user(name);
                }

                @Override
                public Optional<ClientAccount> client(String id) {
                    ClientAccount ours = client;
                    return ours != null && ours.id().equals(id) ? Optional.of(ours) : rest.client(id);
                }

                @Override
                public Collection<UserAccount> users() {
                    return rest.users();
                }

                @Override
                public Collection<ClientAccount> clients() {
                    return rest.clients();
                }
            };
        }
    }

    /** Zone in which the dates and hours of a set are meant. */
    static ZoneId zone(PolicyCorpus.SetText set) {
        return set.zone() == null ? PolicyCorpus.ZONE : ZoneId.of(set.zone());
    }

    /** Puts a set in force, as Consents; the loader and the hub itself may do everything. */
    void putInForce(PolicyCorpus.SetText set, UnaryOperator<String> references) {
        AccessPolicyMapper mapper = new AccessPolicyMapper(zone(set), reference -> List.of());
        List<AccessPolicy> all = new ArrayList<>();
        for (String own : List.of(LOADER, "hub")) {
            all.add(new AccessPolicy(
                    "test-" + own,
                    AccessPolicy.Effect.PERMIT,
                    ABOVE_ALL,
                    List.of(new Condition.Client(Set.of(own))),
                    Set.of()));
        }
        for (Consent consent : new CorpusConsents(references).of(set)) {
            all.addAll(mapper.map(consent));
        }
        policies.replace(PolicySet.compile(version++, all, vocabulary, new PolicyOptions(set.labelGate())));
    }

    /** From now on it is this time. */
    void setTime(Instant instant) {
        desk.now = instant;
    }

    /**
     * Makes the accounts of a case's subject what the case says and logs it in.
     *
     * @param references what a reference of the corpus is called in the hub
     */
    String token(PolicyCorpus.SubjectText who, UnaryOperator<String> references) {
        boolean person = who.user() != null;
        desk.client = new ClientAccount(
                who.client(),
                who.client(),
                null,
                false,
                List.of(ClientAccount.Grant.AUTHORIZATION_CODE, ClientAccount.Grant.CLIENT_CREDENTIALS),
                List.of(),
                List.of(),
                List.copyOf(who.scopes()),
                person ? Clearance.V : who.clearance(),
                null,
                null,
                null,
                false,
                null);
        desk.user = person
                ? new UserAccount(
                        who.user(),
                        who.user(),
                        who.roles() == null ? Set.of() : who.roles(),
                        who.departments() == null ? Set.of() : who.departments(),
                        who.clearance(),
                        null)
                : null;
        return sign(
                who.client(), who.user(), who.scopes(), who.patient() == null ? null : references.apply(who.patient()));
    }

    /** The loader's token; it may do everything. */
    String token() {
        return sign(LOADER, null, Set.of("system/*.cruds"), null);
    }

    private String sign(String client, @Nullable String user, Set<String> scopes, @Nullable String patient) {
        JwtClaimsSet.Builder claims = JwtClaimsSet.builder()
                .issuer(hub.base())
                .audience(List.of(hub.base() + "/fhir", hub.base() + "/dicom-web", hub.base()))
                .id(UUID.randomUUID().toString())
                .subject(user == null ? client : user)
                .issuedAt(desk.now.minusSeconds(1))
                .expiresAt(desk.now.plusSeconds(300))
                .claim("client_id", client)
                .claim("scope", String.join(" ", scopes));
        if (user != null) {
            // Nobody logged in for this case: without a login session in the register only an offline grant opens a
            // door.
            claims.claim("sid", UUID.randomUUID().toString());
            claims.claim("scope", String.join(" ", scopes) + " offline_access");
        }
        if (patient != null) {
            claims.claim("patient", patient.substring(patient.indexOf('/') + 1));
        }
        JwsHeader header = JwsHeader.with(SignatureAlgorithm.RS256).build();
        return hub.bean(JwtEncoder.class)
                .encode(JwtEncoderParameters.from(header, claims.build()))
                .getTokenValue();
    }

    /** An answer of a door. */
    record Answer(int status, String body) {
        <T extends Resource> T as(Class<T> type) {
            return type.cast(resource());
        }

        Resource resource() {
            if (status / 100 != 2) {
                throw new AssertionError(status + " " + body);
            }
            return (Resource) R4.newJsonParser().parseResource(body);
        }
    }

    /** A request to the FHIR door; path after {@code /fhir}. */
    Answer fhir(String token, String method, String path, @Nullable Resource body) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(hub.base() + "/fhir" + path))
                .header("Accept", "application/fhir+json")
                .header("Prefer", "return=representation")
                .header("Authorization", "Bearer " + token);
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
        return new Answer(answer.statusCode(), answer.body());
    }

    /** What a search finds, by reference, if it may ask at all; its total must be its rows. */
    Set<String> search(String token, String query) {
        Answer answer = fhir(token, "GET", "/" + query, null);
        if (answer.status() == 403) {
            return Set.of();
        }
        Bundle bundle = answer.as(Bundle.class);
        Set<String> found = new TreeSet<>();
        for (Bundle.BundleEntryComponent entry : bundle.getEntry()) {
            if (entry.hasResource() && !entry.getResource().fhirType().equals("OperationOutcome")) {
                found.add(entry.getResource().fhirType() + "/"
                        + entry.getResource().getIdElement().getIdPart());
            }
        }
        if (bundle.getTotal() != found.size()) {
            throw new AssertionError(query + ": total " + bundle.getTotal() + " of " + found);
        }
        return found;
    }

    /** Stores as the loader; returns the reference. */
    String create(Resource resource) {
        Answer answer = fhir(token(), "POST", "/" + resource.fhirType(), resource);
        return resource.fhirType() + "/"
                + answer.as(resource.getClass()).getIdElement().getIdPart();
    }

    /** GET on the DICOMweb door; path after {@code /dicom-web}. */
    Answer dicomWeb(String token, String path, String accept) {
        HttpResponse<String> answer = hub.send(HttpRequest.newBuilder(URI.create(hub.base() + "/dicom-web" + path))
                .header("Accept", accept)
                .header("Authorization", "Bearer " + token));
        return new Answer(answer.statusCode(), answer.body());
    }

    /** POST of one Part 10 object on the DICOMweb door. */
    Answer stow(String token, byte[] body, String boundary) {
        HttpResponse<String> answer = hub.send(HttpRequest.newBuilder(URI.create(hub.base() + "/dicom-web/studies"))
                .header("Accept", "application/dicom+json")
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "multipart/related; type=\"application/dicom\"; boundary=" + boundary)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body)));
        return new Answer(answer.statusCode(), answer.body());
    }

    @Override
    public void close() {
        hub.close();
    }

    /** Settings of the last case, for the text of a failure. */
    @Override
    public String toString() {
        return Map.of("now", desk.now, "user", String.valueOf(desk.user), "client", String.valueOf(desk.client))
                .toString();
    }
}

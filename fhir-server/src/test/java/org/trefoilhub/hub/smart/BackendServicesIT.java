package org.trefoilhub.hub.smart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Clients that prove themselves with signed assertions, and what stops those who guess. */
class BackendServicesIT {

    private static final String ASSERTION = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    @TempDir
    static Path home;

    private static SmartFixture hub;
    private static Browser http;
    private static RSAKey rsa;
    private static ECKey ec;
    private static RSAKey stranger;
    private static HttpServer keyServer;
    private static final AtomicReference<String> served = new AtomicReference<>("");

    @BeforeAll
    static void start() throws Exception {
        rsa = new RSAKeyGenerator(2048).keyID("rsa-1").generate();
        ec = new ECKeyGenerator(Curve.P_384).keyID("ec-1").generate();
        stranger = new RSAKeyGenerator(2048).keyID("rsa-1").generate();
        keyServer = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        keyServer.createContext("/jwks", exchange -> {
            byte[] body = served.get().getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        keyServer.start();
        Path accounts = home.resolve("accounts.yaml");
        Files.writeString(
                accounts,
                """
                users: [{name: li, displayName: 李, roles: [doctor], password: trefoil-demo}]
                clients:
                  - {id: inline, displayName: I, grants: [CLIENT_CREDENTIALS], scopes: [system/*.rs], jwks: %s}
                  - {id: remote, displayName: R, grants: [CLIENT_CREDENTIALS], scopes: [system/*.rs], jwksUri: "%s"}
                  - {id: both, displayName: B, grants: [CLIENT_CREDENTIALS], scopes: [system/*.rs], secret: both-secret}
                """
                        .formatted(
                                new JWKSet(rsa).toString(true),
                                "http://localhost:" + keyServer.getAddress().getPort() + "/jwks"));
        hub = SmartFixture.start(
                home, SmartFixture.freePort(), "own", Map.of("trefoil.smart.accounts", "file:" + accounts));
        http = new Browser(hub.base());
    }

    @AfterAll
    static void stop() {
        hub.close();
        keyServer.stop(0);
    }

    private static JWTClaimsSet.Builder claims(String client) {
        return new JWTClaimsSet.Builder()
                .issuer(client)
                .subject(client)
                .audience(hub.base() + "/oauth2/token")
                .jwtID(UUID.randomUUID().toString())
                .expirationTime(Date.from(Instant.now().plusSeconds(240)));
    }

    private static String sign(JWSAlgorithm algorithm, String keyId, JWSSigner signer, JWTClaimsSet claims)
            throws JOSEException {
        SignedJWT jwt = new SignedJWT(
                new JWSHeader.Builder(algorithm)
                        .type(JOSEObjectType.JWT)
                        .keyID(keyId)
                        .build(),
                claims);
        jwt.sign(signer);
        return jwt.serialize();
    }

    private static String signed(String client, Consumer<JWTClaimsSet.Builder> change) throws JOSEException {
        JWTClaimsSet.Builder claims = claims(client);
        change.accept(claims);
        return sign(JWSAlgorithm.RS384, "rsa-1", new RSASSASigner(rsa), claims.build());
    }

    private static HttpResponse<String> token(String assertion, String... more) {
        Map<String, String> form = new HashMap<>(Map.of(
                "grant_type",
                "client_credentials",
                "scope",
                "system/Patient.rs system/*.cud",
                "client_assertion_type",
                ASSERTION,
                "client_assertion",
                assertion));
        for (int i = 0; i < more.length; i += 2) {
            form.put(more[i], more[i + 1]);
        }
        return http.post("/oauth2/token", form);
    }

    private static void refused(String why, HttpResponse<String> answer) {
        assertThat(answer.statusCode()).as(why).isBetween(400, 401);
        assertThat(Browser.json(answer).path("error").asText()).as(why).isEqualTo("invalid_client");
    }

    @Test
    void shouldTakeAnAssertionSignedWithRs384AndReadWithItsToken() throws Exception {
        HttpResponse<String> answer = token(signed("inline", claims -> {}));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        assertThat(answer.headers().firstValue("Cache-Control").orElse("")).contains("no-store");
        JsonNode tokens = Browser.json(answer);
        assertThat(tokens.path("token_type").asText()).isEqualTo("Bearer");
        assertThat(tokens.path("scope").asText()).isEqualTo("system/Patient.rs");
        assertThat(tokens.path("expires_in").asInt()).isPositive();
        JsonNode subject = Browser.json(http.get(
                "/fhir/Patient",
                "Authorization",
                "Bearer " + tokens.path("access_token").asText()));
        assertThat(subject.path("client").asText()).isEqualTo("inline");
    }

    @Test
    void shouldTakeAnAssertionOnlyOnce() throws Exception {
        String assertion = signed("inline", claims -> {});
        assertThat(token(assertion).statusCode()).isEqualTo(200);
        refused("replay", token(assertion));
    }

    @Test
    void shouldRefuseWhatIsNotARightAssertion() throws Exception {
        Date past = Date.from(Instant.now().minusSeconds(60));
        Date late = Date.from(Instant.now().plusSeconds(600));
        refused("expired", token(signed("inline", claims -> claims.expirationTime(past))));
        refused("too long", token(signed("inline", claims -> claims.expirationTime(late))));
        refused("no exp", token(signed("inline", claims -> claims.expirationTime(null))));
        refused("no jti", token(signed("inline", claims -> claims.jwtID(null))));
        refused("audience", token(signed("inline", claims -> claims.audience("https://x.example/token"))));
        refused("no audience", token(signed("inline", claims -> claims.audience((String) null))));
        refused("fhir base", token(signed("inline", claims -> claims.audience(hub.base() + "/fhir"))));
        refused("subject", token(signed("inline", claims -> claims.subject("remote"))));
        refused("issuer", token(signed("inline", claims -> claims.issuer("remote"))));
        refused("unknown", token(signed("nobody", claims -> {})));
        refused("future", token(signed("inline", claims -> claims.notBeforeTime(late))));
        refused("other client_id", token(signed("inline", claims -> {}), "client_id", "remote"));
        refused(
                "other key",
                token(sign(
                        JWSAlgorithm.RS384,
                        "rsa-1",
                        new RSASSASigner(stranger),
                        claims("inline").build())));
        refused(
                "unknown kid",
                token(sign(
                        JWSAlgorithm.RS384,
                        "rsa-2",
                        new RSASSASigner(rsa),
                        claims("inline").build())));
        refused(
                "RS256",
                token(sign(
                        JWSAlgorithm.RS256,
                        "rsa-1",
                        new RSASSASigner(rsa),
                        claims("inline").build())));
        refused(
                "HS384 with the public key",
                token(sign(
                        JWSAlgorithm.HS384,
                        "rsa-1",
                        new MACSigner(rsa.toRSAPublicKey().getEncoded()),
                        claims("inline").build())));
        refused("garbage", token("garbage"));
        assertThat(token(signed("inline", claims -> {}), "client_assertion_type", "x")
                        .statusCode())
                .isBetween(400, 401);
    }

    @Test
    void shouldFetchKeysBehindAnAddressAndFollowTheirRotation() throws Exception {
        served.set(new JWKSet(ec).toString(true));
        JWTClaimsSet first = claims("remote").build();
        assertThat(token(sign(JWSAlgorithm.ES384, "ec-1", new ECDSASigner(ec), first))
                        .statusCode())
                .isEqualTo(200);

        RSAKey next = new RSAKeyGenerator(2048).keyID("rsa-9").generate();
        served.set(new JWKSet(next).toString(true));
        JWTClaimsSet second = claims("remote").build();
        assertThat(token(sign(JWSAlgorithm.RS384, "rsa-9", new RSASSASigner(next), second))
                        .statusCode())
                .isEqualTo(200);
        refused(
                "the old key",
                token(sign(
                        JWSAlgorithm.ES384,
                        "ec-1",
                        new ECDSASigner(ec),
                        claims("remote").build())));
    }

    @Test
    void shouldLetAClientRegisterItsOwnKeys() throws Exception {
        String path = "/oauth2/client/jwks";
        String proof = Browser.basic("both", "both-secret");
        String keys = new JWKSet(ec).toString(true);
        String assertion = sign(
                JWSAlgorithm.ES384, "ec-1", new ECDSASigner(ec), claims("both").build());
        refused("no keys yet", token(assertion));

        assertThat(http.json("PUT", path, keys).statusCode()).isEqualTo(401);
        assertThat(http.json("PUT", path, keys, "Authorization", Browser.basic("both", "x"))
                        .statusCode())
                .isEqualTo(401);
        assertThat(http.json("PUT", path, new JWKSet(ec).toString(false), "Authorization", proof)
                        .statusCode())
                .isEqualTo(400);
        assertThat(http.json("PUT", path, "{\"keys\":[]}", "Authorization", proof)
                        .statusCode())
                .isEqualTo(400);
        assertThat(http.json("PUT", path, keys, "Authorization", proof).statusCode())
                .isEqualTo(204);
        assertThat(token(assertion).statusCode()).isEqualTo(200);

        assertThat(http.send("DELETE", path, null, "Authorization", proof).statusCode())
                .isEqualTo(204);
        refused(
                "removed",
                token(sign(
                        JWSAlgorithm.ES384,
                        "ec-1",
                        new ECDSASigner(ec),
                        claims("both").build())));
    }

    @Test
    void shouldTakeAssertionsAtIntrospectionAndRevocation() throws Exception {
        String access = Browser.json(token(signed("inline", claims -> {})))
                .path("access_token")
                .asText();
        HttpResponse<String> told = http.post(
                "/oauth2/introspect",
                Map.of(
                        "token",
                        access,
                        "client_assertion_type",
                        ASSERTION,
                        "client_assertion",
                        signed("inline", claims -> claims.audience(hub.base() + "/oauth2/introspect"))));
        assertThat(Browser.json(told).path("active").asBoolean())
                .as(told.body())
                .isTrue();
        HttpResponse<String> revoked = http.post(
                "/oauth2/revoke",
                Map.of(
                        "token",
                        access,
                        "client_assertion_type",
                        ASSERTION,
                        "client_assertion",
                        signed("inline", claims -> {})));
        assertThat(revoked.statusCode()).isEqualTo(200);
        assertThat(http.get("/fhir/Patient", "Authorization", "Bearer " + access)
                        .statusCode())
                .isEqualTo(401);
    }

    @Test
    void shouldTellItsAlgorithms() {
        for (String path :
                new String[] {"/fhir/.well-known/smart-configuration", "/.well-known/openid-configuration"}) {
            JsonNode document = Browser.json(http.get(path));
            assertThat(document.path("token_endpoint_auth_methods_supported").toString())
                    .contains("private_key_jwt");
            assertThat(document.path("token_endpoint_auth_signing_alg_values_supported")
                            .toString())
                    .isEqualTo("[\"RS384\",\"ES384\"]");
        }
    }

    @Test
    void shouldAskGuessersOfPasswordsToWaitWhetherTheAccountExistsOrNot() {
        for (String user : new String[] {"li", "nobody"}) {
            for (int attempt = 0; attempt < 5; attempt++) {
                assertThat(Browser.location(new Browser(hub.base()).login(user, "wrong")))
                        .endsWith("/login?error");
            }
            HttpResponse<String> wait = new Browser(hub.base()).login(user, "trefoil-demo");
            assertThat(wait.statusCode()).as(user).isEqualTo(429);
            assertThat(wait.headers().firstValueAsLong("Retry-After").orElse(0)).isBetween(1L, 2L);
            assertThat(wait.body()).contains("稍后再试").contains("name=\"password\"");
        }
    }

    @Test
    void shouldAskGuessersOfClientSecretsToWait() {
        Map<String, String> form = Map.of("grant_type", "client_credentials");
        for (int attempt = 0; attempt < 5; attempt++) {
            assertThat(http.post("/oauth2/token", form, "Authorization", Browser.basic("guessed", "wrong" + attempt))
                            .statusCode())
                    .isEqualTo(401);
        }
        HttpResponse<String> wait =
                http.post("/oauth2/token", form, "Authorization", Browser.basic("guessed", "wrong"));
        assertThat(wait.statusCode()).isEqualTo(429);
        assertThat(wait.headers().firstValue("Retry-After")).isPresent();
    }
}

package org.trefoilhub.hub.smart;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import jakarta.servlet.http.HttpServletRequest;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.oauth2.core.ClientAuthenticationMethod;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoderFactory;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.web.authentication.AuthenticationConverter;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.hub.smart.account.ClientAccount;

/**
 * Clients that prove themselves with a signed assertion ({@code private_key_jwt}), as SMART backend services do.
 *
 * <p>An assertion is signed with RS384 or ES384 by a key that its {@code kid} names, issued by and about the client, meant
 * for this authorization server, good for five minutes at most, and taken once. A {@code jku} must be the address that
 * the client's account names. {@code client_id} may be left out of the request, the assertion says it.
 *
 * <p>Spec: SMART App Launch 2.2, "Client Authentication: Asymmetric"; RFC 7523.
 */
final class ClientAssertions implements AuthenticationConverter, JwtDecoderFactory<RegisteredClient> {

    /** Signature algorithms that are taken. */
    static final List<String> ALGORITHMS = List.of("RS384", "ES384");

    private static final String TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private static final ClientAuthenticationMethod METHOD = new ClientAuthenticationMethod(TYPE);
    private static final Duration LONGEST_LIFE = Duration.ofMinutes(5);
    /** How far the client's clock may be off. */
    private static final Duration SKEW = Duration.ofSeconds(30);

    private final AccountStore accounts;
    private final ClientKeys keys;
    private final OnceStore once;
    private final Clock clock;
    private final Set<String> audiences;

    ClientAssertions(AccountStore accounts, ClientKeys keys, OnceStore once, SmartAddresses addresses, Clock clock) {
        this.accounts = accounts;
        this.keys = keys;
        this.once = once;
        this.clock = clock;
        this.audiences = Set.of(
                addresses.publicUrl(),
                addresses.at(SmartAddresses.TOKEN),
                addresses.at(SmartAddresses.INTROSPECT),
                addresses.at(SmartAddresses.REVOKE));
    }

    @Override
    public @Nullable Authentication convert(HttpServletRequest request) {
        String[] types = request.getParameterValues(OAuth2ParameterNames.CLIENT_ASSERTION_TYPE);
        String[] assertions = request.getParameterValues(OAuth2ParameterNames.CLIENT_ASSERTION);
        if (types == null || assertions == null || !"POST".equals(request.getMethod())) {
            return null;
        }
        if (types.length != 1 || assertions.length != 1 || !TYPE.equals(types[0])) {
            throw new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_REQUEST);
        }
        String[] ids = request.getParameterValues(OAuth2ParameterNames.CLIENT_ID);
        String issuer = issuer(assertions[0]);
        if (issuer == null || ids != null && (ids.length != 1 || !ids[0].equals(issuer))) {
            throw new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_CLIENT);
        }
        Map<String, Object> more = new HashMap<>();
        request.getParameterMap().forEach((name, values) -> {
            if (values.length == 1 && !name.startsWith("client_")) {
                more.put(name, values[0]);
            }
        });
        return new OAuth2ClientAuthenticationToken(issuer, METHOD, assertions[0], more);
    }

    /** Who the assertion claims to come from; nothing is proven yet. */
    private static @Nullable String issuer(String assertion) {
        try {
            return JWTParser.parse(assertion).getJWTClaimsSet().getIssuer();
        } catch (ParseException e) {
            return null;
        }
    }

    @Override
    public JwtDecoder createDecoder(RegisteredClient registered) {
        ClientAccount client = accounts.client(registered.getClientId()).orElseThrow(ClientAssertions::refused);
        JWKSource<SecurityContext> source = keys.of(client).orElseThrow(ClientAssertions::refused);
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(
                new JWSVerificationKeySelector<>(Set.of(JWSAlgorithm.RS384, JWSAlgorithm.ES384), source));
        processor.setJWTClaimsSetVerifier((claims, context) -> {});
        NimbusJwtDecoder decoder = new NimbusJwtDecoder(processor);
        decoder.setJwtValidator(jwt -> {
            String fault = fault(jwt, client);
            return fault == null
                    ? OAuth2TokenValidatorResult.success()
                    : OAuth2TokenValidatorResult.failure(new OAuth2Error(OAuth2ErrorCodes.INVALID_CLIENT, fault, null));
        });
        return token -> {
            Jwt jwt = decoder.decode(token);
            if (!once.use(
                    "jti " + client.id() + " " + jwt.getId(), jwt.getExpiresAt().plus(SKEW))) {
                throw new BadJwtException("the assertion was used before");
            }
            return jwt;
        };
    }

    private @Nullable String fault(Jwt jwt, ClientAccount client) {
        Instant now = clock.instant();
        Instant expires = jwt.getExpiresAt();
        Instant notBefore = jwt.getNotBefore();
        Object keyId = jwt.getHeaders().get("kid");
        Object keySet = jwt.getHeaders().get("jku");
        if (!client.id().equals(jwt.getClaimAsString("iss")) || !client.id().equals(jwt.getSubject())) {
            return "iss and sub must be the client";
        }
        if (jwt.getAudience() == null || jwt.getAudience().stream().noneMatch(audiences::contains)) {
            return "aud must be the token endpoint";
        }
        if (expires == null
                || !expires.plus(SKEW).isAfter(now)
                || expires.isAfter(now.plus(LONGEST_LIFE).plus(SKEW))) {
            return "exp must be within the next five minutes";
        }
        if (notBefore != null && notBefore.isAfter(now.plus(SKEW))) {
            return "the assertion is not valid yet";
        }
        if (jwt.getId() == null || jwt.getId().isBlank() || keyId == null) {
            return "jti and kid are needed";
        }
        if (keySet != null
                && !(client.jwksUri() != null && client.jwksUri().toString().equals(keySet))) {
            return "jku is not the registered address";
        }
        return null;
    }

    private static OAuth2AuthenticationException refused() {
        return new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_CLIENT);
    }
}

package org.trefoilhub.hub.smart.sso.oidc;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSKeySelector;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import com.nimbusds.jwt.JWT;
import com.nimbusds.jwt.JWTParser;
import com.nimbusds.oauth2.sdk.AuthorizationCode;
import com.nimbusds.oauth2.sdk.AuthorizationCodeGrant;
import com.nimbusds.oauth2.sdk.GeneralException;
import com.nimbusds.oauth2.sdk.ParseException;
import com.nimbusds.oauth2.sdk.ResponseType;
import com.nimbusds.oauth2.sdk.Scope;
import com.nimbusds.oauth2.sdk.TokenRequest;
import com.nimbusds.oauth2.sdk.TokenResponse;
import com.nimbusds.oauth2.sdk.auth.ClientAuthentication;
import com.nimbusds.oauth2.sdk.auth.ClientAuthenticationMethod;
import com.nimbusds.oauth2.sdk.auth.ClientSecretBasic;
import com.nimbusds.oauth2.sdk.auth.ClientSecretPost;
import com.nimbusds.oauth2.sdk.auth.Secret;
import com.nimbusds.oauth2.sdk.http.HTTPRequest;
import com.nimbusds.oauth2.sdk.id.ClientID;
import com.nimbusds.oauth2.sdk.id.Issuer;
import com.nimbusds.oauth2.sdk.id.State;
import com.nimbusds.oauth2.sdk.pkce.CodeChallengeMethod;
import com.nimbusds.oauth2.sdk.pkce.CodeVerifier;
import com.nimbusds.oauth2.sdk.token.AccessToken;
import com.nimbusds.openid.connect.sdk.AuthenticationRequest;
import com.nimbusds.openid.connect.sdk.LogoutRequest;
import com.nimbusds.openid.connect.sdk.Nonce;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponse;
import com.nimbusds.openid.connect.sdk.OIDCTokenResponseParser;
import com.nimbusds.openid.connect.sdk.Prompt;
import com.nimbusds.openid.connect.sdk.UserInfoRequest;
import com.nimbusds.openid.connect.sdk.UserInfoResponse;
import com.nimbusds.openid.connect.sdk.claims.IDTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.claims.LogoutTokenClaimsSet;
import com.nimbusds.openid.connect.sdk.claims.UserInfo;
import com.nimbusds.openid.connect.sdk.op.OIDCProviderMetadata;
import com.nimbusds.openid.connect.sdk.validators.IDTokenValidator;
import com.nimbusds.openid.connect.sdk.validators.LogoutTokenValidator;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The hospital's login server: its addresses, read when they are first needed so that the hub starts without it, and the
 * checks of what it issues. Only signatures by a key of its own count, never a shared secret. Thread-safe.
 */
final class HospitalProvider {

    private static final Logger log = LoggerFactory.getLogger(HospitalProvider.class);
    private static final Duration GOOD_FOR = Duration.ofHours(1);
    private static final Duration OLDEST_LOGOUT = Duration.ofMinutes(5);
    private static final int CLOCK_SKEW_SECONDS = 60;
    private static final int LARGEST_KEY_SET = 512 * 1024;
    private static final Set<JWSAlgorithm> ACCEPTED = Set.of(
            JWSAlgorithm.RS256,
            JWSAlgorithm.RS384,
            JWSAlgorithm.RS512,
            JWSAlgorithm.PS256,
            JWSAlgorithm.PS384,
            JWSAlgorithm.PS512,
            JWSAlgorithm.ES256,
            JWSAlgorithm.ES384,
            JWSAlgorithm.ES512);

    private final OidcProperties properties;
    private final Issuer issuer;
    private final ClientID client;
    private final int patienceMillis;
    private final Clock clock;
    private volatile @Nullable Known known;

    private record Known(
            OIDCProviderMetadata metadata,
            IDTokenValidator idTokens,
            LogoutTokenValidator logoutTokens,
            Instant readAt) {}

    /**
     * A person as the login server vouches for him.
     *
     * @param subject identifier of the person there
     * @param session login session there, or null when it names none
     * @param user value of the claim that names the user, or null when there is none
     * @param idToken the token that says so
     */
    record Person(String subject, @Nullable String session, @Nullable String user, String idToken) {}

    /** A login that has ended there: of one session, or of a person in all sessions. */
    record Ended(@Nullable String subject, @Nullable String session, String tokenId) {}

    HospitalProvider(OidcProperties properties, Clock clock) {
        this.properties = properties;
        this.issuer = new Issuer(Objects.requireNonNull(properties.issuer()));
        this.client = new ClientID(Objects.requireNonNull(properties.clientId()));
        this.patienceMillis = Math.toIntExact(properties.patience().toMillis());
        this.clock = clock;
    }

    String issuer() {
        return issuer.getValue();
    }

    /**
     * Where the browser goes to log in.
     *
     * @param again whether to ask even a person who is logged in there
     * @throws OidcException when the login server cannot be reached
     */
    URI login(URI redirect, String state, String nonce, String verifier, boolean again) {
        AuthenticationRequest.Builder request = new AuthenticationRequest.Builder(
                        ResponseType.CODE, new Scope(properties.scopes().toArray(String[]::new)), client, redirect)
                .endpointURI(known().metadata().getAuthorizationEndpointURI())
                .state(new State(state))
                .nonce(new Nonce(nonce))
                .codeChallenge(new CodeVerifier(verifier), CodeChallengeMethod.S256);
        if (again) {
            request.prompt(new Prompt(Prompt.Type.LOGIN));
        }
        return request.build().toURI();
    }

    /**
     * Trades the code of a login for the person.
     *
     * @throws OidcException when the server refuses, or what it says does not hold
     */
    Person person(String code, URI redirect, String nonce, String verifier) {
        Known provider = known();
        OIDCTokenResponse answer = trade(provider, code, redirect, verifier);
        JWT idToken = answer.getOIDCTokens().getIDToken();
        if (idToken == null) {
            throw new OidcException(OidcErrorCode.BAD_TOKEN, "the login server issued no id token");
        }
        IDTokenClaimsSet claims;
        try {
            claims = provider.idTokens().validate(idToken, new Nonce(nonce));
        } catch (BadJOSEException | JOSEException e) {
            throw new OidcException(OidcErrorCode.BAD_TOKEN, "the id token does not hold", e);
        }
        String user = claims.getStringClaim(properties.userClaim());
        if (user == null) {
            user = userInfo(
                    provider,
                    answer.getOIDCTokens().getAccessToken(),
                    claims.getSubject().getValue());
        }
        return new Person(
                claims.getSubject().getValue(), claims.getStringClaim("sid"), user, idToken.getParsedString());
    }

    /**
     * Checks a logout token (Back-Channel Logout 1.0 section 2.6).
     *
     * @throws OidcException when it does not hold
     */
    Ended ended(String logoutToken) {
        Known provider = known();
        LogoutTokenClaimsSet claims;
        try {
            claims = provider.logoutTokens().validate(JWTParser.parse(logoutToken));
        } catch (java.text.ParseException | BadJOSEException | JOSEException e) {
            throw new OidcException(OidcErrorCode.BAD_TOKEN, "the logout token does not hold", e);
        }
        Instant now = clock.instant();
        Instant issued = claims.getIssueTime().toInstant();
        if (issued.isAfter(now.plusSeconds(CLOCK_SKEW_SECONDS)) || issued.isBefore(now.minus(OLDEST_LOGOUT))) {
            throw new OidcException(OidcErrorCode.BAD_TOKEN, "the logout token is not of now");
        }
        return new Ended(
                claims.getSubject() == null ? null : claims.getSubject().getValue(),
                claims.getSessionID() == null ? null : claims.getSessionID().getValue(),
                claims.getJWTID().getValue());
    }

    /**
     * Where the browser goes to log out there too.
     *
     * @return null when the login server has no such address, or cannot be asked for it now
     */
    @Nullable
    URI logout(String idToken, URI back, String state) {
        try {
            URI end = known().metadata().getEndSessionEndpointURI();
            return end == null
                    ? null
                    : new LogoutRequest(end, JWTParser.parse(idToken), null, client, back, new State(state), null)
                            .toURI();
        } catch (java.text.ParseException e) {
            throw new IllegalStateException("an id token that was checked cannot be read", e);
        } catch (OidcException e) {
            log.warn("somebody stays logged in at the login server: it cannot be reached", e);
            return null;
        }
    }

    private OIDCTokenResponse trade(Known provider, String code, URI redirect, String verifier) {
        AuthorizationCodeGrant grant =
                new AuthorizationCodeGrant(new AuthorizationCode(code), redirect, new CodeVerifier(verifier));
        URI endpoint = provider.metadata().getTokenEndpointURI();
        ClientAuthentication proof = proof(provider.metadata());
        TokenRequest request = proof == null
                ? new TokenRequest(endpoint, client, grant)
                : new TokenRequest(endpoint, proof, grant, (Scope) null);
        try {
            TokenResponse answer = OIDCTokenResponseParser.parse(
                    patiently(request.toHTTPRequest()).send());
            if (answer instanceof OIDCTokenResponse tokens) {
                return tokens;
            }
            throw new OidcException(
                    OidcErrorCode.REFUSED,
                    "the login server refused the code: "
                            + answer.toErrorResponse().getErrorObject().getCode());
        } catch (IOException e) {
            throw new OidcException(OidcErrorCode.UNREACHABLE, "the login server cannot be reached", e);
        } catch (ParseException e) {
            throw new OidcException(OidcErrorCode.BAD_TOKEN, "the login server's tokens cannot be read", e);
        }
    }

    /** By header as the standard has it, in the form where the server takes it only so. */
    private @Nullable ClientAuthentication proof(OIDCProviderMetadata metadata) {
        String secret = properties.clientSecret();
        if (secret == null) {
            return null;
        }
        List<ClientAuthenticationMethod> taken = metadata.getTokenEndpointAuthMethods();
        boolean form = taken != null
                && !taken.contains(ClientAuthenticationMethod.CLIENT_SECRET_BASIC)
                && taken.contains(ClientAuthenticationMethod.CLIENT_SECRET_POST);
        return form
                ? new ClientSecretPost(client, new Secret(secret))
                : new ClientSecretBasic(client, new Secret(secret));
    }

    /** The claim from the second place where a login server may put it. */
    private @Nullable String userInfo(Known provider, AccessToken access, String subject) {
        URI endpoint = provider.metadata().getUserInfoEndpointURI();
        if (endpoint == null) {
            return null;
        }
        try {
            UserInfoResponse answer =
                    UserInfoResponse.parse(patiently(new UserInfoRequest(endpoint, access).toHTTPRequest())
                            .send());
            UserInfo info =
                    answer.indicatesSuccess() ? answer.toSuccessResponse().getUserInfo() : null;
            // Signed user info is not asked for, so that it cannot come.
            return info != null && info.getSubject().getValue().equals(subject)
                    ? info.getStringClaim(properties.userClaim())
                    : null;
        } catch (IOException e) {
            throw new OidcException(OidcErrorCode.UNREACHABLE, "the login server cannot be reached", e);
        } catch (ParseException e) {
            throw new OidcException(OidcErrorCode.BAD_TOKEN, "the user info cannot be read", e);
        }
    }

    private HTTPRequest patiently(HTTPRequest request) {
        request.setConnectTimeout(patienceMillis);
        request.setReadTimeout(patienceMillis);
        request.setFollowRedirects(false);
        return request;
    }

    private Known known() {
        Known held = known;
        if (held != null && clock.instant().isBefore(held.readAt().plus(GOOD_FOR))) {
            return held;
        }
        try {
            Known read = read();
            known = read;
            return read;
        } catch (OidcException e) {
            if (held == null) {
                throw e;
            }
            log.warn("the login server's addresses cannot be read again, the last ones stay in force", e);
            return held;
        }
    }

    private Known read() {
        try {
            // INVARIANT: resolve refuses a document that names another issuer.
            OIDCProviderMetadata metadata = OIDCProviderMetadata.resolve(issuer, patienceMillis, patienceMillis);
            JWKSource<SecurityContext> keys = JWKSourceBuilder.create(
                            metadata.getJWKSetURI().toURL(),
                            new DefaultResourceRetriever(patienceMillis, patienceMillis, LARGEST_KEY_SET))
                    .refreshAheadCache(false)
                    .build();
            JWSKeySelector<SecurityContext> selector = new JWSVerificationKeySelector<>(algorithms(metadata), keys);
            IDTokenValidator idTokens = new IDTokenValidator(issuer, client, selector, null);
            idTokens.setMaxClockSkew(CLOCK_SKEW_SECONDS);
            return new Known(
                    metadata,
                    idTokens,
                    new LogoutTokenValidator(issuer, client, false, selector, null),
                    clock.instant());
        } catch (IOException | GeneralException e) {
            throw new OidcException(
                    OidcErrorCode.UNREACHABLE, "the login server's addresses cannot be read from " + issuer, e);
        }
    }

    private static Set<JWSAlgorithm> algorithms(OIDCProviderMetadata metadata) {
        Set<JWSAlgorithm> common = metadata.getIDTokenJWSAlgs() == null
                ? Set.of()
                : metadata.getIDTokenJWSAlgs().stream()
                        .filter(ACCEPTED::contains)
                        .collect(Collectors.toSet());
        if (common.isEmpty()) {
            throw new OidcException(OidcErrorCode.UNREACHABLE, "the login server signs with no key of its own");
        }
        return common;
    }
}

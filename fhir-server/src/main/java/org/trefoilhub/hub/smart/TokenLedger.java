package org.trefoilhub.hub.smart;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.security.Principal;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.oauth2.core.AuthorizationGrantType;
import org.springframework.security.oauth2.core.OAuth2AccessToken;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.oidc.IdTokenClaimNames;
import org.springframework.security.oauth2.core.oidc.OidcIdToken;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationCode;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClient;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.hub.smart.account.ClientAccount;
import org.trefoilhub.hub.smart.scope.SmartScope;

/**
 * What the authorization server remembers of its authorizations, kept to what is needed.
 *
 * <p>Codes live in memory for their few minutes: a restart loses them, and the person clicks again. Grants with a refresh
 * token live in the database, the token as its SHA-256. Access and id tokens are not kept at all: they are signed, so
 * they are read back from themselves; only their revocation is kept. Client credentials therefore write nothing. Refresh
 * tokens that were rotated away are remembered: one that comes back ends its grant.
 *
 * <p>INVARIANT: an authorization of an ended login session, of one that was left alone (but for {@code offline_access}), of a removed user or of a removed client is not found.
 */
final class TokenLedger implements OAuth2AuthorizationService {

    /** Parameter of a stored authorization request that carries the login session of the person. */
    static final String LOGIN_SESSION = "trefoil_login_session";

    /** Claim of the login session in an access token. */
    static final String SID = "sid";

    /** Claim of the grant that an access token of a person came from; all of them end with it. */
    static final String GRANT = "grant";

    /** Claim of the position that the person chose at login; left out when there was nothing to choose. */
    static final String POSITION = "position";

    /** Attribute of a restored grant: SHA-256 of the refresh token that the next one takes the place of. */
    private static final String ROTATES = TokenLedger.class.getName() + ".rotates";

    private static final Logger log = LoggerFactory.getLogger(TokenLedger.class);
    /** How long an authorization code can be traded. */
    static final Duration CODE_LIFE = Duration.ofMinutes(5);

    private static final Duration PENDING = Duration.ofMinutes(10);
    private static final OAuth2TokenType CODE = new OAuth2TokenType(OAuth2ParameterNames.CODE);
    private static final OAuth2TokenType ID_TOKEN = new OAuth2TokenType(OidcParameterNames.ID_TOKEN);

    private final GrantStore grants;
    private final AccountStore accounts;
    private final RegisteredClientRepository clients;
    private final JwtDecoder signatures;
    private final LoginActivity activity;
    private final ApplicationEventPublisher events;
    private final Cache<String, OAuth2Authorization> pending =
            Caffeine.newBuilder().expireAfterWrite(PENDING).maximumSize(20_000).build();
    private final Cache<String, String> pendingByCode =
            Caffeine.newBuilder().expireAfterWrite(PENDING).maximumSize(20_000).build();
    private final Cache<String, OAuth2Authorization> undecided =
            Caffeine.newBuilder().expireAfterWrite(PENDING).maximumSize(20_000).build();

    /**
     * A ledger.
     *
     * @param grants what is kept in the database
     * @param accounts the accounts as they are now
     * @param clients the same, as the authorization server sees them
     * @param signatures checks the signature and issuer of our own tokens, not their lifetime
     * @param activity which login sessions are in use
     * @param events hears of refresh tokens that were used twice
     */
    TokenLedger(
            GrantStore grants,
            AccountStore accounts,
            RegisteredClientRepository clients,
            JwtDecoder signatures,
            LoginActivity activity,
            ApplicationEventPublisher events) {
        this.activity = activity;
        this.events = events;
        this.grants = grants;
        this.accounts = accounts;
        this.clients = clients;
        this.signatures = signatures;
    }

    @Override
    public void save(OAuth2Authorization authorization) {
        OAuth2Authorization.Token<OAuth2AuthorizationCode> code = authorization.getToken(OAuth2AuthorizationCode.class);
        String state = authorization.getAttribute(OAuth2ParameterNames.STATE);
        if (state != null) {
            undecided.put(hash(state), authorization);
        }
        if (code != null && isLive(authorization)) {
            pending.put(authorization.getId(), authorization);
            pendingByCode.put(hash(code.getToken().getTokenValue()), authorization.getId());
        }
        OAuth2Authorization.Token<OAuth2AccessToken> access = authorization.getAccessToken();
        if (access == null) {
            return;
        }
        if (access.isInvalidated()) {
            revoke(access);
        }
        OAuth2Authorization.Token<OAuth2RefreshToken> refresh = authorization.getRefreshToken();
        if (refresh == null) {
            return;
        }
        if (refresh.isInvalidated()) {
            grants.remove(authorization.getId());
        } else if (!access.isInvalidated()) {
            GrantStore.Grant grant = grant(authorization, access, refresh.getToken());
            String rotated = authorization.getAttribute(ROTATES);
            if (rotated == null) {
                grants.begin(grant);
            } else if (!rotated.equals(grant.refreshHash()) && !grants.rotate(grant, rotated)) {
                // Two came with one token at once, and only one of them can be the app.
                endGrant(grant);
                throw new OAuth2AuthenticationException(OAuth2ErrorCodes.INVALID_GRANT);
            }
        }
    }

    @Override
    public void remove(OAuth2Authorization authorization) {
        pending.invalidate(authorization.getId());
        grants.remove(authorization.getId());
    }

    @Override
    public @Nullable OAuth2Authorization findById(String id) {
        OAuth2Authorization waiting = pending.getIfPresent(id);
        return waiting != null
                ? waiting
                : grants.byId(id).flatMap(this::restore).orElse(null);
    }

    @Override
    public @Nullable OAuth2Authorization findByToken(String token, @Nullable OAuth2TokenType tokenType) {
        Optional<OAuth2Authorization> found = Optional.empty();
        if (ID_TOKEN.equals(tokenType)) {
            // Asked at logout only: a page may log out again after the session has ended.
            return bySignature(token, ID_TOKEN).orElse(null);
        }
        if (tokenType == null || CODE.equals(tokenType)) {
            found = byCode(token);
        }
        if (found.isEmpty() && (tokenType == null || OAuth2TokenType.REFRESH_TOKEN.equals(tokenType))) {
            found = byRefreshToken(token);
        }
        if (found.isEmpty() && (tokenType == null || OAuth2TokenType.ACCESS_TOKEN.equals(tokenType))) {
            found = bySignature(token, OAuth2TokenType.ACCESS_TOKEN);
        }
        return found.filter(this::isLive).orElse(null);
    }

    /**
     * A valid authorization request for which the person still has to choose or agree.
     *
     * @param state the server's own state of the request
     * @return the authorization, or empty when it is unknown, too old or decided
     */
    Optional<OAuth2Authorization> undecided(String state) {
        return Optional.ofNullable(undecided.getIfPresent(hash(state))).filter(this::isLive);
    }

    /** Forgets a request that was granted or refused; false when somebody else was quicker. */
    boolean decide(String state) {
        return undecided.asMap().remove(hash(state)) != null;
    }

    /** Remembers what an app is launched with. */
    static OAuth2Authorization launched(OAuth2Authorization authorization, LaunchContext context) {
        return OAuth2Authorization.from(authorization)
                .attribute(LaunchContext.class.getName(), context)
                .build();
    }

    /** What an app was launched with; null before that is known, or when it took no launch. */
    static @Nullable LaunchContext launch(@Nullable OAuth2Authorization authorization) {
        return authorization == null ? null : authorization.getAttribute(LaunchContext.class.getName());
    }

    /**
     * The login session that an authorization of a person belongs to.
     *
     * @param authorization any authorization
     * @return its session, or null for a client that acts for itself
     */
    static @Nullable String loginSession(@Nullable OAuth2Authorization authorization) {
        if (authorization == null) {
            return null;
        }
        OAuth2AuthorizationRequest request = authorization.getAttribute(OAuth2AuthorizationRequest.class.getName());
        return request == null
                ? null
                : (String) request.getAdditionalParameters().get(LOGIN_SESSION);
    }

    private boolean isLive(OAuth2Authorization authorization) {
        String session = loginSession(authorization);
        if (session == null) {
            return accounts.client(authorization.getRegisteredClientId()).isPresent();
        }
        ClientAccount client =
                accounts.client(authorization.getRegisteredClientId()).orElse(null);
        return !grants.isRevoked(session)
                && client != null
                && accounts.user(authorization.getPrincipalName()).isPresent()
                && (isOffline(client, authorization.getAuthorizedScopes()) || activity.isOpen(session));
    }

    /**
     * Whether a grant outlives the use of its login session. The hub's own pages never do, whatever they asked for.
     *
     * @param client the client, or null when it is gone
     * @param scopes what was granted
     */
    static boolean isOffline(@Nullable ClientAccount client, Set<String> scopes) {
        return client != null && !client.firstParty() && scopes.contains(SmartScope.OFFLINE);
    }

    private Optional<OAuth2Authorization> byCode(String code) {
        return Optional.ofNullable(pendingByCode.getIfPresent(hash(code))).map(pending::getIfPresent);
    }

    /**
     * Ends the whole grant when a refresh token comes back that was rotated away: the app or a thief holds a copy, and
     * nobody can tell which (RFC 9700 section 4.14.2).
     */
    private void endReused(String hash) {
        grants.byUsedHash(hash).ifPresent(grant -> {
            log.warn(
                    "a refresh token of client {} was used twice: the grant of {} is ended",
                    grant.clientId(),
                    grant.userName());
            endGrant(grant);
        });
    }

    private void endGrant(GrantStore.Grant grant) {
        GrantStore.Grant now = grants.byId(grant.id()).orElse(grant);
        grants.revoke(now.accessId(), now.accessUntil());
        grants.revoke(grant.accessId(), grant.accessUntil());
        // Those of earlier refreshes too: the last one lives longest.
        grants.revoke(grant.id(), now.accessUntil());
        grants.remove(grant.id());
        events.publishEvent(new LoginEvent.TokenReused(grant.userName(), grant.clientId()));
    }

    private Optional<OAuth2Authorization> byRefreshToken(String token) {
        String hash = hash(token);
        Optional<GrantStore.Grant> live = grants.byRefreshHash(hash);
        if (live.isEmpty()) {
            endReused(hash);
        }
        return live.flatMap(grant -> restore(grant).map(authorization -> OAuth2Authorization.from(authorization)
                .refreshToken(new OAuth2RefreshToken(token, grant.refreshIssuedAt(), grant.refreshUntil()))
                .build()));
    }

    private Optional<OAuth2Authorization> bySignature(String token, OAuth2TokenType wanted) {
        Jwt jwt;
        try {
            jwt = signatures.decode(token);
        } catch (JwtException e) {
            return Optional.empty();
        }
        String clientId = jwt.getClaimAsString(OAuth2ParameterNames.CLIENT_ID);
        boolean access = clientId != null;
        if (access != OAuth2TokenType.ACCESS_TOKEN.equals(wanted)) {
            return Optional.empty();
        }
        if (!access) {
            List<String> audience = jwt.getAudience();
            clientId = audience == null || audience.size() != 1 ? null : audience.get(0);
        }
        RegisteredClient client = clientId == null ? null : clients.findByClientId(clientId);
        if (client == null || jwt.getSubject() == null) {
            return Optional.empty();
        }
        return Optional.of(access ? accessAuthorization(jwt, client) : idAuthorization(jwt, client));
    }

    private OAuth2Authorization accessAuthorization(Jwt jwt, RegisteredClient client) {
        Set<String> scopes = scopes(jwt);
        String session = jwt.getClaimAsString(SID);
        Map<String, Object> claims = new HashMap<>(jwt.getClaims());
        claims.put(OAuth2ParameterNames.SCOPE, List.copyOf(scopes));
        OAuth2AccessToken token = new OAuth2AccessToken(
                OAuth2AccessToken.TokenType.BEARER, jwt.getTokenValue(), jwt.getIssuedAt(), jwt.getExpiresAt(), scopes);
        boolean dead = grants.isRevoked(jwt.getId())
                || grants.isRevoked(session)
                || grants.isRevoked(jwt.getClaimAsString(GRANT));
        OAuth2Authorization.Builder authorization = session == null
                ? OAuth2Authorization.withRegisteredClient(client)
                        .id(jwt.getId())
                        .principalName(jwt.getSubject())
                        .authorizationGrantType(AuthorizationGrantType.CLIENT_CREDENTIALS)
                        .authorizedScopes(scopes)
                : person(client, jwt.getId(), jwt.getSubject(), scopes, session);
        authorization.token(token, metadata -> {
            metadata.put(OAuth2Authorization.Token.CLAIMS_METADATA_NAME, claims);
            metadata.put(OAuth2Authorization.Token.INVALIDATED_METADATA_NAME, dead);
        });
        if (session != null) {
            authorization.token(
                    idToken(client, jwt.getSubject(), jwt.getIssuedAt(), jwt.getExpiresAt(), null, null, claims));
        }
        return authorization.build();
    }

    private OAuth2Authorization idAuthorization(Jwt jwt, RegisteredClient client) {
        String session = jwt.getClaimAsString(LOGIN_SESSION);
        OidcIdToken token =
                new OidcIdToken(jwt.getTokenValue(), jwt.getIssuedAt(), jwt.getExpiresAt(), jwt.getClaims());
        return person(client, jwt.getId(), jwt.getSubject(), Set.of(), session == null ? "" : session)
                .token(
                        token,
                        metadata -> metadata.put(OAuth2Authorization.Token.CLAIMS_METADATA_NAME, token.getClaims()))
                .build();
    }

    private Optional<OAuth2Authorization> restore(GrantStore.Grant grant) {
        RegisteredClient client = clients.findByClientId(grant.clientId());
        if (client == null) {
            return Optional.empty();
        }
        OAuth2AccessToken access = new OAuth2AccessToken(
                OAuth2AccessToken.TokenType.BEARER,
                grant.accessId(),
                grant.refreshIssuedAt(),
                grant.accessUntil(),
                grant.scopes());
        Map<String, Object> claims = Map.of(JwtClaimNames.JTI, grant.accessId());
        LaunchContext launch = grant.launch();
        return Optional.of(person(client, grant.id(), grant.userName(), grant.scopes(), grant.loginSession())
                .attributes(attributes -> {
                    attributes.put(ROTATES, grant.refreshHash());
                    if (launch != null) {
                        attributes.put(LaunchContext.class.getName(), launch);
                    }
                })
                .token(access, metadata -> metadata.put(OAuth2Authorization.Token.CLAIMS_METADATA_NAME, claims))
                .token(idToken(
                        client,
                        grant.userName(),
                        grant.refreshIssuedAt(),
                        grant.refreshUntil(),
                        grant.oidcSession(),
                        grant.authenticatedAt(),
                        Map.of()))
                .build());
    }

    private static OAuth2Authorization.Builder person(
            RegisteredClient client, String id, String userName, Set<String> scopes, String session) {
        OAuth2AuthorizationRequest request = OAuth2AuthorizationRequest.authorizationCode()
                .authorizationUri(SmartAddresses.AUTHORIZE)
                .clientId(client.getClientId())
                .scopes(scopes)
                .additionalParameters(Map.of(LOGIN_SESSION, session))
                .build();
        return OAuth2Authorization.withRegisteredClient(client)
                .id(id)
                .principalName(userName)
                .authorizationGrantType(AuthorizationGrantType.AUTHORIZATION_CODE)
                .authorizedScopes(scopes)
                .attribute(OAuth2AuthorizationRequest.class.getName(), request)
                .attribute(
                        Principal.class.getName(),
                        UsernamePasswordAuthenticationToken.authenticated(
                                userName, null, AuthorityUtils.createAuthorityList("ROLE_USER")));
    }

    /** Stands for an id token that was issued but not kept: the server copies session and login time from it. */
    private static OidcIdToken idToken(
            RegisteredClient client,
            String userName,
            @Nullable Instant issuedAt,
            @Nullable Instant expiresAt,
            @Nullable String oidcSession,
            @Nullable Instant authenticatedAt,
            Map<String, Object> more) {
        OidcIdToken.Builder token = OidcIdToken.withTokenValue("not kept")
                .claims(claims -> claims.putAll(more))
                .subject(userName)
                .audience(List.of(client.getClientId()))
                .issuedAt(issuedAt)
                .expiresAt(expiresAt);
        if (oidcSession != null) {
            token.claim(SID, oidcSession);
        }
        if (authenticatedAt != null) {
            token.claim(IdTokenClaimNames.AUTH_TIME, Date.from(authenticatedAt));
        }
        return token.build();
    }

    private static GrantStore.Grant grant(
            OAuth2Authorization authorization,
            OAuth2Authorization.Token<OAuth2AccessToken> access,
            OAuth2RefreshToken refresh) {
        String session = loginSession(authorization);
        OAuth2Authorization.Token<OidcIdToken> id = authorization.getToken(OidcIdToken.class);
        Object authTime = id == null ? null : id.getToken().getClaim(IdTokenClaimNames.AUTH_TIME);
        Instant authenticatedAt = authTime instanceof Date date ? date.toInstant() : (Instant) authTime;
        Instant issuedAt = refresh.getIssuedAt();
        Instant until = refresh.getExpiresAt();
        Instant accessUntil = access.getToken().getExpiresAt();
        if (session == null || issuedAt == null || until == null || accessUntil == null) {
            throw new IllegalStateException("a refreshable grant needs a login session and lifetimes");
        }
        return new GrantStore.Grant(
                authorization.getId(),
                authorization.getRegisteredClientId(),
                authorization.getPrincipalName(),
                authorization.getAuthorizedScopes(),
                session,
                id == null ? null : id.getToken().getClaimAsString(SID),
                authenticatedAt,
                hash(refresh.getTokenValue()),
                issuedAt,
                until,
                accessId(access),
                accessUntil,
                launch(authorization));
    }

    private void revoke(OAuth2Authorization.Token<OAuth2AccessToken> access) {
        Instant until = access.getToken().getExpiresAt();
        if (until != null) {
            grants.revoke(accessId(access), until);
        }
    }

    private static String accessId(OAuth2Authorization.Token<OAuth2AccessToken> access) {
        Map<String, Object> claims = access.getClaims();
        Object id = claims == null ? null : claims.get(JwtClaimNames.JTI);
        if (id == null) {
            throw new IllegalStateException("an access token without an id was issued");
        }
        return id.toString();
    }

    /** The scopes of an access token. */
    static Set<String> scopes(Jwt jwt) {
        String text = jwt.getClaimAsString(OAuth2ParameterNames.SCOPE);
        return text == null || text.isBlank() ? Set.of() : Set.of(text.trim().split(" +"));
    }

    private static String hash(String token) {
        return Fingerprint.of(token);
    }
}

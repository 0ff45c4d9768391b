package org.trefoilhub.hub.smart;

import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.security.oauth2.core.OAuth2RefreshToken;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenGenerator;
import org.trefoilhub.hub.smart.scope.SmartScope;

/**
 * Makes refresh tokens for those who were granted {@code offline_access} or {@code online_access}, public clients included: they are rotated on
 * every use and stored as a hash. Random of 384 bits.
 */
final class RefreshTokenIssuer implements OAuth2TokenGenerator<OAuth2RefreshToken> {

    private final SecureRandom random = new SecureRandom();
    private final Clock clock;

    RefreshTokenIssuer(Clock clock) {
        this.clock = clock;
    }

    @Override
    public @Nullable OAuth2RefreshToken generate(OAuth2TokenContext context) {
        if (!OAuth2TokenType.REFRESH_TOKEN.equals(context.getTokenType())
                || (!context.getAuthorizedScopes().contains(SmartScope.OFFLINE)
                        && !context.getAuthorizedScopes().contains(SmartScope.ONLINE))) {
            return null;
        }
        byte[] bytes = new byte[48];
        random.nextBytes(bytes);
        Instant now = clock.instant();
        return new OAuth2RefreshToken(
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
                now,
                now.plus(context.getRegisteredClient().getTokenSettings().getRefreshTokenTimeToLive()));
    }
}

package org.trefoilhub.hub.smart;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;

/**
 * Settings of the authorization server, prefix {@code trefoil.smart}.
 *
 * @param accounts YAML file of users and clients, such as {@code file:/etc/trefoil/accounts.yaml}; read again when it
 *     changes. Profile {@code demo} has its own; without one nobody can log in and {@code prod} does not start
 * @param accessTokenTtl how long an access token lives
 * @param refreshTokenTtl how long a refresh token lives when it is not used
 */
@ConfigurationProperties("trefoil.smart")
public record SmartProperties(
        @Nullable Resource accounts,
        @DefaultValue("1h") Duration accessTokenTtl,
        @DefaultValue("12h") Duration refreshTokenTtl) {

    /**
     * Checks the durations.
     *
     * @throws IllegalArgumentException when one is not positive
     */
    public SmartProperties {
        if (accessTokenTtl.isNegative()
                || accessTokenTtl.isZero()
                || refreshTokenTtl.isNegative()
                || refreshTokenTtl.isZero()) {
            throw new IllegalArgumentException("expected positive token lifetimes under trefoil.smart");
        }
    }
}

package org.trefoilhub.hub.smart;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.Resource;

/**
 * Settings of the authorization server, prefix {@code trefoil.smart}.
 *
 * @param accounts YAML file of users and clients, such as {@code file:/etc/trefoil/accounts.yaml}; read again when it
 *     changes. Profile {@code demo} has its own; without one nobody can log in and {@code prod} does not start
 * @param corsOrigins origins of browser apps that may call the FHIR door and the token endpoint
 * @param accessTokenTtl how long an access token lives
 * @param refreshTokenTtl how long a refresh token lives when it is not used
 */
@ConfigurationProperties("trefoil.smart")
public record SmartProperties(
        @Nullable Resource accounts,
        @DefaultValue List<String> corsOrigins,
        @DefaultValue("1h") Duration accessTokenTtl,
        @DefaultValue("12h") Duration refreshTokenTtl) {

    /**
     * Checks the durations.
     *
     * @throws IllegalArgumentException when one is not positive
     */
    public SmartProperties {
        corsOrigins = List.copyOf(corsOrigins);
        if (accessTokenTtl.isNegative()
                || accessTokenTtl.isZero()
                || refreshTokenTtl.isNegative()
                || refreshTokenTtl.isZero()) {
            throw new IllegalArgumentException("expected positive token lifetimes under trefoil.smart");
        }
    }
}

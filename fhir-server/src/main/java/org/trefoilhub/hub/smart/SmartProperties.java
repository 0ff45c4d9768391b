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
 * @param accessTokenTtl how long an access token lives
 * @param refreshTokenTtl how long a refresh token lives when it is not used
 * @param sessionIdle how long a login session lives that nobody uses
 * @param sessionMax how long a login session lives at most
 * @param launchLifetime how long an app can use the handle of a launch
 * @param signingKeyRotation how long one key signs tokens; the next one is published a tenth of that before, a day at most
 * @param loginAttempts failed logins in a row, of an account, before it has to wait; an address may fail ten times as often
 * @param loginDelayMax the longest wait between two attempts; it starts at two seconds and doubles
 */
@ConfigurationProperties("trefoil.smart")
public record SmartProperties(
        @Nullable Resource accounts,
        @DefaultValue("1h") Duration accessTokenTtl,
        @DefaultValue("12h") Duration refreshTokenTtl,
        @DefaultValue("2h") Duration sessionIdle,
        @DefaultValue("24h") Duration sessionMax,
        @DefaultValue("5m") Duration launchLifetime,
        @DefaultValue("90d") Duration signingKeyRotation,
        @DefaultValue("5") int loginAttempts,
        @DefaultValue("5m") Duration loginDelayMax) {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException when one is not positive
     */
    public SmartProperties {
        for (Duration duration : List.of(
                accessTokenTtl,
                refreshTokenTtl,
                sessionIdle,
                sessionMax,
                launchLifetime,
                signingKeyRotation,
                loginDelayMax)) {
            if (duration.isNegative() || duration.isZero()) {
                throw new IllegalArgumentException("expected positive durations under trefoil.smart");
            }
        }
        if (loginAttempts < 1) {
            throw new IllegalArgumentException("expected trefoil.smart.login-attempts to be at least 1");
        }
    }

    /** The longest life of anything that a key signs. */
    Duration longestLife() {
        return accessTokenTtl.plus(refreshTokenTtl).plus(Duration.ofHours(1));
    }
}

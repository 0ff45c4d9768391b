package org.trefoilhub.hub.smart.sso.scan;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of scan-code login, prefix {@code trefoil.smart.scan}.
 *
 * @param enabled whether the login page offers it
 * @param lifetime how long a code can be confirmed and used
 */
@ConfigurationProperties("trefoil.smart.scan")
public record ScanProperties(@DefaultValue("true") boolean enabled, @DefaultValue("2m") Duration lifetime) {

    /**
     * Checks the lifetime.
     *
     * @throws IllegalArgumentException when it is not positive or longer than 15 minutes
     */
    public ScanProperties {
        if (lifetime.isNegative() || lifetime.isZero() || lifetime.compareTo(Duration.ofMinutes(15)) > 0) {
            throw new IllegalArgumentException("expected `trefoil.smart.scan.lifetime` of at most 15 minutes");
        }
    }
}

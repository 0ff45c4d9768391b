package org.trefoilhub.hub.imaging;

import java.time.Duration;
import java.util.Map;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the projection from the archive to FHIR, prefix {@code trefoil.imaging}.
 *
 * @param pollInterval how often the change feed is looked at when nothing wakes the projector
 * @param settleTime least time between two projections of a study that is still arriving
 * @param maxListedInstances most instances of a study that the resource lists; a larger study carries counts only
 * @param defaultIssuers issuer of patient ids by sender (calling AE title or client id), for objects that name none
 */
@ConfigurationProperties("trefoil.imaging")
record ImagingProperties(
        @DefaultValue("500ms") Duration pollInterval,
        @DefaultValue("1s") Duration settleTime,
        @DefaultValue("2000") int maxListedInstances,
        Map<String, String> defaultIssuers) {

    ImagingProperties {
        defaultIssuers = defaultIssuers == null ? Map.of() : Map.copyOf(defaultIssuers);
    }
}

package org.trefoilhub.dicomweb.retrieve;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of rendering, {@code trefoil.rendering.*}.
 *
 * @param concurrent frames that are decoded at the same time; more wait
 * @param maxWait longest time a request waits for its turn before it is told to come back
 * @param maxFrame largest decoded frame that is rendered
 * @param thumbnailCache memory for thumbnails that were made before
 */
@ConfigurationProperties("trefoil.rendering")
record RenderingProperties(
        @DefaultValue("2") int concurrent,
        @DefaultValue("20s") Duration maxWait,
        @DefaultValue("128MB") DataSize maxFrame,
        @DefaultValue("32MB") DataSize thumbnailCache) {
    RenderingProperties {
        if (concurrent < 1) {
            throw new IllegalArgumentException("trefoil.rendering.concurrent must be at least 1");
        }
    }
}

package org.trefoilhub.hub.audit;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the audit, {@code trefoil.audit.*}.
 *
 * @param enabled whether anything is recorded; false is for measurements only and refused in production
 * @param queue events that may wait for the next commit; more are refused, and their requests with them
 * @param patience how long a request waits for its event before it is refused
 * @param sealInterval how often new events are chained
 * @param checkpoint file that holds the end of the chain outside the database; not set = {@code audit/checkpoint} in the home
 */
@ConfigurationProperties("trefoil.audit")
public record AuditProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("8192") int queue,
        @DefaultValue("10s") Duration patience,
        @DefaultValue("500ms") Duration sealInterval,
        @Nullable Path checkpoint) {}

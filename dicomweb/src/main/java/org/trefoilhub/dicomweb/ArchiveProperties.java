package org.trefoilhub.dicomweb;

import java.nio.file.Path;
import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the archive, {@code trefoil.archive.*}.
 *
 * @param root folder of the blob store
 * @param maxObject largest object that a door takes; a bigger one is refused
 * @param maxElement largest value that is held in memory while an object is parsed; bigger ones stay in the file
 * @param grace age after which an ingest that was begun but not committed, or a blob that nothing refers to, is swept away;
 *     must be longer than the slowest upload
 * @param sweepInterval time between two sweeps
 * @param maxResults most rows of one search answer
 */
@ConfigurationProperties("trefoil.archive")
public record ArchiveProperties(
        @DefaultValue("./data/archive") Path root,
        @DefaultValue("4GB") DataSize maxObject,
        @DefaultValue("32MB") DataSize maxElement,
        @DefaultValue("6h") Duration grace,
        @DefaultValue("10m") Duration sweepInterval,
        @DefaultValue("1000") int maxResults) {}

package org.trefoilhub.dicomweb.archive;

import java.io.IOException;
import java.time.Clock;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.trefoilhub.access.policy.PolicySource;
import org.trefoilhub.dicom.io.ReadOptions;
import org.trefoilhub.dicomweb.ArchiveProperties;
import org.trefoilhub.dicomweb.archive.blob.BlobStore;
import org.trefoilhub.dicomweb.archive.blob.FileSystemBlobStore;
import org.trefoilhub.dicomweb.archive.feed.TableChangeFeed;
import org.trefoilhub.dicomweb.archive.index.FactMigration;
import org.trefoilhub.dicomweb.archive.index.IndexMigration;
import org.trefoilhub.dicomweb.archive.index.StudyIndex;

/** Wires the archive. */
@Configuration(proxyBeanMethods = false)
class ArchiveConfiguration {

    /** Migrates schema {@code trefoil} before anything uses it. */
    @Bean(initMethod = "migrate")
    Flyway archiveFlyway(DataSource dataSource) {
        return IndexMigration.flyway(dataSource);
    }

    /** Migrates the tables of facts by which searches are narrowed. */
    @Bean(initMethod = "migrate")
    Flyway accessFlyway(DataSource dataSource) {
        return FactMigration.flyway(dataSource);
    }

    @Bean
    BlobStore archiveBlobStore(ArchiveProperties properties) throws IOException {
        return new FileSystemBlobStore(properties.root());
    }

    @Bean
    StudyIndex archiveIndex(
            @Qualifier("archiveFlyway") Flyway migrated,
            @Qualifier("accessFlyway") Flyway factsMigrated,
            DataSource dataSource,
            PlatformTransactionManager transactions,
            Clock clock) {
        return new StudyIndex(dataSource, transactions, clock);
    }

    @Bean
    ChangeFeed changeFeed(StudyIndex index) {
        return new TableChangeFeed(index);
    }

    @Bean
    Archive archive(
            StudyIndex index,
            BlobStore blobs,
            PolicySource policies,
            Clock clock,
            ArchiveProperties properties,
            @Value("${trefoil.public-url}") String publicUrl) {
        ReadOptions readOptions =
                ReadOptions.DEFAULT.withMaxElementBytes(properties.maxElement().toBytes());
        String base = publicUrl.replaceAll("/+$", "") + "/dicom-web";
        Ingest ingest = new Ingest(
                blobs,
                index,
                policies,
                clock,
                readOptions,
                properties.maxObject().toBytes(),
                base);
        return new GuardedArchive(ingest, index, blobs, policies, clock, readOptions, base);
    }

    @Bean
    Reaper archiveReaper(BlobStore blobs, StudyIndex index, Clock clock, ArchiveProperties properties) {
        return new Reaper(blobs, index, clock, properties.grace(), properties.sweepInterval());
    }
}

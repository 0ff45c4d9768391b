package org.trefoilhub.dicomweb.archive;

import java.io.IOException;
import java.time.Clock;
import java.time.ZoneId;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.beans.factory.ObjectProvider;
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
import org.trefoilhub.dicomweb.archive.index.StudyFacts;
import org.trefoilhub.dicomweb.archive.index.StudyIndex;
import org.trefoilhub.dicomweb.archive.index.StudyReader;
import org.trefoilhub.dicomweb.archive.index.TablePatientLinks;
import org.trefoilhub.dicomweb.archive.index.TableStudyPatients;

/** Wires the archive. */
@Configuration(proxyBeanMethods = false)
class ArchiveConfiguration {
    private static final String ZONE = "${trefoil.zone:Asia/Shanghai}";

    /** Migrates schema {@code trefoil} before anything uses it. */
    @Bean(initMethod = "migrate")
    Flyway archiveFlyway(DataSource dataSource, @Value(ZONE) ZoneId zone) {
        return IndexMigration.flyway(dataSource, zone);
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
            DataSource dataSource,
            PlatformTransactionManager transactions,
            Clock clock,
            @Value(ZONE) ZoneId zone,
            PatientDirectory directory) {
        return new StudyIndex(dataSource, transactions, clock, zone, directory);
    }

    @Bean
    StudyReader archiveReader(
            @Qualifier("archiveFlyway") Flyway migrated,
            @Qualifier("accessFlyway") Flyway factsMigrated,
            DataSource dataSource) {
        return new StudyReader(dataSource);
    }

    @Bean
    StudyFacts archiveFacts(
            @Qualifier("archiveFlyway") Flyway migrated,
            @Qualifier("accessFlyway") Flyway factsMigrated,
            DataSource dataSource,
            PatientDirectory directory,
            @Value(ZONE) ZoneId zone) {
        return new StudyFacts(dataSource, directory, zone);
    }

    @Bean
    PatientLinks patientLinks(@Qualifier("archiveFlyway") Flyway migrated, DataSource dataSource) {
        return new TablePatientLinks(dataSource);
    }

    @Bean
    StudyPatients studyPatients(@Qualifier("archiveFlyway") Flyway migrated, DataSource dataSource) {
        return new TableStudyPatients(dataSource);
    }

    @Bean
    ChangeFeed changeFeed(StudyIndex index) {
        return new TableChangeFeed(index);
    }

    @Bean
    Archive archive(
            StudyIndex index,
            StudyReader reader,
            StudyFacts facts,
            BlobStore blobs,
            PolicySource policies,
            Clock clock,
            ArchiveProperties properties,
            @Value("${trefoil.public-url}") String publicUrl,
            ObjectProvider<ArchiveObserver> observer) {
        ReadOptions readOptions =
                ReadOptions.DEFAULT.withMaxElementBytes(properties.maxElement().toBytes());
        String base = publicUrl.replaceAll("/+$", "") + "/dicom-web";
        Ingest ingest = new Ingest(
                blobs,
                index,
                facts,
                policies,
                clock,
                readOptions,
                properties.maxObject().toBytes(),
                base);
        return new GuardedArchive(
                ingest, index, reader, blobs, policies, clock, readOptions, base, observer.getIfAvailable(() ->
                        (action, studies) -> {}));
    }

    @Bean
    Reaper archiveReaper(BlobStore blobs, StudyIndex index, Clock clock, ArchiveProperties properties) {
        return new Reaper(blobs, index, clock, properties.grace(), properties.sweepInterval());
    }
}

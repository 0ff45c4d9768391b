package org.trefoilhub.dicomweb.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Environment;
import org.trefoilhub.access.policy.Obligation;
import org.trefoilhub.access.policy.PolicySource;
import org.trefoilhub.access.policy.ResourceKind;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.dicom.io.ReadOptions;
import org.trefoilhub.dicomweb.archive.blob.BlobStore;
import org.trefoilhub.dicomweb.archive.index.InstanceRow;
import org.trefoilhub.dicomweb.archive.index.SearchRow;
import org.trefoilhub.dicomweb.archive.index.Sight;
import org.trefoilhub.dicomweb.archive.index.StringedMetadata;
import org.trefoilhub.dicomweb.archive.index.StudyIndex;
import org.trefoilhub.dicomweb.archive.index.StudyReader;

/** The archive behind the policy: every method of its sessions asks before it acts. */
final class GuardedArchive implements Archive {
    private final Ingest ingest;
    private final StudyIndex index;
    private final StudyReader reader;
    private final BlobStore blobs;
    private final PolicySource policies;
    private final Clock clock;
    private final ReadOptions readOptions;
    private final String base;
    private final String baseTag;
    private final ArchiveObserver observer;

    GuardedArchive(
            Ingest ingest,
            StudyIndex index,
            StudyReader reader,
            BlobStore blobs,
            PolicySource policies,
            Clock clock,
            ReadOptions readOptions,
            String base,
            ArchiveObserver observer) {
        this.observer = observer;
        this.ingest = ingest;
        this.index = index;
        this.reader = reader;
        this.blobs = blobs;
        this.policies = policies;
        this.clock = clock;
        this.readOptions = readOptions;
        this.base = base;
        CRC32 crc = new CRC32();
        crc.update(base.getBytes(StandardCharsets.UTF_8));
        this.baseTag = HexFormat.of().toHexDigits((int) crc.getValue());
    }

    @Override
    public ArchiveSession as(Subject subject, Door door) {
        return new Session(subject, door);
    }

    private final class Session implements ArchiveSession {
        private final Subject subject;
        private final Door door;

        Session(Subject subject, Door door) {
            this.subject = subject;
            this.door = door;
        }

        private AccessScope scope(Action action) {
            AccessScope scope = policies.current()
                    .scope(subject, action, ResourceKind.IMAGING_STUDY, new Environment(door, clock.instant()));
            if (scope instanceof AccessScope.None none) {
                throw AccessDeniedException.of(none);
            }
            return scope;
        }

        private Sight sight() {
            return new Sight(scope(Action.VIEW), obliged(Obligation.MASK_NAME), obliged(Obligation.MASK_DEMOGRAPHICS));
        }

        private AccessScope obliged(Obligation obligation) {
            return policies.current()
                    .obliged(
                            subject,
                            Action.VIEW,
                            ResourceKind.IMAGING_STUDY,
                            Set.of(),
                            new Environment(door, clock.instant()),
                            obligation);
        }

        @Override
        public StoreOutcome store(InputStream object, StoreContext context) throws IOException {
            scope(Action.SAVE); // refuses before anything is spooled if nothing could ever be stored
            StoreOutcome outcome = ingest.store(subject, door, object, context);
            String study = outcome.studyInstanceUid();
            observer.touched(Action.SAVE, study == null ? List.of() : List.of(study));
            return outcome;
        }

        @Override
        public SearchPage search(QueryLevel level, QidoQuery query) {
            StudyReader.Found found = reader.search(level, query, sight());
            observer.touched(
                    Action.VIEW,
                    found.rows().stream()
                            .map(SearchRow::studyInstanceUid)
                            .distinct()
                            .toList());
            SearchAnswer answer = new SearchAnswer(level, query, base);
            List<Long> studies =
                    found.rows().stream().map(SearchRow::studyPk).distinct().toList();
            Map<Long, Set<String>> modalities = reader.modalities(studies);
            Map<Long, Set<String>> sopClasses = answer.wantsSopClasses() ? reader.sopClasses(studies) : Map.of();
            return new SearchPage(
                    found.rows().stream()
                            .map(row -> answer.compose(row, modalities, sopClasses))
                            .toList(),
                    found.more(),
                    found.ignoredKeys());
        }

        @Override
        public Optional<StoredInstance> instance(
                String studyInstanceUid, String seriesInstanceUid, String sopInstanceUid) {
            return reader.find(studyInstanceUid, seriesInstanceUid, sopInstanceUid, sight())
                    .map(row -> {
                        observer.shown(studyInstanceUid, row.patient());
                        return GuardedArchive.this.instance(row);
                    });
        }

        @Override
        public List<StoredInstance> instances(String studyInstanceUid, @Nullable String seriesInstanceUid) {
            List<InstanceRow> rows = reader.list(studyInstanceUid, seriesInstanceUid, sight());
            if (!rows.isEmpty()) {
                observer.shown(studyInstanceUid, rows.get(0).patient());
            }
            return rows.stream().map(GuardedArchive.this::instance).toList();
        }

        @Override
        public Optional<MetadataDocument> metadata(
                String studyInstanceUid, @Nullable String seriesInstanceUid, @Nullable String sopInstanceUid) {
            Sight sight = sight();
            return reader.version(studyInstanceUid, seriesInstanceUid, sopInstanceUid, sight)
                    .map(version -> {
                        observer.touched(Action.VIEW, List.of(studyInstanceUid));
                        return new LazyMetadata(
                                version.number() + "-" + baseTag
                                        + (version.masking() == Masking.NONE
                                                ? ""
                                                : "-m" + version.masking().ordinal()),
                                version.masking(),
                                () -> reader.metadata(studyInstanceUid, seriesInstanceUid, sopInstanceUid, sight));
                    });
        }

        @Override
        public void require(Action action, String studyInstanceUid) {
            observer.touched(action, List.of());
            if (reader.version(studyInstanceUid, null, null, Sight.clear(scope(action)))
                    .isEmpty()) {
                throw AccessDeniedException.of(
                        new AccessScope.None("no policy permits `" + action.code() + "` on this study"));
            }
        }

        @Override
        public Optional<StudySummary> study(String studyInstanceUid) {
            Optional<StudySummary> summary = reader.summary(studyInstanceUid, sight());
            summary.ifPresent(found -> observer.touched(Action.VIEW, List.of(studyInstanceUid)));
            return summary;
        }

        @Override
        public int delete(
                String studyInstanceUid, @Nullable String seriesInstanceUid, @Nullable String sopInstanceUid) {
            AccessScope scope = new AccessScope.AllOf(List.of(scope(Action.DELETE), visible()));
            int deleted = index.delete(studyInstanceUid, seriesInstanceUid, sopInstanceUid, scope, subject.id());
            observer.touched(Action.DELETE, deleted == 0 ? List.of() : List.of(studyInstanceUid));
            return deleted;
        }

        /** What the policies let the subject see, whatever its token is for: what is hidden cannot be deleted either. */
        private AccessScope visible() {
            Subject viewer =
                    subject.withScopes(Set.of((subject.user() == null ? "system" : "user") + "/ImagingStudy.rs"));
            return policies.current()
                    .scope(viewer, Action.VIEW, ResourceKind.IMAGING_STUDY, new Environment(door, clock.instant()));
        }
    }

    private StoredInstance instance(InstanceRow row) {
        StoredInstance stored = new BlobInstance(row, blobs, readOptions);
        return row.masking() == Masking.NONE ? stored : new MaskedInstance(stored, row.masking());
    }

    /** Reads the chunks only if the document is written: a client that has it already costs one row. */
    private final class LazyMetadata implements MetadataDocument {
        private final String entityTag;
        private final Masking masking;
        private final java.util.function.Supplier<List<StudyReader.MetadataRow>> rows;
        private @Nullable MetadataDocument loaded;

        LazyMetadata(
                String entityTag, Masking masking, java.util.function.Supplier<List<StudyReader.MetadataRow>> rows) {
            this.entityTag = entityTag;
            this.masking = masking;
            this.rows = rows;
        }

        private synchronized MetadataDocument document() {
            MetadataDocument document = loaded;
            if (document == null) {
                try {
                    document = StringedMetadata.of(entityTag, rows.get(), base, masking);
                } catch (IOException e) {
                    throw new UncheckedIOException("metadata in the index is damaged", e);
                }
                loaded = document;
            }
            return document;
        }

        @Override
        public String entityTag() {
            return entityTag;
        }

        @Override
        public int instances() {
            return document().instances();
        }

        @Override
        public long gzipLengthBytes() {
            return document().gzipLengthBytes();
        }

        @Override
        public void writeGzip(java.io.OutputStream out) throws IOException {
            document().writeGzip(out);
        }

        @Override
        public void writePlain(java.io.OutputStream out) throws IOException {
            document().writePlain(out);
        }
    }
}

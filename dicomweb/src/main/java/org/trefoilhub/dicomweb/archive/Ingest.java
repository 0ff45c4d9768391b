package org.trefoilhub.dicomweb.archive;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.trefoilhub.access.policy.AccessRequest;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Environment;
import org.trefoilhub.access.policy.PolicySource;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.encoding.TransferSyntax;
import org.trefoilhub.dicom.io.DicomFile;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.DicomReader;
import org.trefoilhub.dicom.io.DicomWriter;
import org.trefoilhub.dicom.io.ReadOptions;
import org.trefoilhub.dicom.pixel.FrameIndex;
import org.trefoilhub.dicomweb.archive.blob.Blob;
import org.trefoilhub.dicomweb.archive.blob.BlobId;
import org.trefoilhub.dicomweb.archive.blob.BlobStore;
import org.trefoilhub.dicomweb.archive.blob.Spool;
import org.trefoilhub.dicomweb.archive.index.Committed;
import org.trefoilhub.dicomweb.archive.index.IndexEntry;
import org.trefoilhub.dicomweb.archive.index.InstanceRow;
import org.trefoilhub.dicomweb.archive.index.MetadataChunk;
import org.trefoilhub.dicomweb.archive.index.StudyFacts;
import org.trefoilhub.dicomweb.archive.index.StudyIndex;
import org.trefoilhub.dicomweb.error.DicomwebErrorCode;

/**
 * Stores one object: spool, parse, decide, begin, make durable, commit.
 *
 * <p>A crash at any point leaves at most a spool, an ingest row or a blob that nothing refers to; the {@link Reaper} takes
 * them away. Thread-safe.
 */
final class Ingest {
    private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);
    private static final int HEADER_BYTES = 132;
    private static final int BUFFER_BYTES = 1 << 16;

    private static final String HELD = "its study or instance UID is taken by data into which the sender may not store";

    /** DICOM status codes, PS3.4 section B.2.3 and PS3.7 annex C. */
    private static final int DUPLICATE_SOP_INSTANCE = 0x0111;

    private static final int NOT_AUTHORISED = 0x0124;
    private static final int OUT_OF_RESOURCES = 0xA700;
    private static final int MISMATCH = 0xA900;
    private static final int CANNOT_UNDERSTAND = 0xC000;
    private static final int WARNING_DOES_NOT_MATCH_SOP_CLASS = 0xB007;

    private final BlobStore blobs;
    private final StudyIndex index;
    private final StudyFacts facts;
    private final PolicySource policies;
    private final Clock clock;
    private final ReadOptions readOptions;
    private final long maxObjectBytes;
    private final String base;

    /**
     * @param base DICOMweb root as clients see it, without a slash at the end
     */
    Ingest(
            BlobStore blobs,
            StudyIndex index,
            StudyFacts facts,
            PolicySource policies,
            Clock clock,
            ReadOptions readOptions,
            long maxObjectBytes,
            String base) {
        this.blobs = blobs;
        this.index = index;
        this.facts = facts;
        this.policies = policies;
        this.clock = clock;
        this.readOptions = readOptions;
        this.maxObjectBytes = maxObjectBytes;
        this.base = base;
    }

    StoreOutcome store(Subject subject, Door door, InputStream object, StoreContext context) throws IOException {
        try (Spool spool = blobs.spool()) {
            if (!spool(object, context, spool)) {
                return refused(
                        context, null, OUT_OF_RESOURCES, DicomwebErrorCode.TOO_LARGE.code(), "the object is too large");
            }
            DicomFile file;
            try {
                file = DicomReader.read(spool.file(), readOptions);
            } catch (DicomFormatException e) {
                return keep(spool, null, context, CANNOT_UNDERSTAND, e.code().code(), messageOf(e));
            }
            if (hasPart10Header(spool.file()) && file.fileMeta().string(Tag.TransferSyntaxUID) != null) {
                return storeParsed(subject, door, spool, file, context);
            }
            try (Spool complete = blobs.spool()) {
                addHeader(file, spool, complete);
                return storeParsed(subject, door, complete, DicomReader.read(complete.file(), readOptions), context);
            } catch (DicomFormatException e) {
                return keep(spool, file, context, CANNOT_UNDERSTAND, e.code().code(), messageOf(e));
            }
        }
    }

    private StoreOutcome storeParsed(Subject subject, Door door, Spool spool, DicomFile file, StoreContext context)
            throws IOException {
        DicomDataset dataset = file.dataset();
        String problem = identifierProblem(dataset);
        if (problem != null) {
            return keep(spool, file, context, CANNOT_UNDERSTAND, DicomwebErrorCode.BAD_IDENTIFIER.code(), problem);
        }
        problem = mismatch(dataset, file, context);
        if (problem != null) {
            return keep(spool, file, context, MISMATCH, DicomwebErrorCode.MISMATCH.code(), problem);
        }
        ResourceFacts whole = facts.of(dataset, context.sender());
        if (!permits(subject, door, whole)) {
            ResourceFacts own = facts.own(dataset, context.sender());
            if (isOfAnother(own, whole) && permits(subject, door, own)) {
                return hold(spool, file, context);
            }
            return refused(
                    context,
                    dataset,
                    NOT_AUTHORISED,
                    DicomwebErrorCode.STORE_FORBIDDEN.code(),
                    "the policy does not permit to store this object");
        }
        String sopInstanceUid = Objects.requireNonNull(dataset.string(Tag.SOPInstanceUID));
        Optional<InstanceRow> present = index.findAny(sopInstanceUid);
        if (present.isPresent()) {
            return isClosedTo(subject, door, dataset, present.get())
                    ? hold(spool, file, context)
                    : again(spool, file, present.get(), context);
        }
        byte[] frames = null;
        int numberOfFrames = 0;
        int warning = 0;
        if (dataset.contains(Tag.PixelData)
                || dataset.contains(Tag.FloatPixelData)
                || dataset.contains(Tag.DoubleFloatPixelData)) {
            try {
                FrameIndex frameIndex = FrameIndex.of(file);
                frames = frameIndex.toBytes();
                numberOfFrames = frameIndex.frames();
            } catch (DicomFormatException e) {
                // the bytes are worth keeping even if no frame can be served from them
                LOG.warn(
                        "instance {} stored without frames: {} ({})",
                        sopInstanceUid,
                        messageOf(e),
                        e.code().code());
                warning = WARNING_DOES_NOT_MATCH_SOP_CLASS;
            }
        }
        IndexEntry entry = entry(file, frames, numberOfFrames, context);
        BlobId blobId = blobs.newId();
        long watermark = index.begin(blobId);
        Blob blob = blobs.put(blobId, spool);
        Committed committed = index.commit(watermark, entry, blob);
        return switch (committed) {
            case VISIBLE ->
                new StoreOutcome(
                        StoreOutcome.Status.STORED,
                        0,
                        warning,
                        entry.sopClassUid(),
                        sopInstanceUid,
                        entry.studyInstanceUid(),
                        entry.seriesInstanceUid(),
                        null,
                        null);
            case DUPLICATE -> lostRace(subject, door, watermark, blob, file, context);
            case SWEPT -> throw new IOException("the store took longer than the grace period of the archive");
        };
    }

    private IndexEntry entry(DicomFile file, byte @Nullable [] frames, int numberOfFrames, StoreContext context)
            throws IOException {
        DicomDataset dataset = file.dataset();
        String study = Objects.requireNonNull(dataset.string(Tag.StudyInstanceUID));
        String series = Objects.requireNonNull(dataset.string(Tag.SeriesInstanceUID));
        String instance = Objects.requireNonNull(dataset.string(Tag.SOPInstanceUID));
        String syntax = file.transferSyntax().uid();
        MetadataChunk metadata = MetadataMapper.map(
                dataset, syntax, base + "/studies/" + study + "/series/" + series + "/instances/" + instance);
        return new IndexEntry(
                dataset,
                study,
                series,
                instance,
                Objects.requireNonNull(dataset.string(Tag.SOPClassUID)),
                syntax,
                numberOfFrames,
                frames,
                metadata,
                base,
                context.sender());
    }

    // ---- what another patient's study hides -------------------------------------------------------------------------

    private boolean permits(Subject subject, Door door, ResourceFacts of) {
        return policies.current()
                .decide(AccessRequest.of(subject, Action.SAVE, of, new Environment(door, clock.instant())))
                .permitted();
    }

    /** Whether the study that an object would join is about somebody whom the object does not name. */
    private static boolean isOfAnother(ResourceFacts own, ResourceFacts whole) {
        return own.patients() == null
                || whole.patients() == null
                || !own.patients().containsAll(whole.patients());
    }

    /** Whether the same instance is in another study, into which the sender may not store. */
    private boolean isClosedTo(Subject subject, Door door, DicomDataset dataset, InstanceRow present) {
        return !present.studyInstanceUid().equals(dataset.string(Tag.StudyInstanceUID))
                && !facts.of(present.studyInstanceUid())
                        .filter(of -> permits(subject, door, of))
                        .isPresent();
    }

    /**
     * Keeps an object for review whose UIDs are taken by what the sender must not know of, and says what would be said if
     * they were free.
     */
    private StoreOutcome hold(Spool spool, DicomFile file, StoreContext context) throws IOException {
        keep(spool, file, context, 0, DicomwebErrorCode.HELD.code(), HELD);
        return held(file.dataset());
    }

    private static StoreOutcome held(DicomDataset dataset) {
        return new StoreOutcome(
                StoreOutcome.Status.HELD,
                0,
                0,
                dataset.string(Tag.SOPClassUID),
                dataset.string(Tag.SOPInstanceUID),
                dataset.string(Tag.StudyInstanceUID),
                dataset.string(Tag.SeriesInstanceUID),
                null,
                null);
    }

    // ---- the same UID again -----------------------------------------------------------------------------------------

    private StoreOutcome again(Spool spool, DicomFile file, InstanceRow present, StoreContext context)
            throws IOException {
        if (isEqual(file, present)) {
            return alreadyStored(present);
        }
        return keep(
                spool,
                file,
                context,
                DUPLICATE_SOP_INSTANCE,
                DicomwebErrorCode.DUPLICATE.code(),
                "a different object is stored under this SOP Instance UID");
    }

    /** Another thread committed the same UID between our check and our commit. */
    private StoreOutcome lostRace(
            Subject subject, Door door, long watermark, Blob blob, DicomFile file, StoreContext context)
            throws IOException {
        String sopInstanceUid = Objects.requireNonNull(file.dataset().string(Tag.SOPInstanceUID));
        InstanceRow present = index.findAny(sopInstanceUid)
                .orElseThrow(() -> new IOException("the instance was stored and deleted meanwhile"));
        boolean closed = isClosedTo(subject, door, file.dataset(), present);
        DicomFile moved = new DicomFile(
                blobs.localFile(blob.id()),
                file.fileMeta(),
                file.dataset(),
                file.transferSyntax(),
                file.datasetOffset(),
                file.warnings());
        if (!closed && isEqual(moved, present)) {
            index.abort(watermark);
            if (!blobs.delete(blob.id())) {
                LOG.warn("blob {} of a repeated store was gone already", blob.id());
            }
            return alreadyStored(present);
        }
        String reason = closed ? HELD : "a different object is stored under this SOP Instance UID";
        index.quarantine(
                watermark,
                blob,
                (closed ? DicomwebErrorCode.HELD : DicomwebErrorCode.DUPLICATE).code(),
                reason,
                file.dataset().string(Tag.StudyInstanceUID),
                sopInstanceUid,
                context.sender());
        if (closed) {
            return held(file.dataset());
        }
        return outcome(
                StoreOutcome.Status.QUARANTINED,
                file.dataset(),
                context,
                DUPLICATE_SOP_INSTANCE,
                DicomwebErrorCode.DUPLICATE.code(),
                reason);
    }

    private boolean isEqual(DicomFile file, InstanceRow present) throws IOException {
        DicomFile first = DicomReader.read(blobs.localFile(present.blobId()), readOptions);
        return ObjectComparison.equal(first, file);
    }

    private static StoreOutcome alreadyStored(InstanceRow present) {
        return new StoreOutcome(
                StoreOutcome.Status.ALREADY_STORED,
                0,
                0,
                present.sopClassUid(),
                present.sopInstanceUid(),
                present.studyInstanceUid(),
                present.seriesInstanceUid(),
                null,
                null);
    }

    // ---- checks -----------------------------------------------------------------------------------------------------

    private static @Nullable String identifierProblem(DicomDataset dataset) {
        record Required(int tag, String name) {}
        for (Required required : java.util.List.of(
                new Required(Tag.SOPClassUID, "SOP Class UID"),
                new Required(Tag.SOPInstanceUID, "SOP Instance UID"),
                new Required(Tag.StudyInstanceUID, "Study Instance UID"),
                new Required(Tag.SeriesInstanceUID, "Series Instance UID"))) {
            String value = dataset.string(required.tag());
            if (value == null) {
                return "the " + required.name() + " is missing";
            }
            if (!Uids.isValid(value)) {
                return "the " + required.name() + " is not a valid UID";
            }
        }
        return null;
    }

    private static @Nullable String mismatch(DicomDataset dataset, DicomFile file, StoreContext context) {
        if (context.studyInstanceUid() != null
                && !context.studyInstanceUid().equals(dataset.string(Tag.StudyInstanceUID))) {
            return "the object belongs to another study than the one it was sent to";
        }
        if (context.sopClassUid() != null && !context.sopClassUid().equals(dataset.string(Tag.SOPClassUID))) {
            return "the data set is of another SOP class than announced";
        }
        if (context.sopInstanceUid() != null && !context.sopInstanceUid().equals(dataset.string(Tag.SOPInstanceUID))) {
            return "the data set has another SOP Instance UID than announced";
        }
        if (!Uids.isValid(file.transferSyntax().uid())) {
            return "the transfer syntax is not a valid UID";
        }
        return null;
    }

    // ---- refusals ---------------------------------------------------------------------------------------------------

    /** Refuses an object and keeps it for review, once per content. */
    private StoreOutcome keep(
            Spool spool, @Nullable DicomFile file, StoreContext context, int reason, String code, String detail)
            throws IOException {
        DicomDataset dataset = file == null ? null : file.dataset();
        if (spool.lengthBytes() <= HEADER_BYTES) {
            return refused(context, dataset, reason, code, detail);
        }
        String study = dataset == null ? null : dataset.string(Tag.StudyInstanceUID);
        String instance = dataset == null ? context.sopInstanceUid() : dataset.string(Tag.SOPInstanceUID);
        BlobId blobId = blobs.newId();
        long watermark = index.begin(blobId);
        Blob blob = blobs.put(blobId, spool);
        if (index.isQuarantined(Objects.requireNonNullElse(instance, ""), blob.sha256())) {
            index.abort(watermark);
            if (!blobs.delete(blobId)) {
                LOG.warn("blob {} of a repeated refusal was gone already", blobId);
            }
        } else {
            index.quarantine(watermark, blob, code, detail, study, instance, context.sender());
            LOG.warn("object from {} quarantined as {}: {} ({})", context.sender(), watermark, detail, code);
        }
        return outcome(StoreOutcome.Status.QUARANTINED, dataset, context, reason, code, detail);
    }

    private static StoreOutcome refused(
            StoreContext context, @Nullable DicomDataset dataset, int reason, String code, String detail) {
        return outcome(StoreOutcome.Status.REFUSED, dataset, context, reason, code, detail);
    }

    private static StoreOutcome outcome(
            StoreOutcome.Status status,
            @Nullable DicomDataset dataset,
            StoreContext context,
            int reason,
            String code,
            String detail) {
        return new StoreOutcome(
                status,
                reason,
                0,
                uid(dataset, Tag.SOPClassUID, context.sopClassUid()),
                uid(dataset, Tag.SOPInstanceUID, context.sopInstanceUid()),
                uid(dataset, Tag.StudyInstanceUID, context.studyInstanceUid()),
                uid(dataset, Tag.SeriesInstanceUID, null),
                code,
                detail);
    }

    /** Only valid UIDs leave: an absurd one could be anything. */
    private static @Nullable String uid(@Nullable DicomDataset dataset, int tag, @Nullable String announced) {
        String value = dataset == null ? announced : dataset.string(tag);
        return Uids.isValid(value) ? value : null;
    }

    private static String messageOf(DicomFormatException e) {
        return Objects.requireNonNullElse(e.getMessage(), e.code().description());
    }

    // ---- spool ------------------------------------------------------------------------------------------------------

    /** Copies the object to the spool; false if it is too large (the rest is read and dropped). */
    private boolean spool(InputStream object, StoreContext context, Spool spool) throws IOException {
        try (OutputStream out = spool.out()) {
            if (context.form() == StoreContext.Form.DATASET) {
                TransferSyntax syntax = TransferSyntax.of(Objects.requireNonNull(context.transferSyntaxUid()))
                        .orElseThrow(() -> new IOException("the transfer syntax is not known"));
                DicomWriter.writeFileMeta(
                        out,
                        DicomWriter.fileMeta(
                                        Objects.requireNonNull(context.sopClassUid()),
                                        Objects.requireNonNull(context.sopInstanceUid()),
                                        syntax)
                                .toBuilder()
                                .put(Tag.SourceApplicationEntityTitle, VR.AE, context.sender())
                                .build());
            }
            byte[] buffer = new byte[BUFFER_BYTES];
            long total = 0;
            boolean fits = true;
            int read;
            while ((read = object.read(buffer)) > 0) {
                total += read;
                fits = fits && total <= maxObjectBytes;
                if (fits) {
                    out.write(buffer, 0, read);
                }
            }
            return fits;
        }
    }

    private static boolean hasPart10Header(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            byte[] start = in.readNBytes(HEADER_BYTES);
            return start.length == HEADER_BYTES
                    && start[128] == 'D'
                    && start[129] == 'I'
                    && start[130] == 'C'
                    && start[131] == 'M';
        }
    }

    /** Puts preamble and file meta information before a data set that came without. */
    private static void addHeader(DicomFile file, Spool from, Spool to) throws IOException {
        try (OutputStream out = to.out();
                InputStream in = Files.newInputStream(from.file())) {
            String sopClass = file.dataset().string(Tag.SOPClassUID);
            String sopInstance = file.dataset().string(Tag.SOPInstanceUID);
            DicomWriter.writeFileMeta(
                    out,
                    DicomWriter.fileMeta(
                            Uids.isValid(sopClass) ? Objects.requireNonNull(sopClass) : "1.2.840.10008.5.1.4.1.1.66",
                            Uids.isValid(sopInstance) ? Objects.requireNonNull(sopInstance) : "2.25.0",
                            file.transferSyntax()));
            in.skipNBytes(file.datasetOffset());
            in.transferTo(out);
        }
    }
}

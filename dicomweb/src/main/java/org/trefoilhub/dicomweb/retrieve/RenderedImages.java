package org.trefoilhub.dicomweb.retrieve;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.trefoilhub.dicom.encoding.TransferSyntax;
import org.trefoilhub.dicom.io.DicomFile;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;
import org.trefoilhub.dicom.pixel.DecodedFrame;
import org.trefoilhub.dicom.pixel.FrameRenderer;
import org.trefoilhub.dicom.pixel.FrameSource;
import org.trefoilhub.dicom.pixel.PixelCodecs;
import org.trefoilhub.dicom.pixel.RenderOptions;
import org.trefoilhub.dicomweb.archive.StoredInstance;
import org.trefoilhub.dicomweb.error.ArchiveException;
import org.trefoilhub.dicomweb.error.DicomwebErrorCode;

/**
 * Renders frames of stored instances, a bounded number at the same time, and remembers thumbnails.
 *
 * <p>The cache is keyed by the bytes of the object, so it needs no invalidation, and is asked only after the archive has
 * let the caller see the instance. Thread-safe.
 */
@Component
class RenderedImages {

    private final RenderingProperties properties;
    private final Semaphore turns;
    private final ThumbnailCache thumbnails;

    RenderedImages(RenderingProperties properties) {
        this.properties = properties;
        this.turns = new Semaphore(properties.concurrent(), true);
        this.thumbnails = new ThumbnailCache(properties.thumbnailCache().toBytes());
    }

    /**
     * Why frames of an instance cannot be rendered, as far as the index tells.
     *
     * @return empty if they can
     */
    static Optional<String> obstacle(StoredInstance instance) {
        if (instance.numberOfFrames() < 1) {
            return Optional.of(
                    "objects of SOP class " + instance.sopClassUid() + " without pixel data have no rendering");
        }
        TransferSyntax syntax = TransferSyntax.ofUnknown(instance.transferSyntaxUid());
        return PixelCodecs.canDecode(syntax)
                ? Optional.empty()
                : Optional.of("pixels in transfer syntax " + syntax.uid() + " (" + syntax.name()
                        + ") cannot be decoded here; they are served as they are");
    }

    /**
     * Renders one frame.
     *
     * @param frameNumber from 1, or null for the frame that stands for the object
     * @param options what is wanted; its frame number does not count
     * @param remember whether the result is kept
     * @throws ArchiveException if there is no such frame, it cannot be rendered or is damaged, or no turn came in time
     */
    byte[] render(StoredInstance instance, @Nullable Integer frameNumber, RenderOptions options, boolean remember)
            throws IOException {
        String key = instance.entityTag() + "/" + frameNumber + "/" + options;
        byte[] known = remember ? thumbnails.get(key) : null;
        if (known != null) {
            return known;
        }
        obstacle(instance).ifPresent(reason -> {
            throw new ArchiveException(DicomwebErrorCode.NOT_RENDERABLE, reason);
        });
        if (frameNumber != null && frameNumber > instance.numberOfFrames()) {
            throw new ArchiveException(
                    DicomwebErrorCode.NOT_FOUND,
                    "frame `" + frameNumber + "` of " + instance.numberOfFrames() + " is absent");
        }
        awaitTurn();
        try {
            byte[] rendered = rendered(instance, frameNumber, options);
            if (remember) {
                thumbnails.put(key, rendered);
            }
            return rendered;
        } catch (DicomFormatException e) {
            boolean unsupported = e.code() == ErrorCode.UNSUPPORTED_PIXEL_DATA || e.code() == ErrorCode.NO_PIXEL_DATA;
            throw new ArchiveException(
                    unsupported ? DicomwebErrorCode.NOT_RENDERABLE : DicomwebErrorCode.DAMAGED_PIXELS,
                    e.getMessage() + " (transfer syntax " + instance.transferSyntaxUid() + ")",
                    e);
        } finally {
            turns.release();
        }
    }

    private byte[] rendered(StoredInstance instance, @Nullable Integer frameNumber, RenderOptions options)
            throws IOException {
        DicomFile file = instance.open();
        FrameSource source = FrameSource.of(file, instance.frameIndex());
        long bytes = source.description().decodedFrameBytes();
        if (bytes > properties.maxFrame().toBytes()) {
            throw new ArchiveException(
                    DicomwebErrorCode.NOT_RENDERABLE,
                    "a frame of " + bytes + " bytes is larger than the limit of rendering, "
                            + properties.maxFrame().toBytes());
        }
        int frame = frameNumber != null
                ? frameNumber
                : Math.min(source.frames(), FrameRenderer.representativeFrame(file.dataset()));
        DecodedFrame decoded = source.decoded(frame);
        return FrameRenderer.render(
                source.datasetForRendering(), decoded.samples(), decoded.description(), options.withFrameNumber(frame));
    }

    private void awaitTurn() {
        try {
            if (turns.tryAcquire(properties.maxWait().toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        throw new ArchiveException(DicomwebErrorCode.OUT_OF_RESOURCES, "too many frames are being rendered, try again");
    }

    /** Least recently used thumbnails go first when the bytes exceed the bound. */
    private static final class ThumbnailCache {
        private final long maxBytes;
        private final Map<String, byte[]> images = new LinkedHashMap<>(64, 0.75f, true);
        private long bytes;

        ThumbnailCache(long maxBytes) {
            this.maxBytes = maxBytes;
        }

        synchronized byte @Nullable [] get(String key) {
            return images.get(key);
        }

        synchronized void put(String key, byte[] image) {
            byte[] before = images.put(key, image);
            bytes += image.length - (before == null ? 0 : before.length);
            var eldest = images.entrySet().iterator();
            while (bytes > maxBytes && eldest.hasNext()) {
                bytes -= eldest.next().getValue().length;
                eldest.remove();
            }
        }
    }
}

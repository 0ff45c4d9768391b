package org.trefoilhub.dicomweb.retrieve;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.dicom.pixel.RenderOptions;
import org.trefoilhub.dicomweb.archive.Archive;
import org.trefoilhub.dicomweb.archive.ArchiveSession;
import org.trefoilhub.dicomweb.archive.StoredInstance;
import org.trefoilhub.dicomweb.error.ArchiveException;

/** Rendered images for a printed page, as whoever prints may see and print them. */
@Component
public class PrintedImages {

    private final Archive archive;
    private final RenderedImages images;

    PrintedImages(Archive archive, RenderedImages images) {
        this.archive = archive;
        this.images = images;
    }

    /**
     * One image, as the rendered resource of WADO-RS gives it.
     *
     * @param subject who prints
     * @param frame from 1, or null for the frame that stands for the object
     * @return JPEG; empty when the image is absent, hidden, not to be printed, masked or cannot be rendered
     * @throws IOException if the disk fails
     */
    public Optional<byte[]> jpeg(Subject subject, String study, String series, String instance, @Nullable Integer frame)
            throws IOException {
        try {
            ArchiveSession session = archive.as(subject, Door.DICOMWEB_WADO);
            Optional<StoredInstance> found = session.instance(study, series, instance);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            session.require(Action.PRINT, study);
            found.get().requireShown();
            return Optional.of(images.render(found.get(), frame, RenderOptions.DEFAULT, false));
        } catch (AccessDeniedException | ArchiveException e) {
            return Optional.empty();
        }
    }
}

package org.trefoilhub.dicomweb.retrieve;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.util.DigestUtils;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.dicom.encoding.TransferSyntax;
import org.trefoilhub.dicom.pixel.FrameIndex;
import org.trefoilhub.dicom.pixel.RenderOptions;
import org.trefoilhub.dicomweb.archive.Archive;
import org.trefoilhub.dicomweb.archive.ArchiveSession;
import org.trefoilhub.dicomweb.archive.BulkData;
import org.trefoilhub.dicomweb.archive.StoredInstance;
import org.trefoilhub.dicomweb.error.ArchiveException;
import org.trefoilhub.dicomweb.error.DicomwebErrorCode;
import org.trefoilhub.dicomweb.media.AcceptHeader;

/**
 * Rendered resources and thumbnails (PS3.18 sections 10.4.1.1.3 and 10.4.1.1.4).
 *
 * <p>Images are JPEG (the default) or PNG of one frame: the named one, else the one that stands for the instance, series
 * or study. An encapsulated PDF renders to itself, a video to its stream, with ranges. What has no rendering, or cannot be
 * decoded, is 406; the problem names the transfer syntax.
 */
@RestController
@RequestMapping("/dicom-web/studies/{study}")
class RenderedController {

    private static final String ENCAPSULATED_PDF = "1.2.840.10008.5.1.4.1.1.104.1";
    private static final String ENCAPSULATED_DOCUMENT = "00420011";
    private static final String PDF = "application/pdf";
    private static final String[] IMAGES = {"image/jpeg", "image/png"};

    private final Archive archive;
    private final RenderedImages images;

    RenderedController(Archive archive, RenderedImages images) {
        this.archive = archive;
        this.images = images;
    }

    @GetMapping("/series/{series}/instances/{instance}/rendered")
    void renderedInstance(
            Subject subject,
            @PathVariable String study,
            @PathVariable String series,
            @PathVariable String instance,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        StoredInstance stored = instance(subject, study, series, instance, request);
        if (stored.sopClassUid().equals(ENCAPSULATED_PDF)) {
            pdf(stored, request, response);
        } else if (isVideo(stored)) {
            video(stored, request, response);
        } else {
            image(stored, null, false, request, response);
        }
    }

    @GetMapping("/series/{series}/instances/{instance}/thumbnail")
    void thumbnailOfInstance(
            Subject subject,
            @PathVariable String study,
            @PathVariable String series,
            @PathVariable String instance,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        image(instance(subject, study, series, instance, request), null, true, request, response);
    }

    @GetMapping("/series/{series}/instances/{instance}/frames/{frames}/rendered")
    void renderedFrame(
            Subject subject,
            @PathVariable String study,
            @PathVariable String series,
            @PathVariable String instance,
            @PathVariable String frames,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        int frame = oneFrame(frames);
        image(instance(subject, study, series, instance, request), frame, false, request, response);
    }

    @GetMapping("/series/{series}/instances/{instance}/frames/{frames}/thumbnail")
    void thumbnailOfFrame(
            Subject subject,
            @PathVariable String study,
            @PathVariable String series,
            @PathVariable String instance,
            @PathVariable String frames,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        int frame = oneFrame(frames);
        image(instance(subject, study, series, instance, request), frame, true, request, response);
    }

    @GetMapping("/series/{series}/rendered")
    void renderedSeries(
            Subject subject,
            @PathVariable String study,
            @PathVariable String series,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        image(representative(subject, study, series, request), null, false, request, response);
    }

    @GetMapping("/series/{series}/thumbnail")
    void thumbnailOfSeries(
            Subject subject,
            @PathVariable String study,
            @PathVariable String series,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        image(representative(subject, study, series, request), null, true, request, response);
    }

    @GetMapping("/rendered")
    void renderedStudy(
            Subject subject, @PathVariable String study, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        image(representative(subject, study, null, request), null, false, request, response);
    }

    @GetMapping("/thumbnail")
    void thumbnailOfStudy(
            Subject subject, @PathVariable String study, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        image(representative(subject, study, null, request), null, true, request, response);
    }

    private StoredInstance instance(
            Subject subject, String study, String series, String instance, HttpServletRequest request)
            throws IOException {
        ArchiveSession session = session(subject);
        StoredInstance found = session.instance(study, series, instance).orElseThrow(Retrieval::notFound);
        Retrieval.requireIntent(session, request, study, Action.PRINT);
        found.requireShown();
        return found;
    }

    private ArchiveSession session(Subject subject) {
        return archive.as(subject, Door.DICOMWEB_WADO);
    }

    /** The middle one of the instances that can be rendered, of the first series that has one. */
    private StoredInstance representative(
            Subject subject, String study, @Nullable String series, HttpServletRequest request) throws IOException {
        ArchiveSession session = session(subject);
        List<StoredInstance> all = session.instances(study, series);
        if (all.isEmpty()) {
            throw Retrieval.notFound();
        }
        Retrieval.requireIntent(session, request, study, Action.PRINT);
        List<StoredInstance> candidates = new ArrayList<>();
        for (StoredInstance instance : all) {
            boolean otherSeries = !candidates.isEmpty()
                    && !candidates.get(0).seriesInstanceUid().equals(instance.seriesInstanceUid());
            if (!otherSeries && RenderedImages.obstacle(instance).isEmpty() && !instance.withheld()) {
                candidates.add(instance);
            }
        }
        // With no candidate the first instance says best why there is no rendering.
        StoredInstance chosen = candidates.isEmpty() ? all.get(0) : candidates.get(candidates.size() / 2);
        chosen.requireShown();
        return chosen;
    }

    private static int oneFrame(String frames) {
        if (frames.matches("[1-9]\\d{0,8}")) {
            return Integer.parseInt(frames);
        }
        if (frames.matches("\\d+(,\\d+)+")) {
            throw new ArchiveException(
                    DicomwebErrorCode.NOT_IMPLEMENTED,
                    "several frames cannot be rendered at once, ask for them one by one");
        }
        throw new ArchiveException(DicomwebErrorCode.BAD_REQUEST, "frame number is malformed, expected one from 1");
    }

    private void image(
            StoredInstance instance,
            @Nullable Integer frame,
            boolean thumbnail,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        RenderedParameters parameters = parameters(request);
        String mediaType = accepted(request, IMAGES);
        RenderOptions options = thumbnail ? parameters.thumbnail(mediaType) : parameters.rendered(mediaType);
        String variant = frame + "/" + thumbnail + "/" + options;
        if (Retrieval.notModified(request, response, instance.entityTag() + "-" + digest(variant))) {
            return;
        }
        byte[] rendered = images.render(instance, frame, options, thumbnail);
        response.setContentType(mediaType);
        response.setContentLength(rendered.length);
        response.getOutputStream().write(rendered);
    }

    private void pdf(StoredInstance instance, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        accepted(request, PDF);
        BulkData document = instance.bulkData(ENCAPSULATED_DOCUMENT)
                .orElseThrow(() -> new ArchiveException(
                        DicomwebErrorCode.NOT_RENDERABLE, "the object has no encapsulated document"));
        if (Retrieval.notModified(request, response, instance.entityTag() + "-pdf")) {
            return;
        }
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "inline; filename=\"document.pdf\"");
        Retrieval.write(request, response, PDF, document.lengthBytes(), document::open);
    }

    private void video(StoredInstance instance, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String mediaType = instance.frameMediaType();
        accepted(request, mediaType);
        if (Retrieval.notModified(request, response, instance.entityTag() + "-video")) {
            return;
        }
        Retrieval.write(
                request,
                response,
                mediaType,
                instance.frameLengthBytes(1),
                (from, length) -> part(instance, from, length));
    }

    /** The offer that the client likes best; a 406 that names the offers if it likes none. */
    private static String accepted(HttpServletRequest request, String... offers) {
        return AcceptHeader.of(request)
                .best(offers)
                .orElseThrow(() -> new ArchiveException(
                        DicomwebErrorCode.NOT_ACCEPTABLE,
                        "none of the accepted media types can be given, only " + String.join(", ", offers)));
    }

    private static boolean isVideo(StoredInstance instance) {
        return TransferSyntax.ofUnknown(instance.transferSyntaxUid()).isVideo() && instance.numberOfFrames() > 0;
    }

    /** Bytes of the stream that the fragments of a video make together. */
    private static InputStream part(StoredInstance instance, long from, long length) throws IOException {
        List<FrameIndex.Region> wanted = new ArrayList<>();
        long position = 0;
        for (FrameIndex.Region region : instance.frameIndex().frame(1)) {
            long begin = Math.max(from, position);
            long end = Math.min(from + length, position + region.length());
            if (begin < end) {
                wanted.add(new FrameIndex.Region(region.offset() + begin - position, end - begin));
            }
            position += region.length();
        }
        return new RegionsInputStream(wanted, instance::openObject);
    }

    private static RenderedParameters parameters(HttpServletRequest request) {
        return new RenderedParameters(
                request.getParameter("viewport"), request.getParameter("window"), request.getParameter("quality"));
    }

    private static String digest(String variant) {
        return DigestUtils.md5DigestAsHex(variant.getBytes(StandardCharsets.UTF_8))
                .substring(0, 16);
    }
}

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
    private static final List<String> IMAGES = List.of("image/jpeg", "image/png");

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
        StoredInstance stored = instance(subject, study, series, instance);
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
        image(instance(subject, study, series, instance), null, true, request, response);
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
        image(instance(subject, study, series, instance), frame, false, request, response);
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
        image(instance(subject, study, series, instance), frame, true, request, response);
    }

    @GetMapping("/series/{series}/rendered")
    void renderedSeries(
            Subject subject,
            @PathVariable String study,
            @PathVariable String series,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        image(representative(subject, study, series), null, false, request, response);
    }

    @GetMapping("/series/{series}/thumbnail")
    void thumbnailOfSeries(
            Subject subject,
            @PathVariable String study,
            @PathVariable String series,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        image(representative(subject, study, series), null, true, request, response);
    }

    @GetMapping("/rendered")
    void renderedStudy(
            Subject subject, @PathVariable String study, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        image(representative(subject, study, null), null, false, request, response);
    }

    @GetMapping("/thumbnail")
    void thumbnailOfStudy(
            Subject subject, @PathVariable String study, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        image(representative(subject, study, null), null, true, request, response);
    }

    private StoredInstance instance(Subject subject, String study, String series, String instance) {
        return session(subject)
                .instance(study, series, instance)
                .orElseThrow(() -> new ArchiveException(DicomwebErrorCode.NOT_FOUND, "there is no such instance"));
    }

    private ArchiveSession session(Subject subject) {
        return archive.as(subject, Door.DICOMWEB_WADO);
    }

    /** The middle one of the instances that can be rendered, of the first series that has one. */
    private StoredInstance representative(Subject subject, String study, @Nullable String series) {
        List<StoredInstance> all = session(subject).instances(study, series);
        if (all.isEmpty()) {
            throw new ArchiveException(DicomwebErrorCode.NOT_FOUND, "there is no such study or series");
        }
        List<StoredInstance> candidates = new ArrayList<>();
        for (StoredInstance instance : all) {
            boolean otherSeries = !candidates.isEmpty()
                    && !candidates.get(0).seriesInstanceUid().equals(instance.seriesInstanceUid());
            if (!otherSeries && RenderedImages.obstacle(instance).isEmpty()) {
                candidates.add(instance);
            }
        }
        // With no candidate the first instance says best why there is no rendering.
        return candidates.isEmpty() ? all.get(0) : candidates.get(candidates.size() / 2);
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
        String mediaType = parameters.mediaType(IMAGES);
        RenderOptions options = thumbnail ? parameters.thumbnail(mediaType) : parameters.rendered(mediaType);
        String variant = frame + "/" + thumbnail + "/" + options;
        if (notModified(instance.entityTag() + "-" + digest(variant), request, response)) {
            return;
        }
        byte[] rendered = images.render(instance, frame, options, thumbnail);
        response.setContentType(mediaType);
        response.setContentLength(rendered.length);
        response.getOutputStream().write(rendered);
    }

    private void pdf(StoredInstance instance, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        parameters(request).mediaType(List.of(PDF));
        BulkData document = instance.bulkData(ENCAPSULATED_DOCUMENT)
                .orElseThrow(() -> new ArchiveException(
                        DicomwebErrorCode.NOT_RENDERABLE, "the object has no encapsulated document"));
        response.setHeader(HttpHeaders.CONTENT_DISPOSITION, "inline; filename=\"document.pdf\"");
        send(instance.entityTag() + "-pdf", PDF, document.lengthBytes(), document::open, request, response);
    }

    private void video(StoredInstance instance, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String mediaType = instance.frameMediaType();
        parameters(request).mediaType(List.of(mediaType));
        send(
                instance.entityTag() + "-video",
                mediaType,
                instance.frameLengthBytes(1),
                (from, length) -> part(instance, from, length),
                request,
                response);
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

    private interface Opener {
        InputStream open(long offset, long length) throws IOException;
    }

    /** Sends a resource that is stored as it is served: whole, or the one range that is asked for. */
    private static void send(
            String entityTag,
            String mediaType,
            long length,
            Opener opener,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        if (notModified(entityTag, request, response)) {
            return;
        }
        response.setHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
        String ifRange = request.getHeader(HttpHeaders.IF_RANGE);
        boolean rangeCounts = ifRange == null || ifRange.equals("\"" + entityTag + "\"");
        ByteRange range =
                rangeCounts ? ByteRange.parse(request.getHeader(HttpHeaders.RANGE), length) : ByteRange.whole(length);
        if (range.isUnsatisfiable()) {
            response.setHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + length);
            response.setStatus(HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE);
            return;
        }
        if (range.isPart(length)) {
            response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
            response.setHeader(
                    HttpHeaders.CONTENT_RANGE,
                    "bytes " + range.offset() + "-" + (range.offset() + range.length() - 1) + "/" + length);
        }
        response.setContentType(mediaType);
        response.setContentLengthLong(range.length());
        if (request.getMethod().equals("HEAD")) {
            return;
        }
        try (InputStream in = opener.open(range.offset(), range.length())) {
            in.transferTo(response.getOutputStream());
        }
    }

    /** Sets the validators; answers 304 and returns true if the client has these bytes. */
    private static boolean notModified(String entityTag, HttpServletRequest request, HttpServletResponse response) {
        String quoted = "\"" + entityTag + "\"";
        response.setHeader(HttpHeaders.ETAG, quoted);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
        response.setHeader(HttpHeaders.VARY, "Accept, Authorization, Cookie");
        response.setHeader("X-Content-Type-Options", "nosniff");
        String known = request.getHeader(HttpHeaders.IF_NONE_MATCH);
        if (known == null) {
            return false;
        }
        for (String tag : known.split(",")) {
            String bare = tag.strip().replaceFirst("^W/", "");
            if (bare.equals(quoted) || bare.equals("*")) {
                response.setStatus(HttpServletResponse.SC_NOT_MODIFIED);
                return true;
            }
        }
        return false;
    }

    private static RenderedParameters parameters(HttpServletRequest request) {
        return new RenderedParameters(
                request.getParameter("accept"),
                request.getHeader(HttpHeaders.ACCEPT),
                request.getParameter("viewport"),
                request.getParameter("window"),
                request.getParameter("quality"));
    }

    private static String digest(String variant) {
        return DigestUtils.md5DigestAsHex(variant.getBytes(StandardCharsets.UTF_8))
                .substring(0, 16);
    }
}

package org.trefoilhub.dicomweb.retrieve;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.dicomweb.archive.Archive;
import org.trefoilhub.dicomweb.archive.ArchiveSession;
import org.trefoilhub.dicomweb.archive.BulkData;
import org.trefoilhub.dicomweb.archive.StoredInstance;
import org.trefoilhub.dicomweb.media.AcceptHeader;
import org.trefoilhub.dicomweb.media.MediaRange;
import org.trefoilhub.dicomweb.media.MultipartAnswer;

/**
 * Values that the metadata name by BulkDataURI, DICOM PS3.18 section 10.4.1.1.5: raw single part, or multipart when asked.
 */
@RestController
@RequestMapping("/dicom-web")
class BulkDataController {
    private static final String OCTETS = "application/octet-stream";
    private static final String PDF = "application/pdf";

    private final Archive archive;
    private final String base;

    BulkDataController(Archive archive, @Value("${trefoil.public-url}") String publicUrl) {
        this.archive = archive;
        this.base = publicUrl.replaceAll("/+$", "") + "/dicom-web";
    }

    @GetMapping("/studies/{study}/series/{series}/instances/{instance}/bulkdata/{*path}")
    void bulkData(
            Subject subject,
            @PathVariable("study") String study,
            @PathVariable("series") String series,
            @PathVariable("instance") String instanceUid,
            @PathVariable("path") String path,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        AcceptHeader accept = AcceptHeader.of(request);
        ArchiveSession session = archive.as(subject, Door.DICOMWEB_WADO);
        StoredInstance instance = session.instance(study, series, instanceUid).orElseThrow(Retrieval::notFound);
        Retrieval.requireIntent(session, request, study, Action.DOWNLOAD);
        instance.requireShown();
        String relative = path.substring(1);
        BulkData value = instance.bulkData(relative).orElseThrow(Retrieval::notFound);
        response.setHeader("Vary", "Accept, Authorization, Cookie");
        // a document of any kind may be in there: it must never run as a page of ours
        response.setHeader("Content-Security-Policy", "sandbox");
        if (!value.mediaType().equals(PDF)) {
            response.setHeader("Content-Disposition", "attachment");
        }
        for (MediaRange range : accept.ranges()) {
            boolean multipart = range.type().startsWith("multipart/");
            String wanted = multipart ? range.parameter("type") : range.type();
            String type = choose(wanted == null ? "*/*" : wanted, value.mediaType());
            if (type == null) {
                continue;
            }
            if (Retrieval.notModified(
                    request,
                    response,
                    instance.entityTag() + "-" + relative.replace('/', '.') + (multipart ? "-m" : ""))) {
                return;
            }
            if (multipart) {
                String location = base + "/studies/" + study + "/series/" + series + "/instances/" + instanceUid
                        + "/bulkdata/" + relative;
                MultipartAnswer.write(
                        response,
                        type,
                        List.of(new MultipartAnswer.Part(
                                type, location, value.lengthBytes(), () -> value.open(0, value.lengthBytes()))),
                        Retrieval.isHead(request));
            } else {
                Retrieval.write(request, response, type, value.lengthBytes(), value::open);
            }
            return;
        }
        throw AcceptHeader.notAcceptable(value.mediaType() + " and " + OCTETS + ", each alone or as multipart/related");
    }

    private static @org.jspecify.annotations.Nullable String choose(String wanted, String mediaType) {
        MediaRange range = MediaRange.parse(wanted);
        if (range.covers(mediaType)) {
            return mediaType;
        }
        return range.covers(OCTETS) ? OCTETS : null;
    }
}

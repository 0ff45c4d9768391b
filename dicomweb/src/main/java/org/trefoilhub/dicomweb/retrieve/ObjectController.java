package org.trefoilhub.dicomweb.retrieve;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
import org.trefoilhub.dicomweb.archive.StoredInstance;
import org.trefoilhub.dicomweb.media.AcceptHeader;
import org.trefoilhub.dicomweb.media.MediaRange;
import org.trefoilhub.dicomweb.media.MultipartAnswer;

/**
 * Whole objects as stored, DICOM PS3.18 section 10.4.1.1.1.
 *
 * <p>Accepts {@code multipart/related; type="application/dicom"}, and {@code application/dicom} for a single instance. A
 * range without transfer syntax, and {@code transfer-syntax=*}, get the stored one; another one that an object is not
 * stored in is refused, since nothing is transcoded.
 */
@RestController
@RequestMapping("/dicom-web")
class ObjectController {
    private static final String DICOM = "application/dicom";

    private final Archive archive;
    private final String base;

    ObjectController(Archive archive, @Value("${trefoil.public-url}") String publicUrl) {
        this.archive = archive;
        this.base = publicUrl.replaceAll("/+$", "") + "/dicom-web";
    }

    @GetMapping("/studies/{study}")
    void study(
            Subject subject,
            @PathVariable("study") String study,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        sendAll(subject, study, null, request, response);
    }

    @GetMapping("/studies/{study}/series/{series}")
    void series(
            Subject subject,
            @PathVariable("study") String study,
            @PathVariable("series") String series,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        sendAll(subject, study, series, request, response);
    }

    @GetMapping("/studies/{study}/series/{series}/instances/{instance}")
    void instance(
            Subject subject,
            @PathVariable("study") String study,
            @PathVariable("series") String series,
            @PathVariable("instance") String instance,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        AcceptHeader accept = AcceptHeader.of(request);
        ArchiveSession session = archive.as(subject, Door.DICOMWEB_WADO);
        StoredInstance found = session.instance(study, series, instance).orElseThrow(Retrieval::notFound);
        Retrieval.requireIntent(session, request, study, Action.DOWNLOAD);
        found.requireShown();
        List<StoredInstance> one = List.of(found);
        for (MediaRange range : accept.ranges()) {
            boolean multipart = isMultipart(range, one);
            if (!multipart && !isSingle(range, found)) {
                continue;
            }
            response.setHeader("Vary", "Accept, Authorization, Cookie");
            if (Retrieval.notModified(request, response, found.entityTag() + (multipart ? "-m" : ""))) {
                return;
            }
            if (multipart) {
                MultipartAnswer.write(response, DICOM, parts(one), Retrieval.isHead(request));
            } else {
                Retrieval.write(request, response, contentType(found), found.lengthBytes(), found::openObject);
            }
            return;
        }
        throw refusal(one);
    }

    /** What cannot be masked for a subject that sees the patient masked is left out, and the answer says so. */
    private void sendAll(
            Subject subject,
            String study,
            @Nullable String series,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        AcceptHeader accept = AcceptHeader.of(request);
        ArchiveSession session = archive.as(subject, Door.DICOMWEB_WADO);
        List<StoredInstance> all = session.instances(study, series);
        if (all.isEmpty()) {
            throw Retrieval.notFound();
        }
        Retrieval.requireIntent(session, request, study, Action.DOWNLOAD);
        List<StoredInstance> instances = new ArrayList<>();
        for (StoredInstance instance : all) {
            if (!instance.withheld()) {
                instances.add(instance);
            }
        }
        if (instances.isEmpty()) {
            all.get(0).requireShown();
        }
        if (accept.ranges().stream()
                .noneMatch(range ->
                        range.type().equals("*/*") && fits(range, instances) || isMultipart(range, instances))) {
            throw refusal(instances);
        }
        response.setHeader("Vary", "Accept, Authorization, Cookie");
        response.setHeader("Cache-Control", "private, no-cache");
        response.setHeader("X-Content-Type-Options", "nosniff");
        if (instances.size() < all.size()) {
            response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
            response.addHeader(
                    "Warning",
                    "299 trefoil \"" + (all.size() - instances.size())
                            + " instances are left out: the patient is masked, and they cannot be\"");
        }
        MultipartAnswer.write(response, DICOM, parts(instances), Retrieval.isHead(request));
    }

    private static boolean isMultipart(MediaRange range, List<StoredInstance> instances) {
        String type = range.parameter("type");
        return (range.type().equals("multipart/related") || range.type().equals("multipart/*"))
                && (type == null || type.equals(DICOM) || type.equals("application/*") || type.equals("*/*"))
                && fits(range, instances);
    }

    /** A client that takes anything gets one plain file. */
    private static boolean isSingle(MediaRange range, StoredInstance instance) {
        return range.covers(DICOM) && fits(range, List.of(instance));
    }

    private static boolean fits(MediaRange range, List<StoredInstance> instances) {
        String syntax = range.parameter("transfer-syntax");
        return syntax == null
                || syntax.equals("*")
                || instances.stream()
                        .allMatch(instance -> instance.transferSyntaxUid().equals(syntax));
    }

    private static RuntimeException refusal(List<StoredInstance> instances) {
        Set<String> syntaxes = new LinkedHashSet<>();
        instances.forEach(instance -> syntaxes.add(instance.transferSyntaxUid()));
        return AcceptHeader.notAcceptable("multipart/related; type=application/dicom and application/dicom, with"
                + " transfer-syntax * or " + String.join(" or ", syntaxes));
    }

    private List<MultipartAnswer.Part> parts(List<StoredInstance> instances) {
        List<MultipartAnswer.Part> parts = new ArrayList<>();
        for (StoredInstance instance : instances) {
            parts.add(new MultipartAnswer.Part(
                    contentType(instance), url(instance), instance.lengthBytes(), instance::openObject));
        }
        return parts;
    }

    private String url(StoredInstance instance) {
        return base + "/studies/" + instance.studyInstanceUid() + "/series/" + instance.seriesInstanceUid()
                + "/instances/" + instance.sopInstanceUid();
    }

    private static String contentType(StoredInstance instance) {
        return DICOM + "; transfer-syntax=" + instance.transferSyntaxUid();
    }
}

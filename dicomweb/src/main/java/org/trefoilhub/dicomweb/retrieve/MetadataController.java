package org.trefoilhub.dicomweb.retrieve;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.dicomweb.archive.Archive;
import org.trefoilhub.dicomweb.archive.MetadataDocument;
import org.trefoilhub.dicomweb.media.AcceptHeader;

/**
 * Metadata of studies, series and instances, DICOM PS3.18 section 10.4.1.1.2, sent as prepared at ingest: compressed, with
 * a strong entity tag.
 */
@RestController
@RequestMapping("/dicom-web")
class MetadataController {
    private final Archive archive;

    MetadataController(Archive archive) {
        this.archive = archive;
    }

    @GetMapping("/studies/{study}/metadata")
    void study(
            Subject subject,
            @PathVariable("study") String study,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        send(subject, study, null, null, request, response);
    }

    @GetMapping("/studies/{study}/series/{series}/metadata")
    void series(
            Subject subject,
            @PathVariable("study") String study,
            @PathVariable("series") String series,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        send(subject, study, series, null, request, response);
    }

    @GetMapping("/studies/{study}/series/{series}/instances/{instance}/metadata")
    void instance(
            Subject subject,
            @PathVariable("study") String study,
            @PathVariable("series") String series,
            @PathVariable("instance") String instance,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        send(subject, study, series, instance, request, response);
    }

    private void send(
            Subject subject,
            String study,
            @Nullable String series,
            @Nullable String instance,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        String type = AcceptHeader.of(request).require("application/dicom+json", "application/json");
        MetadataDocument document = archive.as(subject, Door.DICOMWEB_WADO)
                .metadata(study, series, instance)
                .orElseThrow(Retrieval::notFound);
        boolean gzip = acceptsGzip(request);
        response.setHeader("Vary", "Accept, Accept-Encoding, Authorization, Cookie");
        if (Retrieval.notModified(request, response, document.entityTag() + (gzip ? "-gz" : ""))) {
            return;
        }
        response.setContentType(type);
        if (gzip) {
            response.setHeader("Content-Encoding", "gzip");
            response.setContentLengthLong(document.gzipLengthBytes());
        }
        if (Retrieval.isHead(request)) {
            return;
        }
        if (gzip) {
            document.writeGzip(response.getOutputStream());
        } else {
            document.writePlain(response.getOutputStream());
        }
    }

    private static boolean acceptsGzip(HttpServletRequest request) {
        String header = request.getHeader("Accept-Encoding");
        if (header == null) {
            return false;
        }
        for (String coding : header.split(",")) {
            String[] parts = coding.strip().split("\\s*;\\s*");
            if ((parts[0].equalsIgnoreCase("gzip") || parts[0].equals("*"))
                    && !(parts.length > 1 && parts[1].matches("q=0(\\.0{0,3})?"))) {
                return true;
            }
        }
        return false;
    }
}

package org.trefoilhub.dicomweb.query;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.dict.DataDictionary;
import org.trefoilhub.dicom.json.BulkDataUri;
import org.trefoilhub.dicom.json.DicomJson;
import org.trefoilhub.dicomweb.ArchiveProperties;
import org.trefoilhub.dicomweb.archive.Archive;
import org.trefoilhub.dicomweb.archive.QidoQuery;
import org.trefoilhub.dicomweb.archive.QueryLevel;
import org.trefoilhub.dicomweb.archive.SearchPage;
import org.trefoilhub.dicomweb.archive.Uids;
import org.trefoilhub.dicomweb.error.ArchiveException;
import org.trefoilhub.dicomweb.error.DicomwebErrorCode;
import org.trefoilhub.dicomweb.media.AcceptHeader;

/**
 * QIDO-RS at study, series and instance level, DICOM PS3.18 section 10.6.
 *
 * <p>No match is answered with 200 and an empty array, which every client understands. A page that is cut, and keys that
 * were ignored, are told in a Warning header of code 299.
 */
@RestController
@RequestMapping("/dicom-web")
class QueryController {
    private final Archive archive;
    private final int maxResults;

    QueryController(Archive archive, ArchiveProperties properties) {
        this.archive = archive;
        this.maxResults = properties.maxResults();
    }

    @GetMapping({"/studies", "/studies/"})
    void studies(Subject subject, HttpServletRequest request, HttpServletResponse response) throws IOException {
        search(QueryLevel.STUDY, List.of(), subject, request, response);
    }

    @GetMapping("/series")
    void series(Subject subject, HttpServletRequest request, HttpServletResponse response) throws IOException {
        search(QueryLevel.SERIES, List.of(), subject, request, response);
    }

    @GetMapping("/instances")
    void instances(Subject subject, HttpServletRequest request, HttpServletResponse response) throws IOException {
        search(QueryLevel.INSTANCE, List.of(), subject, request, response);
    }

    @GetMapping("/studies/{study}/series")
    void seriesOfStudy(
            Subject subject,
            @PathVariable("study") String study,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        search(QueryLevel.SERIES, List.of(match(Tag.StudyInstanceUID, study)), subject, request, response);
    }

    @GetMapping("/studies/{study}/instances")
    void instancesOfStudy(
            Subject subject,
            @PathVariable("study") String study,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        search(QueryLevel.INSTANCE, List.of(match(Tag.StudyInstanceUID, study)), subject, request, response);
    }

    @GetMapping("/studies/{study}/series/{series}/instances")
    void instancesOfSeries(
            Subject subject,
            @PathVariable("study") String study,
            @PathVariable("series") String series,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        search(
                QueryLevel.INSTANCE,
                List.of(match(Tag.StudyInstanceUID, study), match(Tag.SeriesInstanceUID, series)),
                subject,
                request,
                response);
    }

    private static QidoQuery.Match match(int tag, String uid) {
        if (!Uids.isValid(uid)) {
            throw new ArchiveException(DicomwebErrorCode.BAD_REQUEST, "expected UIDs in the path");
        }
        return new QidoQuery.Match(List.of(tag), uid);
    }

    private void search(
            QueryLevel level,
            List<QidoQuery.Match> fixed,
            Subject subject,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        String type = AcceptHeader.of(request).require("application/dicom+json", "application/json");
        QidoParameters parameters = QidoParameters.parse(request.getParameterMap(), fixed, maxResults);
        SearchPage page = archive.as(subject, Door.DICOMWEB_QIDO).search(level, parameters.query());
        warn(parameters, page, response);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cache-Control", "no-store");
        response.setContentType(type);
        DicomJson.write(page.rows(), response.getOutputStream(), BulkDataUri.INLINE);
    }

    private static void warn(QidoParameters parameters, SearchPage page, HttpServletResponse response) {
        Set<String> ignored = new LinkedHashSet<>(parameters.ignored());
        for (List<Integer> path : page.ignoredKeys()) {
            List<String> steps = new ArrayList<>();
            path.forEach(tag -> steps.add(DataDictionary.keyword(tag)));
            ignored.add(String.join(".", steps));
        }
        if (!ignored.isEmpty()) {
            response.addHeader(
                    "Warning",
                    "299 trefoil \"These parameters are not supported and were ignored: " + String.join(", ", ignored)
                            + "\"");
        }
        if (page.more()) {
            response.addHeader(
                    "Warning",
                    "299 trefoil \"There are more results; ask for them with offset="
                            + (parameters.query().offset() + page.rows().size()) + "\"");
        }
    }
}

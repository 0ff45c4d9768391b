package org.trefoilhub.dicomweb.store;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.json.BulkDataUri;
import org.trefoilhub.dicom.json.DicomJson;
import org.trefoilhub.dicomweb.archive.Archive;
import org.trefoilhub.dicomweb.archive.ArchiveSession;
import org.trefoilhub.dicomweb.archive.StoreContext;
import org.trefoilhub.dicomweb.archive.StoreOutcome;
import org.trefoilhub.dicomweb.archive.Uids;
import org.trefoilhub.dicomweb.error.ArchiveException;
import org.trefoilhub.dicomweb.error.DicomwebErrorCode;
import org.trefoilhub.dicomweb.error.MultipartException;
import org.trefoilhub.dicomweb.media.AcceptHeader;
import org.trefoilhub.dicomweb.media.MediaRange;
import org.trefoilhub.dicomweb.media.MultipartReader;

/**
 * STOW-RS and deletion, DICOM PS3.18 section 10.5.
 *
 * <p>Answers 200 when all were stored, 202 when some failed or warned, 409 when none was stored; the body is the store
 * response of PS3.18 table 10.5.3-3, with the reason for people in Error Comment.
 */
@RestController
@RequestMapping("/dicom-web")
class StoreController {
    private static final Logger LOG = LoggerFactory.getLogger(StoreController.class);
    private static final String DICOM = "application/dicom";
    private static final String DICOM_JSON = "application/dicom+json";
    private static final int OUT_OF_RESOURCES = 0xA700;

    private final Archive archive;
    private final String base;

    StoreController(Archive archive, @Value("${trefoil.public-url}") String publicUrl) {
        this.archive = archive;
        this.base = publicUrl.replaceAll("/+$", "") + "/dicom-web";
    }

    @PostMapping({"/studies", "/studies/"})
    void store(Subject subject, HttpServletRequest request, HttpServletResponse response) throws IOException {
        store(subject, null, request, response);
    }

    @PostMapping("/studies/{study}")
    void storeToStudy(
            Subject subject,
            @PathVariable("study") String study,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        if (!Uids.isValid(study)) {
            throw new ArchiveException(DicomwebErrorCode.BAD_REQUEST, "expected a Study Instance UID in the path");
        }
        store(subject, study, request, response);
    }

    private void store(
            Subject subject, @Nullable String study, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        AcceptHeader.of(request).require(DICOM_JSON, "application/json");
        MultipartReader parts = new MultipartReader(request.getInputStream(), boundary(request));
        ArchiveSession session = archive.as(subject, Door.DICOMWEB_STOW);
        StoreContext context = StoreContext.part10(subject.client(), study);
        List<StoreOutcome> outcomes = new ArrayList<>();
        while (parts.nextPart()) {
            String contentType = parts.headers().get("content-type");
            if (contentType != null && !MediaRange.parse(contentType).type().equals(DICOM)) {
                throw new ArchiveException(
                        DicomwebErrorCode.UNSUPPORTED_MEDIA_TYPE, "expected parts of type application/dicom");
            }
            outcomes.add(storePart(session, parts, context));
        }
        if (outcomes.isEmpty()) {
            throw new ArchiveException(DicomwebErrorCode.BAD_MULTIPART, "the body has no part");
        }
        answer(outcomes, study, response);
    }

    private static StoreOutcome storePart(ArchiveSession session, MultipartReader parts, StoreContext context)
            throws IOException {
        try {
            return session.store(parts.body(), context);
        } catch (MultipartException e) {
            throw e; // the body is broken: there is no next part
        } catch (IOException | DataAccessException | TransactionException e) {
            LOG.error("an object could not be stored", e);
            return new StoreOutcome(
                    StoreOutcome.Status.REFUSED,
                    OUT_OF_RESOURCES,
                    0,
                    null,
                    null,
                    context.studyInstanceUid(),
                    null,
                    DicomwebErrorCode.OUT_OF_RESOURCES.code(),
                    "the archive cannot take the object now");
        }
    }

    private static String boundary(HttpServletRequest request) {
        String contentType = request.getContentType();
        if (contentType == null) {
            throw new ArchiveException(
                    DicomwebErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "expected a body of multipart/related; type=\"application/dicom\"");
        }
        MediaRange type = MediaRange.parse(contentType);
        String partType = type.parameter("type");
        if (!type.type().equals("multipart/related") || partType != null && !partType.equalsIgnoreCase(DICOM)) {
            throw new ArchiveException(
                    DicomwebErrorCode.UNSUPPORTED_MEDIA_TYPE,
                    "expected a body of multipart/related; type=\"application/dicom\"");
        }
        String boundary = type.parameter("boundary");
        if (boundary == null) {
            throw new ArchiveException(DicomwebErrorCode.BAD_MULTIPART, "the content type names no boundary");
        }
        return boundary;
    }

    private void answer(List<StoreOutcome> outcomes, @Nullable String study, HttpServletResponse response)
            throws IOException {
        List<DicomDataset> stored = new ArrayList<>();
        List<DicomDataset> failed = new ArrayList<>();
        List<DicomDataset> unnamed = new ArrayList<>();
        Set<String> studies = new LinkedHashSet<>();
        boolean warned = false;
        for (StoreOutcome outcome : outcomes) {
            if (outcome.stored()) {
                stored.add(storedItem(outcome));
                studies.add(Objects.requireNonNull(outcome.studyInstanceUid()));
                warned |= outcome.warningReason() != 0;
            } else if (outcome.sopInstanceUid() != null && outcome.sopClassUid() != null) {
                failed.add(failedItem(outcome));
            } else {
                unnamed.add(failureOnly(outcome));
            }
        }
        DicomDataset.Builder answer = DicomDataset.builder();
        answer.put(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192");
        if (study != null) {
            answer.put(Tag.RetrieveURL, VR.UR, base + "/studies/" + study);
        } else if (studies.size() == 1) {
            answer.put(
                    Tag.RetrieveURL,
                    VR.UR,
                    base + "/studies/" + studies.iterator().next());
        }
        if (!failed.isEmpty()) {
            answer.putItems(Tag.FailedSOPSequence, failed);
        }
        if (!stored.isEmpty()) {
            answer.putItems(Tag.ReferencedSOPSequence, stored);
        }
        if (!unnamed.isEmpty()) {
            answer.putItems(Tag.OtherFailuresSequence, unnamed);
        }
        boolean anyFailed = !failed.isEmpty() || !unnamed.isEmpty();
        response.setStatus(stored.isEmpty() ? 409 : anyFailed || warned ? 202 : 200);
        response.setHeader("X-Content-Type-Options", "nosniff");
        response.setHeader("Cache-Control", "no-store");
        response.setContentType(DICOM_JSON);
        DicomJson.write(answer.build(), response.getOutputStream(), BulkDataUri.INLINE);
    }

    private DicomDataset storedItem(StoreOutcome outcome) {
        DicomDataset.Builder item = DicomDataset.builder()
                .put(Tag.ReferencedSOPClassUID, VR.UI, Objects.requireNonNull(outcome.sopClassUid()))
                .put(Tag.ReferencedSOPInstanceUID, VR.UI, Objects.requireNonNull(outcome.sopInstanceUid()))
                .put(
                        Tag.RetrieveURL,
                        VR.UR,
                        base + "/studies/" + outcome.studyInstanceUid() + "/series/" + outcome.seriesInstanceUid()
                                + "/instances/" + outcome.sopInstanceUid());
        if (outcome.warningReason() != 0) {
            item.putInts(Tag.WarningReason, VR.US, outcome.warningReason());
        }
        return item.build();
    }

    private static DicomDataset failedItem(StoreOutcome outcome) {
        return failureOnly(outcome).toBuilder()
                .put(Tag.ReferencedSOPClassUID, VR.UI, Objects.requireNonNull(outcome.sopClassUid()))
                .put(Tag.ReferencedSOPInstanceUID, VR.UI, Objects.requireNonNull(outcome.sopInstanceUid()))
                .build();
    }

    private static DicomDataset failureOnly(StoreOutcome outcome) {
        return DicomDataset.builder()
                .put(Tag.ErrorComment, VR.LO, comment(outcome))
                .putInts(Tag.FailureReason, VR.US, outcome.failureReason())
                .build();
    }

    /** Error Comment: the code, and as much of the reason as 64 characters hold. */
    private static String comment(StoreOutcome outcome) {
        String text = outcome.code() + ": " + outcome.detail();
        return text.length() <= 64 ? text : text.substring(0, 64);
    }

    @DeleteMapping("/studies/{study}")
    void deleteStudy(Subject subject, @PathVariable("study") String study, HttpServletResponse response) {
        delete(subject, study, null, null, response);
    }

    @DeleteMapping("/studies/{study}/series/{series}")
    void deleteSeries(
            Subject subject,
            @PathVariable("study") String study,
            @PathVariable("series") String series,
            HttpServletResponse response) {
        delete(subject, study, series, null, response);
    }

    @DeleteMapping("/studies/{study}/series/{series}/instances/{instance}")
    void deleteInstance(
            Subject subject,
            @PathVariable("study") String study,
            @PathVariable("series") String series,
            @PathVariable("instance") String instance,
            HttpServletResponse response) {
        delete(subject, study, series, instance, response);
    }

    private void delete(
            Subject subject,
            String study,
            @Nullable String series,
            @Nullable String instance,
            HttpServletResponse response) {
        int deleted = archive.as(subject, Door.DICOMWEB_STOW).delete(study, series, instance);
        if (deleted == 0) {
            throw new ArchiveException(DicomwebErrorCode.NOT_FOUND, "there is no such study, series or instance");
        }
        LOG.info("{} instances of study {} deleted by {}", deleted, study, subject.id());
        response.setStatus(204);
    }
}

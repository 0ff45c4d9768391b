package org.trefoilhub.dicomweb.retrieve;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.encoding.TransferSyntax;
import org.trefoilhub.dicom.pixel.PixelCodec;
import org.trefoilhub.dicom.pixel.PixelCodecs;
import org.trefoilhub.dicom.pixel.PixelDescription;
import org.trefoilhub.dicomweb.archive.Archive;
import org.trefoilhub.dicomweb.archive.ArchiveSession;
import org.trefoilhub.dicomweb.archive.StoredInstance;
import org.trefoilhub.dicomweb.error.ArchiveException;
import org.trefoilhub.dicomweb.error.DicomwebErrorCode;
import org.trefoilhub.dicomweb.media.AcceptHeader;
import org.trefoilhub.dicomweb.media.LimitedInputStream;
import org.trefoilhub.dicomweb.media.MediaRange;
import org.trefoilhub.dicomweb.media.MultipartAnswer;

/**
 * Frames, DICOM PS3.18 section 10.4.1.1.4.
 *
 * <p>A frame is cut out of the object by its index and streamed as stored. Only a client that asks for {@code
 * application/octet-stream} without {@code transfer-syntax=*} gets a compressed frame decoded, as the standard demands, if
 * its transfer syntax can be decoded here.
 */
@RestController
@RequestMapping("/dicom-web")
class FrameController {
    private static final String OCTETS = "application/octet-stream";
    private static final String EXPLICIT_LE = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN.uid();
    private static final String BIG_ENDIAN = TransferSyntax.EXPLICIT_VR_BIG_ENDIAN.uid();
    private static final int MAX_FRAMES = 10_000;

    /** How a frame is sent. */
    private enum Form {
        AS_STORED,
        SWAPPED,
        DECODED
    }

    private record Offer(String mediaType, String transferSyntaxUid, Form form) {
        String contentType() {
            return mediaType + "; transfer-syntax=" + transferSyntaxUid;
        }
    }

    private final Archive archive;
    private final String base;

    FrameController(Archive archive, @Value("${trefoil.public-url}") String publicUrl) {
        this.archive = archive;
        this.base = publicUrl.replaceAll("/+$", "") + "/dicom-web";
    }

    @GetMapping("/studies/{study}/series/{series}/instances/{instance}/frames/{frames}")
    void frames(
            Subject subject,
            @PathVariable("study") String study,
            @PathVariable("series") String series,
            @PathVariable("instance") String instanceUid,
            @PathVariable("frames") String list,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        List<Integer> frames = parse(list);
        AcceptHeader accept = AcceptHeader.of(request);
        ArchiveSession session = archive.as(subject, Door.DICOMWEB_WADO);
        StoredInstance instance = session.instance(study, series, instanceUid).orElseThrow(Retrieval::notFound);
        Retrieval.requireIntent(session, request, study, Action.DOWNLOAD);
        instance.requireShown();
        for (int frame : frames) {
            if (frame > instance.numberOfFrames()) {
                throw Retrieval.notFound();
            }
        }
        for (MediaRange range : accept.ranges()) {
            boolean multipart =
                    range.type().startsWith("multipart/") || range.type().equals("*/*");
            if (!multipart && frames.size() > 1) {
                continue;
            }
            Optional<Offer> offer = offer(range, instance);
            if (offer.isPresent()) {
                response.setHeader("Vary", "Accept, Authorization, Cookie");
                String tag = instance.entityTag() + "-" + list.replace(',', '.') + "-"
                        + offer.get().form().ordinal() + (multipart ? "m" : "");
                if (!Retrieval.notModified(request, response, tag)) {
                    send(instance, frames, offer.get(), multipart, request, response);
                }
                return;
            }
        }
        throw AcceptHeader.notAcceptable(instance.frameMediaType() + " and " + OCTETS
                + " with transfer-syntax * or " + instance.transferSyntaxUid()
                + ", each alone for one frame or as multipart/related");
    }

    private static List<Integer> parse(String list) {
        List<Integer> frames = new ArrayList<>();
        for (String number : list.split(",", -1)) {
            if (!number.matches("[1-9][0-9]{0,8}") || frames.size() == MAX_FRAMES) {
                throw new ArchiveException(
                        DicomwebErrorCode.BAD_REQUEST, "expected frame numbers from 1, joined by commas");
            }
            frames.add(Integer.parseInt(number));
        }
        return frames;
    }

    /** What a media range can be given, or empty. */
    private static Optional<Offer> offer(MediaRange range, StoredInstance instance) {
        MediaRange wanted = range;
        if (range.type().equals("multipart/related") || range.type().equals("multipart/*")) {
            String type = range.parameter("type");
            wanted = type == null
                    ? new MediaRange("*/*", range.parameters(), 1)
                    : new MediaRange(type.toLowerCase(java.util.Locale.ROOT), range.parameters(), 1);
        }
        String syntax = wanted.parameter("transfer-syntax");
        String stored = instance.transferSyntaxUid();
        String mediaType = instance.frameMediaType();
        boolean encapsulated = isEncapsulated(stored);
        if (!encapsulated) {
            return wanted.covers(OCTETS) ? nativeOffer(syntax, stored) : Optional.empty();
        }
        boolean syntaxFits = syntax == null || syntax.equals("*") || syntax.equals(stored);
        if (!mediaType.equals(OCTETS) && wanted.covers(mediaType) && syntaxFits) {
            return Optional.of(new Offer(mediaType, stored, Form.AS_STORED));
        }
        if (wanted.covers(OCTETS)) {
            if (syntax != null && syntaxFits) {
                return Optional.of(new Offer(mediaType, stored, Form.AS_STORED));
            }
            if ((syntax == null || syntax.equals(EXPLICIT_LE))
                    && decoder(stored).isPresent()) {
                return Optional.of(new Offer(OCTETS, EXPLICIT_LE, Form.DECODED));
            }
        }
        return Optional.empty();
    }

    /** Native frames do not depend on how the data set around them is written, but for the byte order. */
    private static Optional<Offer> nativeOffer(@Nullable String syntax, String stored) {
        if (stored.equals(BIG_ENDIAN)) {
            if (syntax != null && (syntax.equals("*") || syntax.equals(BIG_ENDIAN))) {
                return Optional.of(new Offer(OCTETS, BIG_ENDIAN, Form.AS_STORED));
            }
            return syntax == null || syntax.equals(EXPLICIT_LE)
                    ? Optional.of(new Offer(OCTETS, EXPLICIT_LE, Form.SWAPPED))
                    : Optional.empty();
        }
        return syntax == null || syntax.equals("*") || syntax.equals(EXPLICIT_LE) || syntax.equals(stored)
                ? Optional.of(new Offer(OCTETS, EXPLICIT_LE, Form.AS_STORED))
                : Optional.empty();
    }

    private static boolean isEncapsulated(String transferSyntaxUid) {
        return TransferSyntax.of(transferSyntaxUid)
                .map(TransferSyntax::encapsulated)
                .orElse(true);
    }

    private static Optional<PixelCodec.Decoder> decoder(String transferSyntaxUid) {
        return TransferSyntax.of(transferSyntaxUid).flatMap(PixelCodecs::decoder);
    }

    private void send(
            StoredInstance instance,
            List<Integer> frames,
            Offer offer,
            boolean multipart,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        List<MultipartAnswer.Part> parts = new ArrayList<>();
        for (int frame : frames) {
            parts.add(part(instance, frame, offer));
        }
        if (multipart) {
            MultipartAnswer.write(response, offer.mediaType(), parts, Retrieval.isHead(request));
            return;
        }
        MultipartAnswer.Part only = parts.get(0);
        Retrieval.write(request, response, offer.contentType(), only.lengthBytes(), (offset, length) -> {
            InputStream in = only.source().open();
            in.skipNBytes(offset);
            return new LimitedInputStream(in, length);
        });
    }

    private MultipartAnswer.Part part(StoredInstance instance, int frame, Offer offer) throws IOException {
        String location = base + "/studies/" + instance.studyInstanceUid() + "/series/" + instance.seriesInstanceUid()
                + "/instances/" + instance.sopInstanceUid() + "/frames/" + frame;
        if (offer.form() == Form.AS_STORED) {
            return new MultipartAnswer.Part(
                    offer.contentType(), location, instance.frameLengthBytes(frame), () -> instance.openFrame(frame));
        }
        DicomDataset dataset = instance.open().dataset();
        byte[] stored;
        try (InputStream in = instance.openFrame(frame)) {
            stored = in.readAllBytes();
        }
        byte[] sent = offer.form() == Form.SWAPPED
                ? swapped(stored, dataset)
                : decoder(instance.transferSyntaxUid()).orElseThrow().decode(stored, PixelDescription.of(dataset));
        return new MultipartAnswer.Part(
                offer.contentType(), location, sent.length, () -> new ByteArrayInputStream(sent));
    }

    private static byte[] swapped(byte[] frame, DicomDataset dataset) {
        int word = Math.max(1, dataset.integer(Tag.BitsAllocated).orElse(8) / 8);
        byte[] result = frame.clone();
        for (int i = 0; word > 1 && i + word <= frame.length; i += word) {
            for (int j = 0; j < word; j++) {
                result[i + j] = frame[i + word - 1 - j];
            }
        }
        return result;
    }
}

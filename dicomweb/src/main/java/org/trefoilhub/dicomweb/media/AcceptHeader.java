package org.trefoilhub.dicomweb.media;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.trefoilhub.dicomweb.error.ArchiveException;
import org.trefoilhub.dicomweb.error.DicomwebErrorCode;

/**
 * What a client accepts, best first: the query parameter {@code accept} if given, else the Accept header, else anything.
 *
 * <p>Spec: DICOM PS3.18 section 8.7.5 and 8.7.8.
 *
 * @param ranges by falling quality, those of quality 0 left out; never empty
 */
public record AcceptHeader(List<MediaRange> ranges) {
    private static final List<MediaRange> ANYTHING = MediaRange.parseList("*/*");

    public AcceptHeader {
        ranges = List.copyOf(ranges);
    }

    /**
     * Reads a request.
     *
     * @throws ArchiveException BAD_REQUEST if it is malformed
     */
    public static AcceptHeader of(HttpServletRequest request) {
        String parameter = request.getParameter("accept");
        if (parameter != null && !parameter.isBlank()) {
            return of(parameter);
        }
        return of(String.join(",", Collections.list(request.getHeaders("Accept"))));
    }

    /** Reads a header value; an empty one means anything. */
    public static AcceptHeader of(String header) {
        List<MediaRange> ranges = new ArrayList<>(MediaRange.parseList(header));
        if (ranges.isEmpty()) {
            return new AcceptHeader(ANYTHING);
        }
        ranges.removeIf(range -> range.quality() == 0);
        ranges.sort(Comparator.comparingDouble(MediaRange::quality).reversed()); // stable: order decides among equals
        if (ranges.isEmpty()) {
            throw new ArchiveException(DicomwebErrorCode.NOT_ACCEPTABLE, "every media type was ruled out");
        }
        return new AcceptHeader(ranges);
    }

    /** The first of these offers, in the client's order of preference, or empty. */
    public Optional<String> best(String... offers) {
        for (MediaRange range : ranges) {
            for (String offer : offers) {
                if (range.covers(offer)) {
                    return Optional.of(offer);
                }
            }
        }
        return Optional.empty();
    }

    /**
     * As {@link #best}, or refuses.
     *
     * @throws ArchiveException NOT_ACCEPTABLE with the offers
     */
    public String require(String... offers) {
        return best(offers).orElseThrow(() -> notAcceptable(String.join(", ", offers)));
    }

    /** The refusal that lists the offers. */
    public static ArchiveException notAcceptable(String offers) {
        return new ArchiveException(
                DicomwebErrorCode.NOT_ACCEPTABLE, "none of the accepted types can be given; offered are: " + offers);
    }
}

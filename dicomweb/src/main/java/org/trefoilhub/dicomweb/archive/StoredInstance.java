package org.trefoilhub.dicomweb.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import org.trefoilhub.dicom.io.DicomFile;
import org.trefoilhub.dicom.pixel.FrameIndex;
import org.trefoilhub.dicomweb.error.ArchiveException;
import org.trefoilhub.dicomweb.error.DicomwebErrorCode;

/**
 * A visible instance as the session's subject may see it. Cheap to obtain: the object itself is read only when a stream
 * is opened.
 *
 * <p>Thread-safe. A stream stays readable even if the instance is deleted meanwhile, because deleted objects are kept.
 */
public interface StoredInstance {
    String studyInstanceUid();

    String seriesInstanceUid();

    String sopInstanceUid();

    String sopClassUid();

    /** Transfer syntax of the stored data set. */
    String transferSyntaxUid();

    /** Number of frames, 0 for an object without pixel data. */
    int numberOfFrames();

    /**
     * Whether the policy wants the patient masked and nothing of this object but its metadata can be: opening it, its frames
     * or its values is refused.
     */
    boolean withheld() throws IOException;

    /**
     * Refuses now what opening would refuse later.
     *
     * @throws ArchiveException if the object is {@link #withheld()}
     */
    default void requireShown() throws IOException {
        if (withheld()) {
            throw new ArchiveException(
                    DicomwebErrorCode.CANNOT_MASK,
                    "the patient is to be masked, and the pixels or the document of this object may name the patient");
        }
    }

    /** Length of {@link #openObject()} in bytes. */
    long lengthBytes();

    /** Strong entity tag of the object, without quotes; equal tags mean equal bytes. */
    String entityTag();

    /**
     * The stored Part 10 file, byte for byte, but for the 128 bytes of preamble, which are zero (a preamble can make the
     * file pass for a program or page), and for what the policy wants masked.
     *
     * @throws ArchiveException if the object is {@link #withheld()}
     */
    InputStream openObject() throws IOException;

    /** Part of {@link #openObject()}. */
    InputStream openObject(long offset, long lengthBytes) throws IOException;

    /** Frame positions relative to the stored file, as found at ingest. */
    FrameIndex frameIndex();

    /** Length of a stored frame in bytes; frame numbers start at 1. */
    long frameLengthBytes(int frame);

    /**
     * Bytes of one frame as stored: fragments of an encapsulated frame are joined, a native frame is cut out, without
     * touching the rest of the object. Bit-packed native frames that do not start at a byte are shifted into place.
     *
     * @param frame from 1 to {@link #numberOfFrames()}
     */
    InputStream openFrame(int frame) throws IOException;

    /** Media type of the frames by transfer syntax, for example {@code image/jls}; native: application/octet-stream. */
    String frameMediaType();

    /**
     * One value of the object by its place.
     *
     * @param path as in a BulkDataURI of the metadata: tags in hexadecimal, item numbers from 1 between them, joined by
     *     slashes
     * @return empty if there is no such value, or it is a sequence or encapsulated
     */
    Optional<BulkData> bulkData(String path) throws IOException;

    /**
     * The parsed object, with values above the reader's threshold left in the file ({@link DicomFile#path()} is set). Used
     * by renderers; costs a read of everything but the pixels.
     */
    DicomFile open() throws IOException;
}

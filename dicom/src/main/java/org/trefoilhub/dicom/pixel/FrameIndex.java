package org.trefoilhub.dicom.pixel;

import java.util.List;
import org.trefoilhub.dicom.io.DicomFile;
import org.trefoilhub.dicom.io.DicomFormatException;

/** Where the frames of a file's pixel data lie. Immutable. */
public final class FrameIndex {

    /** A run of bytes of the file: offset from its start, and length. */
    public record Region(long offset, long length) {}

    private FrameIndex() {}

    public static FrameIndex of(DicomFile file) throws DicomFormatException {
        throw new UnsupportedOperationException();
    }

    /** Number of frames. */
    public int frames() {
        throw new UnsupportedOperationException();
    }

    /** The regions whose bytes, joined, are the frame. */
    public List<Region> frame(int frameNumber) {
        throw new UnsupportedOperationException();
    }

    public byte[] toBytes() {
        throw new UnsupportedOperationException();
    }

    public static FrameIndex fromBytes(byte[] bytes) throws DicomFormatException {
        throw new UnsupportedOperationException();
    }
}

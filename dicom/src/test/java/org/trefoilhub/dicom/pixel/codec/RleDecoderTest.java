package org.trefoilhub.dicom.pixel.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.trefoilhub.dicom.io.DicomFormatException;

class RleDecoderTest {

    private final RleDecoder decoder = new RleDecoder();

    /** A frame of segments that lie one after the other behind the header. */
    private static byte[] frame(byte[]... segments) {
        int length = 64;
        for (byte[] segment : segments) {
            length += segment.length;
        }
        byte[] frame = new byte[length];
        frame[0] = (byte) segments.length;
        int at = 64;
        for (int i = 0; i < segments.length; i++) {
            frame[4 + 4 * i] = (byte) at;
            frame[5 + 4 * i] = (byte) (at >> 8);
            System.arraycopy(segments[i], 0, frame, at, segments[i].length);
            at += segments[i].length;
        }
        return frame;
    }

    @Test
    void shouldTakeTheMostSignificantBytesFirst() throws Exception {
        byte[] high = {3, 1, 2, 3, 4};
        byte[] low = {-3, 0x10, -128};
        assertThat(decoder.decode(frame(high, low), Frames.grey(2, 2, 16, 16)))
                .containsExactly(0x10, 1, 0x10, 2, 0x10, 3, 0x10, 4);
    }

    @Test
    void shouldInterleaveColourSegments() throws Exception {
        byte[][] segments = {{1, 1, 2}, {-1, 5}, {1, 8, 9}};
        assertThat(decoder.decode(frame(segments), Frames.colour(1, 2, 8, "RGB", 1)))
                .containsExactly(1, 5, 8, 2, 5, 9);
    }

    @Test
    void shouldUnpackSegmentsOfSingleBits() throws Exception {
        byte[] packed = {1, 0b01100101, 0b10};
        assertThat(decoder.decode(frame(packed), Frames.grey(2, 5, 1, 1)))
                .containsExactly(1, 0, 1, 0, 0, 1, 1, 0, 0, 1);
    }

    @Test
    void shouldIgnoreWhatFollowsTheLastPixel() throws Exception {
        byte[] segment = {-9, 7, 0, 0, 0};
        assertThat(decoder.decode(frame(segment), Frames.grey(2, 2, 8, 8))).containsExactly(7, 7, 7, 7);
    }

    @Test
    void shouldRefuseShortAndWrongFrames() {
        byte[] good = frame(new byte[] {3, 1, 2, 3, 4}, new byte[] {-3, 0x10});
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> decoder.decode(cut, Frames.grey(2, 2, 16, 16)))
                    .isInstanceOf(DicomFormatException.class);
        }
        assertThatThrownBy(() -> decoder.decode(good, Frames.grey(2, 2, 8, 8)))
                .isInstanceOf(DicomFormatException.class)
                .hasMessageContaining("2 segments, expected 1");
        byte[] outside = good.clone();
        outside[7] = (byte) 0x80;
        assertThatThrownBy(() -> decoder.decode(outside, Frames.grey(2, 2, 16, 16)))
                .isInstanceOf(DicomFormatException.class)
                .hasMessageContaining("outside the frame");
    }
}

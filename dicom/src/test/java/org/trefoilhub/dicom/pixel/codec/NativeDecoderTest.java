package org.trefoilhub.dicom.pixel.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import org.junit.jupiter.api.Test;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;
import org.trefoilhub.dicom.pixel.PixelDescription;

class NativeDecoderTest {

    @Test
    void shouldSwapWholeSamplesOfBigEndianFrames() throws Exception {
        NativeDecoder decoder = new NativeDecoder(true);
        byte[] frame = {1, 2, 3, 4, 5, 6, 7, 8};
        assertThat(decoder.decode(frame, Frames.grey(2, 2, 16, 12))).containsExactly(2, 1, 4, 3, 6, 5, 8, 7);
        assertThat(decoder.decode(frame, Frames.grey(1, 2, 32, 32))).containsExactly(4, 3, 2, 1, 8, 7, 6, 5);
    }

    @Test
    void shouldInterleavePlanes() throws Exception {
        byte[] planes = {1, 2, 3, 4, 5, 6};
        assertThat(new NativeDecoder(false).decode(planes, Frames.colour(1, 2, 8, "RGB", 1)))
                .containsExactly(1, 3, 5, 2, 4, 6);
    }

    @Test
    void shouldKeepHalvedChromaPacked() throws Exception {
        PixelDescription d = Frames.colour(1, 2, 8, "YBR_FULL_422", 0);
        assertThat(new NativeDecoder(false).decode(new byte[] {1, 2, 3, 4}, d)).containsExactly(1, 2, 3, 4);
    }

    @Test
    void shouldUnpackBits() throws Exception {
        assertThat(new NativeDecoder(false).decode(new byte[] {0b101, 0b10}, Frames.grey(1, 10, 1, 1)))
                .containsExactly(1, 0, 1, 0, 0, 0, 0, 0, 0, 1);
    }

    @Test
    void shouldRefuseShortFramesAndHugeOnes() {
        assertThatThrownBy(() -> new NativeDecoder(false).decode(new byte[7], Frames.grey(2, 2, 16, 16)))
                .isInstanceOf(DicomFormatException.class)
                .hasMessageContaining("7 bytes, expected 8");
        assertThatThrownBy(() -> new NativeDecoder(false).decode(new byte[7], Frames.grey(65535, 65535, 16, 16)))
                .isInstanceOfSatisfying(DicomFormatException.class, e -> assertThat(e.code())
                        .isEqualTo(ErrorCode.UNSUPPORTED_PIXEL_DATA));
    }

    @Test
    void shouldInflateNoMoreThanTheFrameHolds() throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(bytes, new Deflater(9, true))) {
            out.write(new byte[1 << 20]);
        }
        DeflatedFrameDecoder decoder = new DeflatedFrameDecoder();
        assertThat(decoder.decode(bytes.toByteArray(), Frames.grey(2, 2, 16, 16)))
                .hasSize(8);
        assertThatThrownBy(() -> decoder.decode(bytes.toByteArray(), Frames.grey(1024, 1024, 16, 16)))
                .isInstanceOf(DicomFormatException.class)
                .hasMessageContaining("cut short");
        assertThatThrownBy(() -> decoder.decode(new byte[] {7, 7, 7, 7}, Frames.grey(2, 2, 8, 8)))
                .isInstanceOf(DicomFormatException.class);
    }
}

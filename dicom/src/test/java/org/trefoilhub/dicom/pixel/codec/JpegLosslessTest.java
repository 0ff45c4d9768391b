package org.trefoilhub.dicom.pixel.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;
import org.trefoilhub.dicom.pixel.PixelCodec;
import org.trefoilhub.dicom.pixel.PixelDescription;

class JpegLosslessTest {

    private static final int ROWS = 11;
    private static final int COLUMNS = 17;

    private final PixelCodec.Decoder decoder = JpegDecoder.find().orElseThrow();

    @ParameterizedTest
    @ValueSource(ints = {2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
    void shouldReturnEverySampleForEachPredictorAndRestartInterval(int precision) throws Exception {
        for (int components : new int[] {1, 3}) {
            int allocated = precision > 8 ? 16 : 8;
            PixelDescription d = components == 1
                    ? Frames.grey(ROWS, COLUMNS, allocated, precision)
                    : Frames.colour(ROWS, COLUMNS, allocated, "RGB", 1);
            for (int restartRows : new int[] {0, 1, 3}) {
                for (int selection = 1; selection <= 7; selection++) {
                    int[] samples = Frames.noise(ROWS * COLUMNS * components, precision, selection);
                    byte[] stream = JpegLosslessEncoder.encode(
                            samples, COLUMNS, ROWS, components, precision, selection, restartRows);
                    assertThat(decoder.decode(stream, d))
                            .as("components %d, restart %d, selection %d", components, restartRows, selection)
                            .isEqualTo(bytes(samples, allocated));
                    assertThat(decoder.decoded(stream, d).planarConfiguration()).isZero();
                }
            }
        }
    }

    @Test
    void shouldRefuseAFrameThatEndsEarly() {
        byte[] stream = JpegLosslessEncoder.encode(Frames.noise(ROWS * COLUMNS, 12, 1), COLUMNS, ROWS, 1, 12, 1, 0);
        PixelDescription d = Frames.grey(ROWS, COLUMNS, 16, 12);
        for (int length = 0; length < stream.length - 4; length++) {
            byte[] cut = Arrays.copyOf(stream, length);
            assertThatThrownBy(() -> decoder.decode(cut, d))
                    .as("length %d", length)
                    .isInstanceOf(DicomFormatException.class);
        }
    }

    @Test
    void shouldRefuseAFrameOfAnotherSizeThanTheDataSetSays() {
        byte[] stream = JpegLosslessEncoder.encode(Frames.noise(ROWS * COLUMNS, 12, 1), COLUMNS, ROWS, 1, 12, 1, 0);
        assertThatThrownBy(() -> decoder.decode(stream, Frames.grey(ROWS + 1, COLUMNS, 16, 12)))
                .isInstanceOfSatisfying(
                        DicomFormatException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BAD_PIXEL_DATA));
        assertThatThrownBy(() -> decoder.decode(stream, Frames.grey(ROWS, COLUMNS, 8, 8)))
                .isInstanceOf(DicomFormatException.class);
        assertThatThrownBy(() -> decoder.decode(stream, Frames.colour(ROWS, COLUMNS, 16, "RGB", 0)))
                .isInstanceOf(DicomFormatException.class);
    }

    private static byte[] bytes(int[] samples, int allocated) {
        byte[] bytes = new byte[samples.length * allocated / 8];
        for (int i = 0; i < samples.length; i++) {
            if (allocated == 8) {
                bytes[i] = (byte) samples[i];
            } else {
                bytes[2 * i] = (byte) samples[i];
                bytes[2 * i + 1] = (byte) (samples[i] >> 8);
            }
        }
        return bytes;
    }
}

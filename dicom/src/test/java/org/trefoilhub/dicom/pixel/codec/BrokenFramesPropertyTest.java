package org.trefoilhub.dicom.pixel.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.DicomReader;
import org.trefoilhub.dicom.io.ReadOptions;
import org.trefoilhub.dicom.pixel.FrameSource;
import org.trefoilhub.dicom.pixel.PixelCodec;
import org.trefoilhub.dicom.pixel.PixelDescription;

/** Whatever happens to the bytes of a coded frame: a decoder returns a whole frame or throws the one exception. */
class BrokenFramesPropertyTest {

    private static final int ROWS = 24;
    private static final int COLUMNS = 37;

    private record Case(PixelCodec.Decoder decoder, byte[] frame, PixelDescription description) {}

    private static final Map<String, Case> CASES = cases();

    private static Map<String, Case> cases() {
        try {
            Map<String, Case> cases = new LinkedHashMap<>();
            PixelCodec.Decoder jpeg = JpegDecoder.find().orElseThrow();
            PixelCodec.Decoder jpeg2000 = Jpeg2000Decoder.find().orElseThrow();
            PixelDescription grey = Frames.grey(ROWS, COLUMNS, 8, 8);
            PixelDescription colour = Frames.colour(ROWS, COLUMNS, 8, "YBR_FULL_422", 0);
            int gray = BufferedImage.TYPE_BYTE_GRAY;
            int bgr = BufferedImage.TYPE_3BYTE_BGR;
            cases.put("jpeg grey", new Case(jpeg, Frames.written("jpeg", ROWS, COLUMNS, gray), grey));
            cases.put("jpeg colour", new Case(jpeg, Frames.written("jpeg", ROWS, COLUMNS, bgr), colour));
            cases.put("j2k grey", new Case(jpeg2000, Frames.written("jpeg2000", ROWS, COLUMNS, gray), grey));
            cases.put("j2k colour", new Case(jpeg2000, Frames.written("jpeg2000", ROWS, COLUMNS, bgr), colour));
            int[] noise = Frames.noise(ROWS * COLUMNS, 12, 5);
            cases.put(
                    "jpeg lossless",
                    new Case(
                            jpeg,
                            JpegLosslessEncoder.encode(noise, COLUMNS, ROWS, 1, 12, 6, 2),
                            Frames.grey(ROWS, COLUMNS, 16, 12)));
            byte[] rle = Arrays.copyOf(new byte[] {1, 0, 0, 0, 64}, 64 + 16);
            Arrays.fill(rle, 64, rle.length, (byte) -120);
            cases.put("rle", new Case(new RleDecoder(), rle, grey));
            for (String name :
                    new String[] {"MR_small_jpeg_ls_lossless", "SC_rgb_jls_lossy_line", "SC_rgb_jls_lossy_sample"}) {
                FrameSource source = FrameSource.of(DicomReader.read(
                        Path.of(Objects.requireNonNull(BrokenFramesPropertyTest.class.getResource(
                                        "/corpus/dicom/pixel/" + name + ".dcm"))
                                .toURI()),
                        ReadOptions.DEFAULT));
                cases.put(name, new Case(new JpegLsDecoder(), source.stored(1), source.description()));
            }
            return cases;
        } catch (IOException | URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    @Property(tries = 150)
    void shouldReturnAWholeFrameOrRefuse(
            @ForAll long seed, @ForAll @IntRange(min = 0, max = 12) int changes, @ForAll boolean cut) {
        for (Map.Entry<String, Case> entry : CASES.entrySet()) {
            Case c = entry.getValue();
            Random random = new Random(seed);
            byte[] frame = cut
                    ? Arrays.copyOf(c.frame(), random.nextInt(c.frame().length))
                    : c.frame().clone();
            for (int i = 0; i < changes && frame.length > 0; i++) {
                // Heads of streams are short and matter most.
                int span = random.nextBoolean() ? Math.min(200, frame.length) : frame.length;
                frame[random.nextInt(span)] = (byte) random.nextInt();
            }
            try {
                PixelDescription decoded = c.decoder().decoded(frame, c.description());
                byte[] samples = c.decoder().decode(frame, c.description());
                assertThat(samples).as(entry.getKey()).hasSize((int) decoded.decodedFrameBytes());
            } catch (DicomFormatException expected) {
                assertThat(expected.getMessage()).as(entry.getKey()).isNotBlank();
            }
        }
    }
}

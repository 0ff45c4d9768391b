package org.trefoilhub.dicom.pixel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;
import org.trefoilhub.dicom.pixel.RenderOptions.Format;
import org.trefoilhub.dicom.pixel.RenderOptions.Region;
import org.trefoilhub.dicom.pixel.RenderOptions.Viewport;
import org.trefoilhub.dicom.pixel.RenderOptions.VoiLutFunction;
import org.trefoilhub.dicom.pixel.RenderOptions.Window;

class FrameRendererTest {

    private static final RenderOptions PNG = RenderOptions.DEFAULT.withFormat(Format.PNG);

    private static PixelDescription grey(int rows, int columns, int bits, boolean signed, String photometric) {
        return new PixelDescription(rows, columns, 1, bits, bits, bits - 1, signed, photometric, 0, 1, false);
    }

    private static PixelDescription colour(int rows, int columns, int bits, String photometric) {
        return new PixelDescription(rows, columns, 3, bits, bits, bits - 1, false, photometric, 0, 1, false);
    }

    private static byte[] words(int... values) {
        ByteBuffer buffer = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (int value : values) {
            buffer.putShort((short) value);
        }
        return buffer.array();
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    /** Grey levels of the first row. */
    private static int[] row(DicomDataset dataset, byte[] frame, PixelDescription d, RenderOptions options)
            throws Exception {
        BufferedImage image = FrameRenderer.image(dataset, frame, d, options);
        return image.getRaster().getSamples(0, 0, image.getWidth(), 1, 0, (int[]) null);
    }

    private static int[] rgb(DicomDataset dataset, byte[] frame, PixelDescription d) throws Exception {
        BufferedImage image = FrameRenderer.image(dataset, frame, d, PNG);
        int pixel = image.getRGB(0, 0);
        return new int[] {pixel >> 16 & 0xff, pixel >> 8 & 0xff, pixel & 0xff};
    }

    private static DicomDataset windowed(double center, double width, double slope, double intercept) {
        return DicomDataset.builder()
                .putDecimals(Tag.WindowCenter, VR.DS, center)
                .putDecimals(Tag.WindowWidth, VR.DS, width)
                .putDecimals(Tag.RescaleSlope, VR.DS, slope)
                .putDecimals(Tag.RescaleIntercept, VR.DS, intercept)
                .build();
    }

    @Test
    void shouldWindowRescaledValues() throws Exception {
        // Window 40/400 in Hounsfield units is -160 to 239: PS3.3 section C.11.2.1.2.1.
        byte[] frame = words(864, 1064, 1263, 1264, 0);
        assertThat(row(windowed(40, 400, 1, -1024), frame, grey(1, 5, 16, false, "MONOCHROME2"), PNG))
                .containsExactly(0, 128, 255, 255, 0);
    }

    @Test
    void shouldTakeTheWindowOfTheOptionsBeforeThatOfTheDataSet() throws Exception {
        Window window = new Window(100, 200, VoiLutFunction.LINEAR_EXACT);
        assertThat(row(
                        windowed(40, 400, 1, -1024),
                        words(1024, 1124, 1224),
                        grey(1, 3, 16, false, "MONOCHROME2"),
                        PNG.withWindow(window)))
                .containsExactly(0, 128, 255);
        Window sigmoid = new Window(100, 200, VoiLutFunction.SIGMOID);
        assertThat(row(
                        windowed(40, 400, 1, -1024),
                        words(1124, 1224),
                        grey(1, 2, 16, false, "MONOCHROME2"),
                        PNG.withWindow(sigmoid)))
                .containsExactly(128, (int) Math.round(255 / (1 + Math.exp(-2))));
    }

    @Test
    void shouldInvertMonochrome1AndStretchFramesWithoutWindow() throws Exception {
        assertThat(row(DicomDataset.EMPTY, words(-100, 0, 100), grey(1, 3, 16, true, "MONOCHROME2"), PNG))
                .containsExactly(0, 128, 255);
        assertThat(row(DicomDataset.EMPTY, words(-100, 0, 100), grey(1, 3, 16, true, "MONOCHROME1"), PNG))
                .containsExactly(255, 127, 0);
    }

    @Test
    void shouldLeavePaddingOutOfTheRange() throws Exception {
        DicomDataset dataset = DicomDataset.builder()
                .putInts(Tag.PixelPaddingValue, VR.SS, -2000)
                .build();
        assertThat(row(dataset, words(-2000, 0, 100), grey(1, 3, 16, true, "MONOCHROME2"), PNG))
                .containsExactly(0, 0, 255);
    }

    @Test
    void shouldMaskUnusedBitsAndExtendTheSign() throws Exception {
        PixelDescription d = new PixelDescription(1, 3, 1, 16, 12, 11, true, "MONOCHROME2", 0, 1, false);
        assertThat(row(DicomDataset.EMPTY, words(0xf800, 0x0000, 0x57ff), d, PNG))
                .containsExactly(0, 128, 255);
    }

    @Test
    void shouldApplyLookupTables() throws Exception {
        DicomDataset modality = DicomDataset.builder()
                .putInts(Tag.LUTDescriptor, VR.US, 3, 10, 16)
                .putBytes(Tag.LUTData, VR.OW, words(500, 700, 900))
                .build();
        DicomDataset voi = DicomDataset.builder()
                .putInts(Tag.LUTDescriptor, VR.US, 3, 600, 8)
                .putBytes(Tag.LUTData, VR.OW, words(10, 20, 255))
                .build();
        DicomDataset dataset = DicomDataset.builder()
                .putItems(Tag.ModalityLUTSequence, modality)
                .putItems(Tag.VOILUTSequence, voi)
                .build();
        assertThat(row(dataset, bytes(0, 10, 11, 12, 99), grey(1, 5, 8, false, "MONOCHROME2"), PNG))
                .containsExactly(10, 10, 255, 255, 255);
    }

    @Test
    void shouldTakeTheFunctionalGroupsOfTheFrame() throws Exception {
        DicomDataset[] frames = new DicomDataset[2];
        for (int i = 0; i < 2; i++) {
            frames[i] = DicomDataset.builder()
                    .putItems(
                            Tag.FrameVOILUTSequence,
                            DicomDataset.builder()
                                    .putDecimals(Tag.WindowCenter, VR.DS, 100 * (i + 1))
                                    .putDecimals(Tag.WindowWidth, VR.DS, 1)
                                    .build())
                    .build();
        }
        DicomDataset shared = DicomDataset.builder()
                .putItems(
                        Tag.PixelValueTransformationSequence,
                        DicomDataset.builder()
                                .putDecimals(Tag.RescaleSlope, VR.DS, 2)
                                .putDecimals(Tag.RescaleIntercept, VR.DS, 0)
                                .build())
                .build();
        DicomDataset dataset = DicomDataset.builder()
                .putItems(Tag.SharedFunctionalGroupsSequence, shared)
                .putItems(Tag.PerFrameFunctionalGroupsSequence, frames)
                .build();
        PixelDescription d = grey(1, 2, 16, false, "MONOCHROME2");
        assertThat(row(dataset, words(40, 75), d, PNG.withFrameNumber(1))).containsExactly(0, 255);
        assertThat(row(dataset, words(40, 75), d, PNG.withFrameNumber(2))).containsExactly(0, 0);
    }

    @Test
    void shouldRenderWideAndFloatingSamples() throws Exception {
        byte[] wide = ByteBuffer.allocate(12)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(0)
                .putInt(0x7fffffff)
                .putInt(-1)
                .array();
        assertThat(row(DicomDataset.EMPTY, wide, grey(1, 3, 32, false, "MONOCHROME2"), PNG))
                .containsExactly(0, 127, 255);
        byte[] floats = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putFloat(-1f)
                .putFloat(0f)
                .putFloat(1f)
                .putFloat(Float.NaN)
                .array();
        PixelDescription d = new PixelDescription(1, 4, 1, 32, 32, 31, false, "MONOCHROME2", 0, 1, true);
        assertThat(row(DicomDataset.EMPTY, floats, d, PNG)).containsExactly(0, 128, 255, 0);
    }

    @Test
    void shouldConvertColours() throws Exception {
        assertThat(rgb(DicomDataset.EMPTY, bytes(200, 100, 50), colour(1, 1, 8, "RGB")))
                .containsExactly(200, 100, 50);
        assertThat(rgb(DicomDataset.EMPTY, bytes(76, 85, 255), colour(1, 1, 8, "YBR_FULL")))
                .containsExactly(254, 0, 0);
        assertThat(rgb(DicomDataset.EMPTY, bytes(76, 149, 85, 255), colour(1, 2, 8, "YBR_FULL_422")))
                .containsExactly(254, 0, 0);
        assertThat(rgb(DicomDataset.EMPTY, words(0xff00, 0x8000, 0), colour(1, 1, 16, "RGB")))
                .containsExactly(255, 128, 0);
        assertThatThrownBy(() -> rgb(DicomDataset.EMPTY, bytes(1, 2, 3), colour(1, 1, 8, "HSV")))
                .isInstanceOfSatisfying(DicomFormatException.class, e -> assertThat(e.code())
                        .isEqualTo(ErrorCode.UNSUPPORTED_PIXEL_DATA));
    }

    @Test
    void shouldLookUpPalettes() throws Exception {
        DicomDataset plain = DicomDataset.builder()
                .putInts(Tag.RedPaletteColorLookupTableDescriptor, VR.US, 2, 5, 16)
                .putInts(Tag.GreenPaletteColorLookupTableDescriptor, VR.US, 2, 5, 16)
                .putInts(Tag.BluePaletteColorLookupTableDescriptor, VR.US, 2, 5, 16)
                .putBytes(Tag.RedPaletteColorLookupTableData, VR.OW, words(0x0100, 0xff00))
                .putBytes(Tag.GreenPaletteColorLookupTableData, VR.OW, words(0x0200, 0x8000))
                .putBytes(Tag.BluePaletteColorLookupTableData, VR.OW, words(0x0300, 0x4000))
                .build();
        assertThat(rgb(plain, bytes(6), grey(1, 1, 8, false, "PALETTE COLOR"))).containsExactly(255, 128, 64);
        assertThat(rgb(plain, bytes(0), grey(1, 1, 8, false, "PALETTE COLOR"))).containsExactly(1, 2, 3);
        // Discrete 0, then linear up to 256 * 200 in 4 steps, then the first segment again: PS3.3 section C.7.9.2.
        byte[] segments = words(0, 1, 0, 1, 4, 51200, 2, 1, 0, 0);
        DicomDataset segmented = DicomDataset.builder()
                .putInts(Tag.RedPaletteColorLookupTableDescriptor, VR.US, 6, 0, 16)
                .putInts(Tag.GreenPaletteColorLookupTableDescriptor, VR.US, 6, 0, 16)
                .putInts(Tag.BluePaletteColorLookupTableDescriptor, VR.US, 6, 0, 16)
                .putBytes(Tag.SegmentedRedPaletteColorLookupTableData, VR.OW, segments)
                .putBytes(Tag.SegmentedGreenPaletteColorLookupTableData, VR.OW, segments)
                .putBytes(Tag.SegmentedBluePaletteColorLookupTableData, VR.OW, segments)
                .build();
        PixelDescription d = grey(1, 1, 8, false, "PALETTE COLOR");
        assertThat(rgb(segmented, bytes(2), d)).containsExactly(100, 100, 100);
        assertThat(rgb(segmented, bytes(4), d)).containsExactly(200, 200, 200);
        assertThat(rgb(segmented, bytes(5), d)).containsExactly(0, 0, 0);
        assertThatThrownBy(() -> rgb(DicomDataset.EMPTY, bytes(0), d)).isInstanceOf(DicomFormatException.class);
    }

    @Test
    void shouldFitTheViewportAndKeepTheShape() throws Exception {
        byte[] frame = new byte[400 * 100];
        PixelDescription d = grey(100, 400, 8, false, "MONOCHROME2");
        BufferedImage fitted =
                FrameRenderer.image(DicomDataset.EMPTY, frame, d, PNG.withViewport(Viewport.of(256, 256)));
        assertThat(fitted.getWidth()).isEqualTo(256);
        assertThat(fitted.getHeight()).isEqualTo(64);
        BufferedImage enlarged =
                FrameRenderer.image(DicomDataset.EMPTY, frame, d, PNG.withViewport(Viewport.of(800, 800)));
        assertThat(enlarged.getWidth()).isEqualTo(800);
        BufferedImage thumbnail =
                FrameRenderer.image(DicomDataset.EMPTY, frame, d, RenderOptions.thumbnail(1, 800, 800));
        assertThat(thumbnail.getWidth()).isEqualTo(400);
    }

    @Test
    void shouldMakePixelsSquare() throws Exception {
        DicomDataset dataset = DicomDataset.builder()
                .putDecimals(Tag.PixelSpacing, VR.DS, 2, 1)
                .build();
        BufferedImage image = FrameRenderer.image(dataset, new byte[100], grey(10, 10, 8, false, "MONOCHROME2"), PNG);
        assertThat(image.getWidth()).isEqualTo(10);
        assertThat(image.getHeight()).isEqualTo(20);
    }

    @Test
    void shouldCutAndFlipARegion() throws Exception {
        byte[] frame = bytes(1, 2, 3, 4, 5, 6, 7, 8);
        PixelDescription d = grey(2, 4, 8, false, "MONOCHROME2");
        Viewport cut = new Viewport(2, 1, new Region(1, 1, 2, 1));
        assertThat(row(DicomDataset.EMPTY, frame, d, PNG.withViewport(cut))).containsExactly(6, 7);
        Viewport flipped = new Viewport(2, 1, new Region(1, 0, -2, 1));
        assertThat(row(DicomDataset.EMPTY, frame, d, PNG.withViewport(flipped))).containsExactly(3, 2);
        Viewport outside = new Viewport(2, 1, new Region(4, 0, 1, 1));
        assertThatThrownBy(() -> row(DicomDataset.EMPTY, frame, d, PNG.withViewport(outside)))
                .isInstanceOf(DicomFormatException.class);
    }

    @Test
    void shouldAverageTheAreaThatAPixelCovers() throws Exception {
        byte[] frame = bytes(0, 255, 100, 0, 255, 100, 0, 255, 100);
        int[] shrunk = row(
                DicomDataset.EMPTY,
                frame,
                grey(3, 3, 8, false, "MONOCHROME2"),
                RenderOptions.thumbnail(1, 2, 2).withFormat(Format.PNG));
        assertThat(shrunk[0]).isCloseTo(85, within(1));
        assertThat(shrunk[1]).isCloseTo(152, within(1));
    }

    @Test
    void shouldWriteWholeFiles() throws Exception {
        byte[] frame = new byte[64 * 64];
        PixelDescription d = grey(64, 64, 8, false, "MONOCHROME2");
        byte[] png = FrameRenderer.render(DicomDataset.EMPTY, frame, d, PNG);
        assertThat(ImageIO.read(new ByteArrayInputStream(png)).getWidth()).isEqualTo(64);
        byte[] jpeg = FrameRenderer.render(DicomDataset.EMPTY, frame, d, RenderOptions.thumbnail(1, 32, 32));
        assertThat(jpeg).startsWith(0xff, 0xd8);
        assertThat(ImageIO.read(new ByteArrayInputStream(jpeg)).getWidth()).isEqualTo(32);
        assertThatThrownBy(() -> FrameRenderer.render(DicomDataset.EMPTY, new byte[10], d, PNG))
                .isInstanceOf(DicomFormatException.class);
    }

    @Test
    void shouldChooseARepresentativeFrame() {
        DicomDataset.Builder dataset = DicomDataset.builder().put(Tag.NumberOfFrames, VR.IS, "10");
        assertThat(FrameRenderer.representativeFrame(dataset.build())).isEqualTo(5);
        dataset.putInts(Tag.RepresentativeFrameNumber, VR.US, 7);
        assertThat(FrameRenderer.representativeFrame(dataset.build())).isEqualTo(7);
        assertThat(FrameRenderer.representativeFrame(DicomDataset.EMPTY)).isEqualTo(1);
    }

    @Test
    void shouldSayThatAnObjectIsNoImage() {
        assertThatThrownBy(() -> PixelDescription.of(DicomDataset.EMPTY))
                .isInstanceOfSatisfying(
                        DicomFormatException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NO_PIXEL_DATA));
    }
}

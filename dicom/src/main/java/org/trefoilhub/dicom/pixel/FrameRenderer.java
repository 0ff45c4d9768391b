package org.trefoilhub.dicom.pixel;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;
import org.trefoilhub.dicom.pixel.RenderOptions.Format;
import org.trefoilhub.dicom.pixel.RenderOptions.Region;
import org.trefoilhub.dicom.pixel.RenderOptions.Viewport;

/**
 * Turns a decoded frame into a consumer image as a viewer would first show it.
 *
 * <p>Grey frames pass the modality transformation (rescale or Modality LUT), then the window of the options, else the
 * first window of the data set, else its first VOI LUT, else the frame's own range; {@code MONOCHROME1} is inverted.
 * Values of functional groups count for their frame. Palette and YBR frames become RGB. Pixels that are not square are
 * stretched until they are.
 *
 * <p>Overlays, presentation states, ICC profiles, supplemental palettes and burnt-in annotation are not applied. Work on
 * one frame takes memory for the frame, its 8-bit form and the result; stateless and thread-safe.
 *
 * <p>Specification: PS3.18 section 8.3.5.1, PS3.3 sections C.7.6.3, C.11.1, C.11.2, C.8.13.
 */
public final class FrameRenderer {

    private FrameRenderer() {}

    /**
     * Renders one frame.
     *
     * @param dataset the data set of the object; its lookup tables in memory
     * @param nativeFrame the frame as {@link PixelCodec.Decoder#decode} returns it
     * @param description what {@link PixelCodec.Decoder#decoded} says of it
     * @return a whole JPEG or PNG file
     * @throws DicomFormatException if the frame is shorter than described or its colour model is not known
     */
    public static byte[] render(
            DicomDataset dataset, byte[] nativeFrame, PixelDescription description, RenderOptions options)
            throws DicomFormatException {
        return write(image(dataset, nativeFrame, description, options), options);
    }

    /**
     * The frame that stands for the whole object: Representative Frame Number (0028,6010) where it is one of the frames,
     * else the middle one.
     *
     * @return a frame number from 1
     */
    public static int representativeFrame(DicomDataset dataset) {
        int frames = Math.max(1, dataset.integer(Tag.NumberOfFrames).orElse(1));
        int named = dataset.integer(Tag.RepresentativeFrameNumber).orElse(0);
        return named >= 1 && named <= frames ? named : (frames + 1) / 2;
    }

    static BufferedImage image(DicomDataset dataset, byte[] nativeFrame, PixelDescription d, RenderOptions options)
            throws DicomFormatException {
        long expected = d.chromaHalved() && nativeFrame.length < d.decodedFrameBytes()
                ? d.nativeFrameBytes()
                : d.decodedFrameBytes();
        if (nativeFrame.length < expected) {
            throw new DicomFormatException(
                    ErrorCode.BAD_PIXEL_DATA,
                    "frame has " + nativeFrame.length + " bytes, expected " + expected + ": pixel data is cut short");
        }
        FunctionalGroups groups = FunctionalGroups.of(dataset, options.frameNumber());
        boolean grey =
                d.samplesPerPixel() == 1 && !d.photometricInterpretation().equals("PALETTE COLOR");
        byte[] shown = grey
                ? GreyFrame.shown(groups, nativeFrame, d, options.window())
                : ColourFrame.shown(dataset, nativeFrame, d);
        int channels = grey ? 1 : 3;
        int columns = d.columns();
        int rows = d.rows();
        Viewport viewport = options.viewport();
        if (viewport != null && viewport.region() != null) {
            Region region = clip(viewport.region(), columns, rows);
            shown = crop(shown, columns, channels, region);
            columns = Math.abs(region.width());
            rows = Math.abs(region.height());
        }
        double[] size = squarePixels(groups, columns, rows);
        if (viewport != null) {
            double factor = Math.min(viewport.columns() / size[0], viewport.rows() / size[1]);
            if (factor < 1 || options.enlarge()) {
                size[0] *= factor;
                size[1] *= factor;
            }
        }
        int newColumns = side(size[0], viewport == null ? 65535 : viewport.columns());
        int newRows = side(size[1], viewport == null ? 65535 : viewport.rows());
        shown = Scaler.scale(shown, columns, rows, channels, newColumns, newRows);
        return buffered(shown, newColumns, newRows, channels);
    }

    private static int side(double size, int most) {
        return (int) Math.max(1, Math.min(most, Math.round(size)));
    }

    /** Width and height that the pixels take when each is square, the shorter side of a pixel stretched. */
    private static double[] squarePixels(FunctionalGroups groups, int columns, int rows) {
        double ratio = groups.heightOverWidthOfPixel();
        if (ratio < 0.1 || ratio > 10 || Math.abs(ratio - 1) < 0.01) {
            return new double[] {columns, rows};
        }
        return ratio > 1 ? new double[] {columns, rows * ratio} : new double[] {columns / ratio, rows};
    }

    private static Region clip(Region region, int columns, int rows) throws DicomFormatException {
        if (region.left() >= columns || region.top() >= rows) {
            throw new DicomFormatException(
                    ErrorCode.BAD_PIXEL_DATA, "region begins outside the frame of " + columns + " by " + rows);
        }
        int width = Math.min(Math.abs(region.width()), columns - region.left());
        int height = Math.min(Math.abs(region.height()), rows - region.top());
        return new Region(
                region.left(),
                region.top(),
                region.width() < 0 ? -width : width,
                region.height() < 0 ? -height : height);
    }

    private static byte[] crop(byte[] image, int columns, int channels, Region region) {
        int width = Math.abs(region.width());
        int height = Math.abs(region.height());
        byte[] part = new byte[width * height * channels];
        int to = 0;
        for (int y = 0; y < height; y++) {
            int row = region.top() + (region.height() < 0 ? height - 1 - y : y);
            for (int x = 0; x < width; x++) {
                int column = region.left() + (region.width() < 0 ? width - 1 - x : x);
                int from = (row * columns + column) * channels;
                for (int c = 0; c < channels; c++) {
                    part[to++] = image[from + c];
                }
            }
        }
        return part;
    }

    private static BufferedImage buffered(byte[] shown, int columns, int rows, int channels) {
        BufferedImage image = new BufferedImage(
                columns, rows, channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
        byte[] data = ((DataBufferByte) image.getRaster().getDataBuffer()).getData();
        if (channels == 1) {
            System.arraycopy(shown, 0, data, 0, data.length);
        } else {
            for (int i = 0; i < data.length; i += 3) {
                data[i] = shown[i + 2];
                data[i + 1] = shown[i + 1];
                data[i + 2] = shown[i];
            }
        }
        return image;
    }

    private static byte[] write(BufferedImage image, RenderOptions options) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 << 14);
        ImageWriter writer = jdkWriter(options.format());
        try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
            ImageWriteParam param = writer.getDefaultWriteParam();
            if (options.format() == Format.JPEG) {
                param.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
                param.setCompressionQuality(options.quality() / 100f);
            }
            writer.setOutput(out);
            writer.write(null, new IIOImage(image, null, null), param);
        } catch (IOException e) {
            // INVARIANT: the target is memory, so nothing outside this code can fail here.
            throw new UncheckedIOException(e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** The writer of the JDK, whatever libraries add to the registry. */
    private static ImageWriter jdkWriter(Format format) {
        Iterator<ImageWriter> writers = ImageIO.getImageWritersByFormatName(format == Format.JPEG ? "jpeg" : "png");
        while (writers.hasNext()) {
            ImageWriter writer = writers.next();
            if ("java.desktop".equals(writer.getClass().getModule().getName())) {
                return writer;
            }
        }
        throw new IllegalStateException("the JDK has no writer for " + format.mediaType());
    }
}

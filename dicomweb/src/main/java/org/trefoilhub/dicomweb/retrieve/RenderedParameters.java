package org.trefoilhub.dicomweb.retrieve;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.pixel.RenderOptions;
import org.trefoilhub.dicom.pixel.RenderOptions.Format;
import org.trefoilhub.dicom.pixel.RenderOptions.Region;
import org.trefoilhub.dicom.pixel.RenderOptions.Viewport;
import org.trefoilhub.dicom.pixel.RenderOptions.VoiLutFunction;
import org.trefoilhub.dicom.pixel.RenderOptions.Window;
import org.trefoilhub.dicomweb.error.ArchiveException;
import org.trefoilhub.dicomweb.error.DicomwebErrorCode;

/**
 * The query parameters of rendered resources (PS3.18 section 8.3.5).
 *
 * @param viewport {@code vw,vh[,sx,sy,sw,sh]}
 * @param window {@code center,width[,function]}
 * @param quality 1 to 100
 */
record RenderedParameters(@Nullable String viewport, @Nullable String window, @Nullable String quality) {

    private static final int THUMBNAIL_SIDE = 256;
    private static final int LARGEST_THUMBNAIL_SIDE = 1024;

    /**
     * The options of a rendered image.
     *
     * @throws ArchiveException if a parameter is malformed
     */
    RenderOptions rendered(String mediaType) {
        Viewport view = viewport == null || viewport.isBlank() ? null : viewport(viewport);
        return RenderOptions.DEFAULT
                .withFormat(mediaType.equals(Format.PNG.mediaType()) ? Format.PNG : Format.JPEG)
                .withQuality(quality == null ? RenderOptions.DEFAULT.quality() : quality(quality))
                .withWindow(window == null || window.isBlank() ? null : window(window))
                .withViewport(view);
    }

    /**
     * The options of a thumbnail: at most 1024 pixels a side, 256 if nothing is asked for. Windows and regions do not
     * count.
     */
    RenderOptions thumbnail(String mediaType) {
        int columns = THUMBNAIL_SIDE;
        int rows = THUMBNAIL_SIDE;
        if (viewport != null && !viewport.isBlank()) {
            Viewport wanted = viewport(viewport);
            columns = Math.min(LARGEST_THUMBNAIL_SIDE, wanted.columns());
            rows = Math.min(LARGEST_THUMBNAIL_SIDE, wanted.rows());
        }
        return RenderOptions.thumbnail(1, columns, rows)
                .withFormat(mediaType.equals(Format.PNG.mediaType()) ? Format.PNG : Format.JPEG);
    }

    private static Viewport viewport(String text) {
        double[] numbers = numbers("viewport", text, "columns,rows or columns,rows,left,top,width,height");
        if (numbers.length != 2 && numbers.length != 6) {
            throw malformed("viewport", "columns,rows or columns,rows,left,top,width,height");
        }
        try {
            Region region = numbers.length == 2
                    ? null
                    : new Region((int) numbers[2], (int) numbers[3], (int) numbers[4], (int) numbers[5]);
            return new Viewport((int) numbers[0], (int) numbers[1], region);
        } catch (IllegalArgumentException e) {
            throw malformed("viewport", e.getMessage());
        }
    }

    private static Window window(String text) {
        String[] parts = text.split(",", -1);
        if (parts.length < 2 || parts.length > 3) {
            throw malformed("window", "center,width,function");
        }
        double[] numbers = numbers("window", parts[0] + "," + parts[1], "center,width,function");
        VoiLutFunction function =
                switch (parts.length < 3 ? "linear" : parts[2].strip().toLowerCase(Locale.ROOT)) {
                    case "linear" -> VoiLutFunction.LINEAR;
                    case "linear-exact" -> VoiLutFunction.LINEAR_EXACT;
                    case "sigmoid" -> VoiLutFunction.SIGMOID;
                    default -> throw malformed("window", "a function of linear, linear-exact or sigmoid");
                };
        try {
            return new Window(numbers[0], numbers[1], function);
        } catch (IllegalArgumentException e) {
            throw malformed("window", e.getMessage());
        }
    }

    private static int quality(String text) {
        double[] numbers = numbers("quality", text, "a whole number of 1 to 100");
        if (numbers.length != 1 || numbers[0] != (int) numbers[0] || numbers[0] < 1 || numbers[0] > 100) {
            throw malformed("quality", "a whole number of 1 to 100");
        }
        return (int) numbers[0];
    }

    private static double[] numbers(String name, String text, String expected) {
        String[] parts = text.split(",", -1);
        double[] numbers = new double[parts.length];
        for (int i = 0; i < parts.length; i++) {
            String part = parts[i].strip();
            if (!part.matches("[+-]?\\d{1,9}(\\.\\d{0,9})?([eE][+-]?\\d{1,2})?")) {
                throw malformed(name, expected);
            }
            numbers[i] = Double.parseDouble(part);
        }
        return numbers;
    }

    /** Says what was expected, not what came: anybody's data may stand in an address. */
    private static ArchiveException malformed(String name, @Nullable String expected) {
        return new ArchiveException(
                DicomwebErrorCode.BAD_REQUEST, "parameter `" + name + "` is malformed, expected " + expected);
    }
}

package org.trefoilhub.dicom.pixel;

import org.jspecify.annotations.Nullable;

/**
 * How a frame is to be rendered.
 *
 * @param frameNumber the frame that is rendered, from 1; chooses its per-frame functional groups
 * @param format the image format of the result
 * @param quality JPEG quality, 1 (small) to 100 (best)
 * @param window the window to apply to grey frames instead of what the data set says, or null
 * @param viewport the size of the result, or null for the size of the frame
 * @param enlarge whether a frame smaller than the viewport is enlarged to fit it
 */
public record RenderOptions(
        int frameNumber,
        Format format,
        int quality,
        @Nullable Window window,
        @Nullable Viewport viewport,
        boolean enlarge) {

    /** Frame 1 in its own size as JPEG of quality 90. */
    public static final RenderOptions DEFAULT = new RenderOptions(1, Format.JPEG, 90, null, null, true);

    public RenderOptions {
        if (frameNumber < 1) {
            throw new IllegalArgumentException("frame number must be at least 1");
        }
        if (quality < 1 || quality > 100) {
            throw new IllegalArgumentException("quality must be 1 to 100");
        }
    }

    /**
     * A thumbnail: JPEG of quality 80, fitted into the given pixels, never enlarged.
     *
     * @param frameNumber from 1
     * @param columns pixels across, at least 1
     * @param rows pixels down, at least 1
     */
    public static RenderOptions thumbnail(int frameNumber, int columns, int rows) {
        return new RenderOptions(frameNumber, Format.JPEG, 80, null, Viewport.of(columns, rows), false);
    }

    public RenderOptions withFrameNumber(int newFrameNumber) {
        return new RenderOptions(newFrameNumber, format, quality, window, viewport, enlarge);
    }

    public RenderOptions withFormat(Format newFormat) {
        return new RenderOptions(frameNumber, newFormat, quality, window, viewport, enlarge);
    }

    public RenderOptions withQuality(int newQuality) {
        return new RenderOptions(frameNumber, format, newQuality, window, viewport, enlarge);
    }

    public RenderOptions withWindow(@Nullable Window newWindow) {
        return new RenderOptions(frameNumber, format, quality, newWindow, viewport, enlarge);
    }

    public RenderOptions withViewport(@Nullable Viewport newViewport) {
        return new RenderOptions(frameNumber, format, quality, window, newViewport, enlarge);
    }

    /** Image formats that can be written. */
    public enum Format {
        JPEG("image/jpeg"),
        PNG("image/png");

        private final String mediaType;

        Format(String mediaType) {
            this.mediaType = mediaType;
        }

        public String mediaType() {
            return mediaType;
        }
    }

    /**
     * A VOI window, in units after the modality transformation.
     *
     * @param center centre of the window
     * @param width width of the window: at least 1 for {@code LINEAR}, above 0 for the others
     * @param function how values inside become grey
     */
    public record Window(double center, double width, VoiLutFunction function) {
        public Window {
            if (!Double.isFinite(center) || !Double.isFinite(width) || !function.allows(width)) {
                throw new IllegalArgumentException("window width must be at least 1 (linear) or above 0");
            }
        }
    }

    /** VOI LUT Function (0028,1056), PS3.3 section C.11.2.1.2. */
    public enum VoiLutFunction {
        LINEAR,
        LINEAR_EXACT,
        SIGMOID;

        /** Whether a window width is legal for this function. */
        public boolean allows(double width) {
            return this == LINEAR ? width >= 1 : width > 0;
        }
    }

    /**
     * The size of the result and the part of the frame it shows (PS3.18 section 8.3.5.1.3).
     *
     * <p>The part keeps its shape: it is scaled until it fits. A negative width or height of the part flips it.
     *
     * @param columns pixels across, 1 to 8192
     * @param rows pixels down, 1 to 8192
     * @param region the part of the frame, or null for all of it
     */
    public record Viewport(int columns, int rows, @Nullable Region region) {
        /** The largest side of a viewport, in pixels. */
        public static final int MAX_SIDE = 8192;

        public Viewport {
            if (columns < 1 || rows < 1 || columns > MAX_SIDE || rows > MAX_SIDE) {
                throw new IllegalArgumentException("viewport sides must be 1 to " + MAX_SIDE);
            }
        }

        public static Viewport of(int columns, int rows) {
            return new Viewport(columns, rows, null);
        }
    }

    /**
     * A part of a frame in pixels of the frame.
     *
     * @param left first column, from 0
     * @param top first row, from 0
     * @param width columns, not 0; negative to flip left and right
     * @param height rows, not 0; negative to flip top and bottom
     */
    public record Region(int left, int top, int width, int height) {
        public Region {
            if (left < 0 || top < 0 || width == 0 || height == 0) {
                throw new IllegalArgumentException("region must begin inside the frame and not be empty");
            }
        }
    }
}

package org.trefoilhub.dicom.pixel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.pixel.RenderOptions.VoiLutFunction;
import org.trefoilhub.dicom.pixel.RenderOptions.Window;

/** From stored grey values to 8 bits of light: modality transformation, values of interest, polarity. */
final class GreyFrame {

    private static final int MAX_TABLE_BITS = 16;

    private GreyFrame() {}

    /** One byte a pixel, 0 black to 255 white. */
    static byte[] shown(FunctionalGroups groups, byte[] frame, PixelDescription d, @Nullable Window window)
            throws DicomFormatException {
        ByteBuffer samples = ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN);
        int pixels = Math.toIntExact(d.pixels());
        Modality modality = Modality.of(groups, d);
        Voi voi = Voi.of(groups, d, modality, window, samples, pixels);
        boolean inverted = d.photometricInterpretation().equals("MONOCHROME1");
        byte[] shown = new byte[pixels];
        if (!d.floatingPoint() && d.bitsStored() <= MAX_TABLE_BITS && d.bitsAllocated() <= MAX_TABLE_BITS) {
            throughTable(frame, d, modality, voi, inverted, shown);
        } else {
            for (int i = 0; i < pixels; i++) {
                shown[i] = shade(voi.apply(modality.apply(value(samples, i, d))), inverted);
            }
        }
        return shown;
    }

    /** One computation for every value that a sample can have, or for every pixel if these are fewer. */
    private static void throughTable(
            byte[] frame, PixelDescription d, Modality modality, Voi voi, boolean inverted, byte[] shown) {
        int shift = d.highBit() + 1 - d.bitsStored();
        int mask = (1 << d.bitsStored()) - 1;
        byte[] table = new byte[mask + 1];
        boolean eager = table.length <= shown.length;
        boolean[] known = eager ? new boolean[0] : new boolean[table.length];
        if (eager) {
            for (int raw = 0; raw < table.length; raw++) {
                table[raw] = shade(voi.apply(modality.apply(signed(raw, d))), inverted);
            }
        }
        boolean wide = d.bitsAllocated() == 16;
        for (int i = 0; i < shown.length; i++) {
            int word = wide ? frame[2 * i] & 0xff | (frame[2 * i + 1] & 0xff) << 8 : frame[i] & 0xff;
            int raw = word >> shift & mask;
            if (!eager && !known[raw]) {
                table[raw] = shade(voi.apply(modality.apply(signed(raw, d))), inverted);
                known[raw] = true;
            }
            shown[i] = table[raw];
        }
    }

    private static int signed(int raw, PixelDescription d) {
        int unused = 32 - d.bitsStored();
        return d.signed() ? raw << unused >> unused : raw;
    }

    private static byte shade(double level, boolean inverted) {
        int shade = (int) Math.max(0, Math.min(255, Math.round(level * 255)));
        return (byte) (inverted ? 255 - shade : shade);
    }

    /** The stored value of a pixel, masked and with its sign. */
    private static double value(ByteBuffer samples, int pixel, PixelDescription d) {
        if (d.floatingPoint()) {
            return d.bitsAllocated() == 64 ? samples.getDouble(8 * pixel) : samples.getFloat(4 * pixel);
        }
        int bytes = d.bytesPerSample();
        long word = 0;
        for (int b = 0; b < bytes; b++) {
            word |= (samples.get(bytes * pixel + b) & 0xffL) << 8 * b;
        }
        int above = 63 - d.highBit();
        int unused = 64 - d.bitsStored();
        if (d.signed()) {
            return word << above >> unused;
        }
        long magnitude = word << above >>> unused;
        return magnitude >= 0 ? magnitude : (magnitude >>> 1) * 2.0;
    }

    /** Modality transformation (PS3.3 section C.11.1). */
    private record Modality(double slope, double intercept, @Nullable LookupTable table) {

        static Modality of(FunctionalGroups groups, PixelDescription d) throws DicomFormatException {
            List<DicomDataset> tables = groups.dataset().items(Tag.ModalityLUTSequence);
            if (!tables.isEmpty() && !d.floatingPoint()) {
                LookupTable table = LookupTable.read(tables.get(0), Tag.LUTDescriptor, Tag.LUTData, 0, d.signed());
                if (table != null) {
                    return new Modality(1, 0, table);
                }
            }
            DicomDataset group = groups.group(Tag.PixelValueTransformationSequence);
            OptionalDouble slope = group.decimal(Tag.RescaleSlope);
            OptionalDouble intercept = group.decimal(Tag.RescaleIntercept);
            boolean usable = slope.isPresent()
                    && Double.isFinite(slope.getAsDouble())
                    && slope.getAsDouble() != 0
                    && Double.isFinite(intercept.orElse(0));
            return usable ? new Modality(slope.getAsDouble(), intercept.orElse(0), null) : new Modality(1, 0, null);
        }

        double apply(double stored) {
            return table != null ? table.map(stored) : stored * slope + intercept;
        }

        boolean isIdentity() {
            return table == null && slope == 1 && intercept == 0;
        }
    }

    /** Values of interest (PS3.3 section C.11.2): from a value after the modality transformation to 0..1. */
    private interface Voi {

        double apply(double value);

        static Voi of(
                FunctionalGroups groups,
                PixelDescription d,
                Modality modality,
                @Nullable Window window,
                ByteBuffer samples,
                int pixels)
                throws DicomFormatException {
            Window chosen = window != null ? window : window(groups.group(Tag.FrameVOILUTSequence), d.floatingPoint());
            if (chosen != null) {
                return windowed(chosen);
            }
            List<DicomDataset> tables = groups.dataset().items(Tag.VOILUTSequence);
            if (!tables.isEmpty()) {
                LookupTable table = LookupTable.read(
                        tables.get(0),
                        Tag.LUTDescriptor,
                        Tag.LUTData,
                        0,
                        modality.table() == null && (d.signed() || modality.intercept() < 0));
                if (table != null) {
                    double max = table.max();
                    return value -> table.map(value) / max;
                }
            }
            if (d.bitsStored() == 8 && !d.signed() && !d.floatingPoint() && modality.isIdentity()) {
                return value -> value / 255;
            }
            return range(groups.dataset(), d, modality, samples, pixels);
        }

        private static @Nullable Window window(DicomDataset group, boolean floatingPoint) {
            OptionalDouble center = group.decimal(Tag.WindowCenter);
            OptionalDouble width = group.decimal(Tag.WindowWidth);
            if (center.isEmpty() || width.isEmpty()) {
                return null;
            }
            String name = group.string(Tag.VOILUTFunction);
            VoiLutFunction function =
                    switch (name == null ? "" : name.toUpperCase(Locale.ROOT)) {
                        case "LINEAR_EXACT" -> VoiLutFunction.LINEAR_EXACT;
                        case "SIGMOID" -> VoiLutFunction.SIGMOID;
                        default -> VoiLutFunction.LINEAR;
                    };
            double w = width.getAsDouble();
            if (function == VoiLutFunction.LINEAR && w > 0 && (w < 1 || floatingPoint)) {
                // LINEAR counts in whole steps; for fractional values it is written but the exact form is meant.
                function = VoiLutFunction.LINEAR_EXACT;
            }
            return Double.isFinite(center.getAsDouble()) && Double.isFinite(w) && function.allows(w)
                    ? new Window(center.getAsDouble(), w, function)
                    : null;
        }

        private static Voi windowed(Window window) {
            double c = window.center();
            double w = window.width();
            return switch (window.function()) {
                case LINEAR ->
                    value -> {
                        double x = value - (c - 0.5);
                        double half = (w - 1) / 2;
                        return x <= -half ? 0 : x > half ? 1 : x / (w - 1) + 0.5;
                    };
                case LINEAR_EXACT ->
                    value -> {
                        double x = (value - c) / w;
                        return x <= -0.5 ? 0 : x > 0.5 ? 1 : x + 0.5;
                    };
                case SIGMOID -> value -> 1 / (1 + Math.exp(-4 * (value - c) / w));
            };
        }

        /** From the least to the greatest value of the frame, padding left out. */
        private static Voi range(
                DicomDataset dataset, PixelDescription d, Modality modality, ByteBuffer samples, int pixels) {
            OptionalInt padding = dataset.integer(Tag.PixelPaddingValue);
            int limit = dataset.integer(Tag.PixelPaddingRangeLimit).orElse(padding.orElse(0));
            double low = Math.min(padding.orElse(0), limit);
            double high = Math.max(padding.orElse(0), limit);
            double least = Double.POSITIVE_INFINITY;
            double greatest = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < pixels; i++) {
                double stored = value(samples, i, d);
                if (padding.isPresent() && stored >= low && stored <= high) {
                    continue;
                }
                double value = modality.apply(stored);
                if (Double.isFinite(value)) {
                    least = Math.min(least, value);
                    greatest = Math.max(greatest, value);
                }
            }
            double from = least;
            double span = greatest - least;
            return value -> Double.isNaN(value) || !(span > 0) ? 0 : (value - from) / span;
        }
    }
}

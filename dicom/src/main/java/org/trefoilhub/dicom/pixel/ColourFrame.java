package org.trefoilhub.dicom.pixel;

import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.ErrorCode;

/** From colour frames of any model to RGB of 8 bits, interleaved. */
final class ColourFrame {

    private ColourFrame() {}

    static byte[] shown(DicomDataset dataset, byte[] frame, PixelDescription d) throws DicomFormatException {
        String photometric = d.photometricInterpretation();
        if (photometric.equals("PALETTE COLOR") && d.samplesPerPixel() == 1) {
            return palette(dataset, frame, d);
        }
        if (d.samplesPerPixel() != 3 || d.floatingPoint()) {
            throw unsupported(d);
        }
        switch (photometric) {
            case "RGB":
                return eightBits(frame, d);
            case "YBR_FULL":
                return fromYbr(eightBits(frame, d), false);
            case "YBR_FULL_422":
                return fromYbr(widened(frame, d), false);
            case "YBR_PARTIAL_422":
                return fromYbr(widened(frame, d), true);
            default:
                throw unsupported(d);
        }
    }

    private static DicomFormatException unsupported(PixelDescription d) {
        return new DicomFormatException(
                ErrorCode.UNSUPPORTED_PIXEL_DATA,
                "pixels of `" + d.photometricInterpretation() + "` with " + d.samplesPerPixel()
                        + " samples cannot be rendered");
    }

    private static byte[] palette(DicomDataset dataset, byte[] frame, PixelDescription d) throws DicomFormatException {
        int[][] tags = {
            {
                Tag.RedPaletteColorLookupTableDescriptor,
                Tag.RedPaletteColorLookupTableData,
                Tag.SegmentedRedPaletteColorLookupTableData
            },
            {
                Tag.GreenPaletteColorLookupTableDescriptor,
                Tag.GreenPaletteColorLookupTableData,
                Tag.SegmentedGreenPaletteColorLookupTableData
            },
            {
                Tag.BluePaletteColorLookupTableDescriptor,
                Tag.BluePaletteColorLookupTableData,
                Tag.SegmentedBluePaletteColorLookupTableData
            }
        };
        int pixels = Math.toIntExact(d.pixels());
        byte[] rgb = new byte[3 * pixels];
        LookupTable[] tables = new LookupTable[3];
        for (int c = 0; c < 3; c++) {
            LookupTable table = LookupTable.read(dataset, tags[c][0], tags[c][1], tags[c][2], d.signed());
            if (table == null) {
                throw new DicomFormatException(ErrorCode.BAD_PIXEL_DATA, "palette image has no palette");
            }
            tables[c] = table;
        }
        // One colour of 8 bits and two of 16 do not occur; a fault of one colour's range must not tint the image.
        int bits = Math.max(tables[0].bits(), Math.max(tables[1].bits(), tables[2].bits()));
        int bytes = d.bytesPerSample();
        int shift = d.highBit() + 1 - d.bitsStored();
        int mask = d.bitsStored() >= 31 ? -1 : (1 << d.bitsStored()) - 1;
        for (int c = 0; c < 3; c++) {
            LookupTable table = tables[c];
            int[] entries = table.entries();
            int last = entries.length - 1;
            for (int i = 0; i < pixels; i++) {
                int word = frame[bytes * i] & 0xff;
                if (bytes > 1) {
                    word |= (frame[bytes * i + 1] & 0xff) << 8;
                }
                int raw = word >> shift & mask;
                if (d.signed()) {
                    raw = raw << 32 - d.bitsStored() >> 32 - d.bitsStored();
                }
                int index = Math.max(0, Math.min(last, raw - table.first()));
                rgb[3 * i + c] = (byte) (entries[index] >> bits - 8);
            }
        }
        return rgb;
    }

    /** The eight highest of the stored bits of each sample. */
    private static byte[] eightBits(byte[] frame, PixelDescription d) {
        int count = Math.toIntExact(d.pixels() * d.samplesPerPixel());
        int bytes = d.bytesPerSample();
        if (bytes == 1 && d.bitsStored() == 8) {
            return frame.length == count ? frame : java.util.Arrays.copyOf(frame, count);
        }
        byte[] result = new byte[count];
        for (int i = 0; i < count; i++) {
            long word = 0;
            for (int b = 0; b < bytes; b++) {
                word |= (frame[bytes * i + b] & 0xffL) << 8 * b;
            }
            long value = word << 63 - d.highBit() >>> 64 - d.bitsStored();
            result[i] = (byte)
                    (d.bitsStored() >= 8 ? value >>> d.bitsStored() - 8 : value * 255 / ((1L << d.bitsStored()) - 1));
        }
        return result;
    }

    /** Gives each pixel the chroma that its pair shares. */
    private static byte[] widened(byte[] frame, PixelDescription d) throws DicomFormatException {
        if (frame.length >= d.decodedFrameBytes()) {
            return eightBits(frame, d);
        }
        int pixels = Math.toIntExact(d.pixels());
        if (pixels % 2 != 0) {
            throw unsupported(d);
        }
        byte[] ybr = new byte[3 * pixels];
        for (int p = 0; p < pixels; p++) {
            int from = 4 * (p / 2);
            ybr[3 * p] = frame[from + (p & 1)];
            ybr[3 * p + 1] = frame[from + 2];
            ybr[3 * p + 2] = frame[from + 3];
        }
        return ybr;
    }

    /** PS3.3 section C.7.6.3.1.2: ITU-R BT.601, full range or (retired) partial range. */
    private static byte[] fromYbr(byte[] ybr, boolean partial) {
        byte[] rgb = new byte[ybr.length];
        for (int i = 0; i + 2 < ybr.length; i += 3) {
            float y = ybr[i] & 0xff;
            float cb = (ybr[i + 1] & 0xff) - 128;
            float cr = (ybr[i + 2] & 0xff) - 128;
            if (partial) {
                y = (y - 16) * (255f / 219);
                cb *= 255f / 224;
                cr *= 255f / 224;
            }
            rgb[i] = clamp(y + 1.402f * cr);
            rgb[i + 1] = clamp(y - 0.344136f * cb - 0.714136f * cr);
            rgb[i + 2] = clamp(y + 1.772f * cb);
        }
        return rgb;
    }

    private static byte clamp(float value) {
        return (byte) Math.max(0, Math.min(255, Math.round(value)));
    }
}

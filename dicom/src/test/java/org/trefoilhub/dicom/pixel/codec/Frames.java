package org.trefoilhub.dicom.pixel.codec;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import javax.imageio.ImageIO;
import org.trefoilhub.dicom.pixel.PixelDescription;

/** Descriptions and coded frames for tests. */
final class Frames {

    private Frames() {}

    static PixelDescription grey(int rows, int columns, int allocated, int stored) {
        return new PixelDescription(rows, columns, 1, allocated, stored, stored - 1, false, "MONOCHROME2", 0, 1, false);
    }

    static PixelDescription colour(int rows, int columns, int bits, String photometric, int planar) {
        return new PixelDescription(rows, columns, 3, bits, bits, bits - 1, false, photometric, planar, 1, false);
    }

    static int[] noise(int count, int precision, long seed) {
        Random random = new Random(seed);
        return random.ints(count, 0, 1 << precision).toArray();
    }

    /** A picture of soft shapes, written by a writer of Image I/O: {@code jpeg}, or {@code jpeg2000}. */
    static byte[] written(String format, int rows, int columns, int imageType) throws IOException {
        BufferedImage image = new BufferedImage(columns, rows, imageType);
        for (int y = 0; y < rows; y++) {
            for (int x = 0; x < columns; x++) {
                int value = (x * 5 + y * 3) & 0xff;
                image.setRGB(x, y, value << 16 | (255 - value) << 8 | (value ^ 0x55));
            }
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        if (!ImageIO.write(image, format, out)) {
            throw new IOException("no writer for " + format);
        }
        return out.toByteArray();
    }
}

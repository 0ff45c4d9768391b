package org.trefoilhub.dicom.pixel.codec;

/** The inverse discrete cosine transform of 8 by 8 blocks (ISO/IEC 10918-1 section A.3.3), in floating point. */
final class InverseDct {

    /** Position in a block, row by row, of each coefficient in the order of the zigzag. */
    static final int[] NATURAL_ORDER = naturalOrder();

    /** {@code BASIS[8 * u + x]} is the share of coefficient {@code u} in sample {@code x}. */
    private static final float[] BASIS = basis();

    private InverseDct() {}

    /** Replaces coefficients by samples, without level shift. */
    static void transform(float[] block, float[] work) {
        for (int v = 0; v < 8; v++) {
            lines(block, 8 * v, 1, work, 8 * v, 1);
        }
        for (int x = 0; x < 8; x++) {
            lines(work, x, 8, block, x, 8);
        }
    }

    private static void lines(float[] from, int at, int step, float[] to, int toAt, int toStep) {
        float s0 = 0;
        float s1 = 0;
        float s2 = 0;
        float s3 = 0;
        float s4 = 0;
        float s5 = 0;
        float s6 = 0;
        float s7 = 0;
        for (int u = 0; u < 8; u++) {
            float c = from[at + u * step];
            if (c != 0) {
                int b = 8 * u;
                s0 += c * BASIS[b];
                s1 += c * BASIS[b + 1];
                s2 += c * BASIS[b + 2];
                s3 += c * BASIS[b + 3];
                s4 += c * BASIS[b + 4];
                s5 += c * BASIS[b + 5];
                s6 += c * BASIS[b + 6];
                s7 += c * BASIS[b + 7];
            }
        }
        to[toAt] = s0;
        to[toAt + toStep] = s1;
        to[toAt + 2 * toStep] = s2;
        to[toAt + 3 * toStep] = s3;
        to[toAt + 4 * toStep] = s4;
        to[toAt + 5 * toStep] = s5;
        to[toAt + 6 * toStep] = s6;
        to[toAt + 7 * toStep] = s7;
    }

    private static float[] basis() {
        float[] basis = new float[64];
        for (int u = 0; u < 8; u++) {
            for (int x = 0; x < 8; x++) {
                double scale = u == 0 ? Math.sqrt(0.125) : 0.5;
                basis[8 * u + x] = (float) (scale * Math.cos((2 * x + 1) * u * Math.PI / 16));
            }
        }
        return basis;
    }

    private static int[] naturalOrder() {
        int[] order = new int[64];
        int k = 0;
        for (int sum = 0; sum < 15; sum++) {
            for (int i = 0; i <= sum; i++) {
                int row = sum % 2 == 0 ? sum - i : i;
                int column = sum - row;
                if (row < 8 && column < 8) {
                    order[k++] = 8 * row + column;
                }
            }
        }
        return order;
    }
}

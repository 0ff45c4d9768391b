package org.trefoilhub.dicom.pixel.codec;

import java.util.Arrays;
import org.trefoilhub.dicom.io.DicomFormatException;

/**
 * The coding of samples in a JPEG-LS scan: contexts, prediction, Golomb codes, runs (ISO/IEC 14495-1 annex A; the names
 * of its variables are kept).
 *
 * <p>Lines have a sample before the first and one behind the last; index 1 is the first column.
 */
final class JpegLsCoding {

    private static final int CONTEXTS = 365;

    /** J of section A.2.1: bits of the remainder of a run by run index. */
    private static final int[] RUN_BITS = {
        0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15
    };

    private final JpegLsBits in;
    private final int maxval;
    private final int near;
    private final int step;
    private final int range;
    private final int qbpp;
    private final int limit;
    private final int t1;
    private final int t2;
    private final int t3;
    private final int reset;
    private final int[] a = new int[CONTEXTS + 2];
    private final int[] b = new int[CONTEXTS];
    private final int[] c = new int[CONTEXTS];
    private final int[] n = new int[CONTEXTS + 2];
    private final int[] nn = new int[2];
    private int runIndex;

    /** @param preset MAXVAL, T1, T2, T3, RESET; 0 for the default of section C.2.4.1.1 */
    JpegLsCoding(JpegLsBits in, int maxval, int near, int[] preset) {
        this.in = in;
        this.maxval = maxval;
        this.near = near;
        this.step = 2 * near + 1;
        this.range = near == 0 ? maxval + 1 : (maxval + 2 * near) / step + 1;
        this.qbpp = bitsFor(range);
        int bpp = Math.max(2, bitsFor(maxval + 1));
        this.limit = 2 * (bpp + Math.max(8, bpp));
        int d1;
        int d2;
        int d3;
        if (maxval >= 128) {
            int factor = (Math.min(maxval, 4095) + 128) / 256;
            d1 = clamp(factor + 2 + 3 * near, near + 1);
            d2 = clamp(factor * 4 + 3 + 5 * near, d1);
            d3 = clamp(factor * 17 + 4 + 7 * near, d2);
        } else {
            int factor = 256 / (maxval + 1);
            d1 = clamp(Math.max(2, 3 / factor + 3 * near), near + 1);
            d2 = clamp(Math.max(3, 7 / factor + 5 * near), d1);
            d3 = clamp(Math.max(4, 21 / factor + 7 * near), d2);
        }
        this.t1 = preset[1] == 0 ? d1 : preset[1];
        this.t2 = preset[2] == 0 ? d2 : preset[2];
        this.t3 = preset[3] == 0 ? d3 : preset[3];
        this.reset = preset[4] == 0 ? 64 : Math.max(3, preset[4]);
        Arrays.fill(a, Math.max(2, (range + 32) / 64));
        Arrays.fill(n, 1);
    }

    /** Bits that tell so many values apart. */
    private static int bitsFor(int values) {
        return 32 - Integer.numberOfLeadingZeros(values - 1);
    }

    private int clamp(int value, int low) {
        return value > maxval || value < low ? low : value;
    }

    void checkNotExhausted() throws DicomFormatException {
        in.checkNotExhausted();
    }

    int nextMarker() {
        return in.nextMarker();
    }

    /** Decodes a line of one component; returns its run index for its next line. */
    int line(int[] line, int[] above, int columns, int componentRunIndex) {
        runIndex = componentRunIndex;
        int x = 1;
        while (x <= columns) {
            int ra = line[x - 1];
            int rb = above[x];
            int rc = above[x - 1];
            int rd = above[x + 1];
            int q = 81 * quantized(rd - rb) + 9 * quantized(rb - rc) + quantized(rc - ra);
            if (q != 0) {
                line[x++] = regular(q, ra, rb, rc);
                continue;
            }
            int run = runLength(columns - x + 1);
            Arrays.fill(line, x, x + run, ra);
            x += run;
            if (x <= columns) {
                rb = above[x];
                if (Math.abs(ra - rb) <= near) {
                    line[x] = reconstructed(ra, interruption(1));
                } else {
                    line[x] = reconstructed(rb, rb < ra ? -interruption(0) : interruption(0));
                }
                x++;
                runIndex = Math.max(0, runIndex - 1);
            }
        }
        return runIndex;
    }

    /** Decodes a line whose components are interleaved by sample: runs are common to all of them. */
    void samplesOfLine(int[][] line, int[][] above, int columns) {
        int count = line.length;
        int[] q = new int[count];
        int x = 1;
        while (x <= columns) {
            int any = 0;
            for (int i = 0; i < count; i++) {
                int rb = above[i][x];
                int rc = above[i][x - 1];
                q[i] = 81 * quantized(above[i][x + 1] - rb) + 9 * quantized(rb - rc) + quantized(rc - line[i][x - 1]);
                any |= q[i];
            }
            if (any != 0) {
                for (int i = 0; i < count; i++) {
                    line[i][x] = regular(q[i], line[i][x - 1], above[i][x], above[i][x - 1]);
                }
                x++;
                continue;
            }
            int run = runLength(columns - x + 1);
            for (int i = 0; i < count; i++) {
                Arrays.fill(line[i], x, x + run, line[i][x - 1]);
            }
            x += run;
            if (x <= columns) {
                for (int i = 0; i < count; i++) {
                    int ra = line[i][x - 1];
                    int rb = above[i][x];
                    line[i][x] = reconstructed(rb, rb < ra ? -interruption(0) : interruption(0));
                }
                x++;
                runIndex = Math.max(0, runIndex - 1);
            }
        }
    }

    private int quantized(int difference) {
        int size = Math.abs(difference);
        int level = size <= near ? 0 : size < t1 ? 1 : size < t2 ? 2 : size < t3 ? 3 : 4;
        return difference < 0 ? -level : level;
    }

    private int regular(int signedContext, int ra, int rb, int rc) {
        int sign = signedContext < 0 ? -1 : 1;
        int q = signedContext * sign;
        int least = Math.min(ra, rb);
        int most = Math.max(ra, rb);
        int px = rc >= most ? least : rc <= least ? most : ra + rb - rc;
        px = Math.max(0, Math.min(maxval, px + sign * c[q]));
        int k = 0;
        while (n[q] << k < a[q] && k < 24) {
            k++;
        }
        int mapped = golomb(k, limit);
        int error;
        if (near == 0 && k == 0 && 2 * b[q] <= -n[q]) {
            error = (mapped & 1) != 0 ? (mapped - 1) / 2 : -(mapped / 2) - 1;
        } else {
            error = (mapped & 1) == 0 ? mapped / 2 : -(mapped + 1) / 2;
        }
        update(q, error);
        return reconstructed(px, sign * error);
    }

    private void update(int q, int error) {
        b[q] += error * step;
        a[q] += Math.abs(error);
        if (n[q] == reset) {
            a[q] >>= 1;
            b[q] >>= 1;
            n[q] >>= 1;
        }
        n[q]++;
        if (b[q] <= -n[q]) {
            b[q] = Math.max(b[q] + n[q], 1 - n[q]);
            c[q] = Math.max(-128, c[q] - 1);
        } else if (b[q] > 0) {
            b[q] = Math.min(b[q] - n[q], 0);
            c[q] = Math.min(127, c[q] + 1);
        }
    }

    /** The sample at a prediction error, brought back into the range of samples. */
    private int reconstructed(int predicted, int error) {
        int sample = predicted + error * step;
        if (sample < -near) {
            sample += range * step;
        } else if (sample > maxval + near) {
            sample -= range * step;
        }
        return Math.max(0, Math.min(maxval, sample));
    }

    private int golomb(int k, int codeLimit) {
        int most = codeLimit - qbpp - 1;
        int zeros = in.zeros(most);
        return zeros < most ? (zeros << k) + in.bits(Math.min(16, k)) : in.bits(qbpp) + 1;
    }

    /** Length of a run, at most what is left of the line. */
    private int runLength(int left) {
        int run = 0;
        while (in.bit() == 1) {
            int whole = 1 << RUN_BITS[runIndex];
            int part = Math.min(whole, left - run);
            run += part;
            if (part == whole && runIndex < 31) {
                runIndex++;
            }
            if (run == left) {
                return run;
            }
        }
        return Math.min(left, run + in.bits(RUN_BITS[runIndex]));
    }

    /** Prediction error of the sample that ends a run, by its type (section A.7.2). */
    private int interruption(int type) {
        int q = CONTEXTS + type;
        int temp = type == 0 ? a[q] : a[q] + (n[q] >> 1);
        int k = 0;
        while (n[q] << k < temp && k < 24) {
            k++;
        }
        int mapped = golomb(k, limit - RUN_BITS[runIndex] - 1);
        int sum = mapped + type;
        int map = sum & 1;
        int error = (sum + map) / 2;
        if ((k != 0 || 2 * nn[type] >= n[q]) == (map == 1)) {
            error = -error;
        }
        if (error < 0) {
            nn[type]++;
        }
        a[q] += mapped + 1 - type >> 1;
        if (n[q] == reset) {
            a[q] >>= 1;
            n[q] >>= 1;
            nn[type] >>= 1;
        }
        n[q]++;
        return error;
    }
}

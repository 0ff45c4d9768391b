package org.trefoilhub.dicom.pixel;

/**
 * Resamples interleaved 8-bit images: each result pixel is the mean of the area it covers when the image shrinks, and
 * linear between its neighbours when it grows.
 */
final class Scaler {

    private Scaler() {}

    /**
     * Scales an image.
     *
     * @param image samples, {@code columns * rows * channels} bytes
     */
    static byte[] scale(byte[] image, int columns, int rows, int channels, int newColumns, int newRows) {
        if (columns == newColumns && rows == newRows) {
            return image;
        }
        Weights across = Weights.of(columns, newColumns);
        Weights down = Weights.of(rows, newRows);
        int lineSamples = newColumns * channels;
        float[] sum = new float[lineSamples];
        float[][] lines = new float[2][];
        int[] lineOf = {-1, -1};
        byte[] result = new byte[newRows * lineSamples];
        for (int y = 0; y < newRows; y++) {
            java.util.Arrays.fill(sum, 0.5f);
            for (int i = 0; i < down.count[y]; i++) {
                int source = down.first[y] + i;
                int slot = source & 1;
                if (lineOf[slot] != source) {
                    lines[slot] =
                            across(image, source * columns * channels, channels, across, lines[slot], lineSamples);
                    lineOf[slot] = source;
                }
                float weight = down.weight[y][i];
                float[] line = lines[slot];
                for (int x = 0; x < lineSamples; x++) {
                    sum[x] += weight * line[x];
                }
            }
            int to = y * lineSamples;
            for (int x = 0; x < lineSamples; x++) {
                result[to + x] = (byte) Math.min(255, (int) sum[x]);
            }
        }
        return result;
    }

    private static float[] across(
            byte[] image,
            int from,
            int channels,
            Weights across,
            float @org.jspecify.annotations.Nullable [] reuse,
            int size) {
        float[] line = reuse != null ? reuse : new float[size];
        int newColumns = across.first.length;
        for (int x = 0; x < newColumns; x++) {
            int first = across.first[x];
            int count = across.count[x];
            float[] weight = across.weight[x];
            for (int c = 0; c < channels; c++) {
                float sum = 0;
                int at = from + first * channels + c;
                for (int i = 0; i < count; i++) {
                    sum += weight[i] * (image[at] & 0xff);
                    at += channels;
                }
                line[x * channels + c] = sum;
            }
        }
        return line;
    }

    /** For each result position: which source positions count, and how much. */
    private record Weights(int[] first, int[] count, float[][] weight) {

        static Weights of(int size, int newSize) {
            int[] first = new int[newSize];
            int[] count = new int[newSize];
            float[][] weight = new float[newSize][];
            double ratio = (double) size / newSize;
            for (int i = 0; i < newSize; i++) {
                if (ratio > 1) {
                    double from = i * ratio;
                    double to = Math.min(size, (i + 1) * ratio);
                    int low = (int) from;
                    int high = Math.min(size, (int) Math.ceil(to - 1e-9));
                    first[i] = low;
                    count[i] = Math.max(1, high - low);
                    weight[i] = new float[count[i]];
                    for (int k = 0; k < count[i]; k++) {
                        double covered = Math.min(to, low + k + 1.0) - Math.max(from, low + k);
                        weight[i][k] = (float) (covered / (to - from));
                    }
                } else {
                    double centre = Math.max(0, Math.min(size - 1.0, (i + 0.5) * ratio - 0.5));
                    int low = Math.min(size - 1, (int) centre);
                    double fraction = centre - low;
                    first[i] = low;
                    count[i] = low + 1 < size && fraction > 0 ? 2 : 1;
                    weight[i] =
                            count[i] == 2 ? new float[] {(float) (1 - fraction), (float) fraction} : new float[] {1f};
                }
            }
            return new Weights(first, count, weight);
        }
    }
}

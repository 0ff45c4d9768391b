package org.trefoilhub.dicom.io;

import java.nio.charset.Charset;

/**
 * Limits and choices of the reader. Every limit holds for one file or stream.
 *
 * @param bulkThresholdBytes values of a file longer than this stay in the file; default 64 KiB. Streams and deflated
 *     files have no file to point into: their values are always in memory
 * @param maxElementBytes longest value held in memory; default 32 MiB
 * @param maxMemoryBytes sum of all values held in memory; default 128 MiB
 * @param maxInflatedBytes longest deflated data set after inflation; default 128 MiB
 * @param maxElements most elements, items and fragments together; default 2 million
 * @param maxDepth deepest nesting of sequences, 1 to 128 (the reader recurses); default 64
 * @param stopTag reading ends before the first element of the top level with this tag or a higher one; -1 (the default)
 *     reads all
 * @param acceptTruncatedPixelData whether a file that ends inside its pixel data is read with a warning, the pixel data
 *     being what is there; default no
 * @param fallbackCharset what text is guessed to be that is neither in its declared character set nor UTF-8; default
 *     GB18030
 */
public record ReadOptions(
        long bulkThresholdBytes,
        long maxElementBytes,
        long maxMemoryBytes,
        long maxInflatedBytes,
        int maxElements,
        int maxDepth,
        int stopTag,
        boolean acceptTruncatedPixelData,
        Charset fallbackCharset) {

    public static final ReadOptions DEFAULT = new ReadOptions(
            64L << 10, 32L << 20, 128L << 20, 128L << 20, 2_000_000, 64, -1, false, Charset.forName("GB18030"));

    public ReadOptions {
        if (maxDepth < 1 || maxDepth > 128) {
            throw new IllegalArgumentException("maxDepth out of 1 to 128: " + maxDepth);
        }
        if (maxElementBytes > Integer.MAX_VALUE - 16) {
            throw new IllegalArgumentException("maxElementBytes beyond an array: " + maxElementBytes);
        }
    }

    public ReadOptions withBulkThreshold(long bytes) {
        return new ReadOptions(
                bytes,
                maxElementBytes,
                maxMemoryBytes,
                maxInflatedBytes,
                maxElements,
                maxDepth,
                stopTag,
                acceptTruncatedPixelData,
                fallbackCharset);
    }

    public ReadOptions withMaxElementBytes(long bytes) {
        return new ReadOptions(
                bulkThresholdBytes,
                bytes,
                maxMemoryBytes,
                maxInflatedBytes,
                maxElements,
                maxDepth,
                stopTag,
                acceptTruncatedPixelData,
                fallbackCharset);
    }

    public ReadOptions withMaxMemoryBytes(long bytes) {
        return new ReadOptions(
                bulkThresholdBytes,
                maxElementBytes,
                bytes,
                maxInflatedBytes,
                maxElements,
                maxDepth,
                stopTag,
                acceptTruncatedPixelData,
                fallbackCharset);
    }

    public ReadOptions withMaxInflatedBytes(long bytes) {
        return new ReadOptions(
                bulkThresholdBytes,
                maxElementBytes,
                maxMemoryBytes,
                bytes,
                maxElements,
                maxDepth,
                stopTag,
                acceptTruncatedPixelData,
                fallbackCharset);
    }

    public ReadOptions withMaxElements(int count) {
        return new ReadOptions(
                bulkThresholdBytes,
                maxElementBytes,
                maxMemoryBytes,
                maxInflatedBytes,
                count,
                maxDepth,
                stopTag,
                acceptTruncatedPixelData,
                fallbackCharset);
    }

    public ReadOptions withMaxDepth(int depth) {
        return new ReadOptions(
                bulkThresholdBytes,
                maxElementBytes,
                maxMemoryBytes,
                maxInflatedBytes,
                maxElements,
                depth,
                stopTag,
                acceptTruncatedPixelData,
                fallbackCharset);
    }

    public ReadOptions withStopTag(int tag) {
        return new ReadOptions(
                bulkThresholdBytes,
                maxElementBytes,
                maxMemoryBytes,
                maxInflatedBytes,
                maxElements,
                maxDepth,
                tag,
                acceptTruncatedPixelData,
                fallbackCharset);
    }

    public ReadOptions withTruncatedPixelData(boolean accept) {
        return new ReadOptions(
                bulkThresholdBytes,
                maxElementBytes,
                maxMemoryBytes,
                maxInflatedBytes,
                maxElements,
                maxDepth,
                stopTag,
                accept,
                fallbackCharset);
    }

    public ReadOptions withFallbackCharset(Charset charset) {
        return new ReadOptions(
                bulkThresholdBytes,
                maxElementBytes,
                maxMemoryBytes,
                maxInflatedBytes,
                maxElements,
                maxDepth,
                stopTag,
                acceptTruncatedPixelData,
                charset);
    }
}

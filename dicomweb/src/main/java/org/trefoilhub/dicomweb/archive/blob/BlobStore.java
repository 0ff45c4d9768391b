package org.trefoilhub.dicomweb.archive.blob;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.Consumer;

/**
 * Durable bytes under opaque ids.
 *
 * <p>A blob never changes. {@link #put} is atomic: before it returns nothing is to be seen under the id; afterwards the
 * bytes survive a crash of the process and the loss of power (as far as the disk keeps its promises). Thread-safe.
 */
public interface BlobStore {

    /** A fresh id, unused so far. */
    BlobId newId();

    /**
     * Opens a spool for a blob to come.
     *
     * @throws IOException if the disk refuses
     */
    Spool spool() throws IOException;

    /**
     * Makes the bytes of a spool durable under an id.
     *
     * @throws IOException if they could not be made durable; nothing is visible under the id then, or at worst a whole
     *     blob that nobody refers to
     */
    Blob put(BlobId id, Spool spool) throws IOException;

    /**
     * Opens a part of a blob.
     *
     * @param offset first byte, from 0
     * @param lengthBytes number of bytes; the stream ends there
     * @throws java.nio.file.NoSuchFileException if there is no such blob
     * @throws java.io.EOFException if the blob is shorter
     */
    InputStream openRange(BlobId id, long offset, long lengthBytes) throws IOException;

    /**
     * A local file with the bytes of the blob, for random access by readers; not to be changed or deleted.
     *
     * @throws java.nio.file.NoSuchFileException if there is no such blob
     */
    Path localFile(BlobId id) throws IOException;

    /**
     * Deletes a blob.
     *
     * @return whether it was there
     */
    boolean delete(BlobId id) throws IOException;

    /**
     * Names all blobs that were put before an instant, in no particular order, without holding them in memory.
     *
     * @throws IOException if the store cannot be listed
     */
    void forEachOlderThan(Instant instant, Consumer<BlobId> action) throws IOException;

    /**
     * Deletes spools left behind by a dead process.
     *
     * @param instant spools untouched since then
     * @return how many
     */
    int sweepSpools(Instant instant) throws IOException;
}

package org.trefoilhub.dicomweb.archive.blob;

import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;

/**
 * A blob in the making: bytes go to a local file where they can be parsed before anyone decides to keep them.
 *
 * <p>Closing a spool that was not put deletes its bytes. Used by one thread.
 */
public interface Spool extends Closeable {

    /** Where the bytes go; buffered, counted and hashed on the way. Closing it ends the writing. */
    OutputStream out();

    /** The local file, complete once {@link #out()} is closed. */
    Path file();

    /** Bytes written so far. */
    long lengthBytes();

    /** Deletes the bytes unless they were put. */
    @Override
    void close() throws IOException;
}

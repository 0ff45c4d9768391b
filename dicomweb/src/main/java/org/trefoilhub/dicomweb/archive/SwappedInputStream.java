package org.trefoilhub.dicomweb.archive;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Reverses the bytes of each word; an incomplete last word is passed on as it is. */
final class SwappedInputStream extends FilterInputStream {
    private final byte[] word;
    private int filled;
    private int next;

    SwappedInputStream(InputStream in, int wordBytes) {
        super(in);
        this.word = new byte[wordBytes];
    }

    @Override
    public int read() throws IOException {
        if (next == filled) {
            filled = in.readNBytes(word, 0, word.length);
            next = 0;
            if (filled == 0) {
                return -1;
            }
            if (filled == word.length) {
                for (int i = 0, j = filled - 1; i < j; i++, j--) {
                    byte b = word[i];
                    word[i] = word[j];
                    word[j] = b;
                }
            }
        }
        return word[next++] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        int done = 0;
        int b;
        while (done < count && (b = read()) >= 0) {
            bytes[offset + done++] = (byte) b;
        }
        return done == 0 && count > 0 ? -1 : done;
    }

    @Override
    public long skip(long count) throws IOException {
        long done = 0;
        while (done < count && read() >= 0) {
            done++;
        }
        return done;
    }

    @Override
    public int available() {
        return filled - next;
    }

    @Override
    public boolean markSupported() {
        return false;
    }
}

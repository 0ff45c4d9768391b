package org.trefoilhub.dicomweb.retrieve;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.pixel.FrameIndex;

/** Regions of an object as one stream; each is opened when the one before is used up, so a long video holds one file. */
final class RegionsInputStream extends InputStream {

    /** Opens a part of an object. */
    interface Opener {
        InputStream open(long offset, long lengthBytes) throws IOException;
    }

    private final List<FrameIndex.Region> regions;
    private final Opener opener;
    private int next;
    private @Nullable InputStream current;

    RegionsInputStream(List<FrameIndex.Region> regions, Opener opener) {
        this.regions = regions;
        this.opener = opener;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        while (true) {
            InputStream in = current;
            if (in == null) {
                if (next == regions.size()) {
                    return -1;
                }
                FrameIndex.Region region = regions.get(next++);
                in = opener.open(region.offset(), region.length());
                current = in;
            }
            int n = in.read(bytes, offset, count);
            if (n >= 0) {
                return n;
            }
            close();
        }
    }

    @Override
    public void close() throws IOException {
        InputStream in = current;
        current = null;
        if (in != null) {
            in.close();
        }
    }
}

package org.trefoilhub.dicomweb.crash;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.encoding.TransferSyntax;
import org.trefoilhub.dicom.io.DicomWriter;
import org.trefoilhub.dicomweb.fixture.TestObjects;

/**
 * One object of the storm, wholly known by its number.
 *
 * @param number of its kind in the whole test, from 1
 * @param life of the archive in which it was sent, from 1
 * @param door it was sent to, DICOMWEB_STOW or DIMSE
 */
record StormObject(int number, int life, Door door) {
    /** A study that objects of every life belong to. */
    static final String COMMON_STUDY = "2.25.10";

    static final TransferSyntax SYNTAX = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;

    private static final int LARGE = 256; // rows and columns: 128 KiB, more than any buffer on the way
    private static final int FILE_META_START = 132;
    private static final int GROUP_LENGTH_BYTES = 12;

    /** The study that only objects of one life belong to. */
    static String studyOf(int life) {
        return "2.25.1" + life;
    }

    String study() {
        return number % 4 == 0 ? COMMON_STUDY : studyOf(life);
    }

    String series() {
        return study() + "." + number % 3;
    }

    String instance() {
        return "2.25.3" + number;
    }

    private DicomDataset dataset() {
        return number % 10 == 7
                ? TestObjects.ct(study(), series(), instance(), number, LARGE, LARGE)
                        .build()
                : TestObjects.ct(study(), series(), instance(), number).build();
    }

    /** Its Part 10 file. */
    byte[] file() {
        return TestObjects.file(dataset(), SYNTAX);
    }

    /** Its data set alone. */
    byte[] datasetBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            DicomWriter.writeDataset(out, dataset(), SYNTAX, null);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** What came by STOW must be the same file; what came by C-STORE the same data set, after file meta of ours. */
    void assertWhole(byte[] stored) {
        if (door == Door.DICOMWEB_STOW) {
            assertThat(stored).as("%s", this).isEqualTo(file());
            return;
        }
        ByteBuffer bytes = ByteBuffer.wrap(stored).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes.getInt(FILE_META_START))
                .as("tag of the file meta's length")
                .isEqualTo(0x0002);
        int metaBytes = bytes.getInt(FILE_META_START + GROUP_LENGTH_BYTES - 4);
        assertThat(Arrays.copyOfRange(stored, FILE_META_START + GROUP_LENGTH_BYTES + metaBytes, stored.length))
                .as("%s", this)
                .isEqualTo(datasetBytes());
    }
}

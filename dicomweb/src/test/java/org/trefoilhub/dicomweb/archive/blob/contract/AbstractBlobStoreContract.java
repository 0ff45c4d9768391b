package org.trefoilhub.dicomweb.archive.blob.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.trefoilhub.dicomweb.archive.blob.Blob;
import org.trefoilhub.dicomweb.archive.blob.BlobId;
import org.trefoilhub.dicomweb.archive.blob.BlobStore;
import org.trefoilhub.dicomweb.archive.blob.Spool;

/** What every blob store promises. */
public abstract class AbstractBlobStoreContract {
    protected BlobStore store;

    protected abstract BlobStore open() throws IOException;

    @BeforeEach
    void openStore() throws IOException {
        store = open();
    }

    @Test
    void shouldGiveBackWhatWasPut() throws IOException {
        byte[] bytes = new byte[300_000];
        new Random(7).nextBytes(bytes);
        BlobId id = put(bytes).id();
        try (InputStream in = store.openRange(id, 0, bytes.length)) {
            assertThat(in.readAllBytes()).isEqualTo(bytes);
        }
        assertThat(Files.readAllBytes(store.localFile(id))).isEqualTo(bytes);
    }

    @Test
    void shouldTellLengthAndSha256() throws IOException {
        Blob blob = put("abc".getBytes(StandardCharsets.US_ASCII));
        assertThat(blob.lengthBytes()).isEqualTo(3);
        assertThat(blob.sha256()).isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    @Test
    void shouldShowNothingBeforeThePut() throws IOException {
        BlobId id = store.newId();
        try (Spool spool = store.spool()) {
            spool.out().write(1);
            assertThatThrownBy(() -> store.openRange(id, 0, 1)).isInstanceOf(NoSuchFileException.class);
        }
        assertThatThrownBy(() -> store.localFile(id)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void shouldDeleteASpoolThatWasNotPut() throws IOException {
        Spool spool = store.spool();
        try (OutputStream out = spool.out()) {
            out.write(new byte[10]);
        }
        assertThat(spool.file()).hasSize(10);
        spool.close();
        assertThat(spool.file()).doesNotExist();
    }

    @Test
    void shouldReadARangeAndEndThere() throws IOException {
        BlobId id = put("0123456789".getBytes(StandardCharsets.US_ASCII)).id();
        try (InputStream in = store.openRange(id, 3, 4)) {
            assertThat(in.readAllBytes()).asString(StandardCharsets.US_ASCII).isEqualTo("3456");
            assertThat(in.read()).isEqualTo(-1);
        }
        try (InputStream in = store.openRange(id, 10, 0)) {
            assertThat(in.read()).isEqualTo(-1);
        }
        assertThatThrownBy(() -> store.openRange(id, 8, 3)).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> store.openRange(id, -1, 3)).isInstanceOf(EOFException.class);
        assertThatThrownBy(() -> store.openRange(id, 3, Long.MAX_VALUE)).isInstanceOf(EOFException.class);
    }

    @Test
    void shouldRefuseToPutTwiceUnderOneId() throws IOException {
        BlobId id = put(new byte[] {1}).id();
        try (Spool spool = store.spool()) {
            spool.out().write(2);
            assertThatThrownBy(() -> store.put(id, spool)).isInstanceOf(IOException.class);
        }
        try (InputStream in = store.openRange(id, 0, 1)) {
            assertThat(in.read()).isEqualTo(1);
        }
    }

    @Test
    void shouldDelete() throws IOException {
        BlobId id = put(new byte[] {1}).id();
        assertThat(store.delete(id)).isTrue();
        assertThat(store.delete(id)).isFalse();
        assertThatThrownBy(() -> store.openRange(id, 0, 1)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void shouldNameOldBlobsAndSweepOldSpools() throws IOException {
        BlobId id = put(new byte[] {1}).id();
        List<BlobId> found = new ArrayList<>();
        store.forEachOlderThan(Instant.EPOCH, found::add);
        assertThat(found).isEmpty();
        store.forEachOlderThan(Instant.MAX.minusSeconds(1), found::add);
        assertThat(found).containsExactly(id);

        Spool abandoned = store.spool();
        abandoned.out().close();
        assertThat(store.sweepSpools(Instant.EPOCH)).isZero();
        assertThat(store.sweepSpools(Instant.MAX.minusSeconds(1))).isEqualTo(1);
        abandoned.close();
    }

    private Blob put(byte[] bytes) throws IOException {
        try (Spool spool = store.spool()) {
            spool.out().write(bytes);
            return store.put(store.newId(), spool);
        }
    }
}

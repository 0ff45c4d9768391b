package org.trefoilhub.hub.audit;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Events that were committed together, as the bytes in which they wait for their place: every column of each, texts in
 * UTF-8 behind their length, -1 for null.
 *
 * @param seq number of the first event
 * @param last highest number
 * @param events how many
 * @param content their bytes
 */
record PendingEvents(long seq, long last, int events, byte[] content) {

    /** Most bytes in one row; longer events are put in their place at once, as far as its columns take them. */
    static final int MAX_BYTES = 512 * 1024;

    private static final int VERSION = 1;
    private static final int ROOM = 1024;

    /** What waits, and what does not fit there. */
    record Split(List<PendingEvents> pending, List<AuditRow> unfit) {}

    /** Packs rows, in as few pieces as fit. */
    static Split of(List<AuditRow> rows) {
        List<PendingEvents> pending = new ArrayList<>();
        List<AuditRow> unfit = new ArrayList<>();
        ByteArrayOutputStream open = new ByteArrayOutputStream(ROOM);
        long first = 0;
        long last = 0;
        int events = 0;
        for (AuditRow row : rows) {
            byte[] bytes = bytes(row);
            if (bytes.length > MAX_BYTES - 1 || isRefused(row)) {
                unfit.add(row);
                continue;
            }
            if (open.size() + bytes.length > MAX_BYTES) {
                pending.add(new PendingEvents(first, last, events, open.toByteArray()));
                open.reset();
                events = 0;
            }
            if (events++ == 0) {
                first = row.seq();
                open.write(VERSION);
            }
            last = events == 1 ? row.seq() : Math.max(last, row.seq());
            open.writeBytes(bytes);
        }
        if (events > 0) {
            pending.add(new PendingEvents(first, last, events, open.toByteArray()));
        }
        return new Split(pending, unfit);
    }

    /** Texts that some databases take in no column: those must refuse the event at once, not when it is to be placed. */
    private static boolean isRefused(AuditRow row) {
        for (String text : texts(row)) {
            if (text != null && text.indexOf('\0') >= 0) {
                return true;
            }
        }
        return row.entities().stream().anyMatch(reference -> reference.indexOf('\0') >= 0);
    }

    private static byte[] bytes(AuditRow row) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(ROOM);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.writeLong(row.seq());
            out.writeLong(row.recorded());
            for (String text : texts(row)) {
                write(out, text);
            }
            out.writeInt(row.entities().size());
            for (String reference : row.entities()) {
                write(out, reference);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("memory cannot be written", e);
        }
        return bytes.toByteArray();
    }

    private static @Nullable String[] texts(AuditRow row) {
        return new @Nullable String[] {
            row.type(),
            row.subtype(),
            row.action(),
            row.outcome(),
            row.door(),
            row.client(),
            row.user(),
            row.address(),
            row.traceId(),
            row.format(),
            row.content()
        };
    }

    private static void write(DataOutputStream out, @Nullable String text) throws IOException {
        if (text == null) {
            out.writeInt(-1);
            return;
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }

    /**
     * The rows.
     *
     * @throws AuditTamperedException when the bytes are not what this hub writes
     */
    List<AuditRow> rows() {
        List<AuditRow> rows = new ArrayList<>(events);
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(content))) {
            if (in.readByte() != VERSION) {
                throw damaged();
            }
            for (int i = 0; i < events; i++) {
                rows.add(row(in));
            }
            if (in.read() >= 0) {
                throw damaged();
            }
        } catch (IOException e) {
            throw damaged();
        }
        return rows;
    }

    private AuditRow row(DataInputStream in) throws IOException {
        long number = in.readLong();
        long recorded = in.readLong();
        @Nullable String[] texts = new @Nullable String[11];
        for (int i = 0; i < texts.length; i++) {
            texts[i] = text(in);
        }
        SortedSet<String> entities = new TreeSet<>();
        int count = in.readInt();
        for (int i = 0; i < count; i++) {
            entities.add(needed(text(in)));
        }
        return new AuditRow(
                number,
                recorded,
                needed(texts[0]),
                texts[1],
                needed(texts[2]),
                needed(texts[3]),
                texts[4],
                texts[5],
                texts[6],
                texts[7],
                texts[8],
                needed(texts[9]),
                needed(texts[10]),
                entities);
    }

    private @Nullable String text(DataInputStream in) throws IOException {
        int length = in.readInt();
        if (length == -1) {
            return null;
        }
        if (length < 0 || length > in.available()) {
            throw damaged();
        }
        return new String(in.readNBytes(length), StandardCharsets.UTF_8);
    }

    private String needed(@Nullable String text) {
        if (text == null) {
            throw damaged();
        }
        return text;
    }

    private AuditTamperedException damaged() {
        return new AuditTamperedException("the events that wait for the chain from number " + seq + " on were changed");
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PendingEvents same
                && seq == same.seq
                && last == same.last
                && events == same.events
                && java.util.Arrays.equals(content, same.content);
    }

    @Override
    public int hashCode() {
        return Long.hashCode(seq);
    }

    /** Says how many, never what. */
    @Override
    public String toString() {
        return "PendingEvents[" + events + "]";
    }
}

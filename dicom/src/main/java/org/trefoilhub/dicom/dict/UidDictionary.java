package org.trefoilhub.dicom.dict;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The standard UIDs of PS3.6 annex A: transfer syntaxes, SOP classes and others. Loaded when first used. */
public final class UidDictionary {

    /**
     * An entry of the dictionary.
     *
     * @param uid such as {@code 1.2.840.10008.5.1.4.1.1.2}
     * @param keyword such as {@code CTImageStorage}
     * @param type such as {@code SOP Class} or {@code Transfer Syntax}
     * @param retired whether the standard no longer maintains it
     * @param name such as {@code CT Image Storage}
     */
    public record Entry(String uid, String keyword, String type, boolean retired, String name) {
        /** Whether this is a SOP class whose instances are stored, as its name says. */
        public boolean isStorageSopClass() {
            return type.equals("SOP Class")
                    && (name.endsWith("Storage") || name.contains("Storage - ") || name.endsWith("Storage (Retired)"));
        }
    }

    private static final class Table {
        private static final Map<String, Entry> BY_UID = load();

        private static Map<String, Entry> load() {
            Map<String, Entry> map = new LinkedHashMap<>();
            try (InputStream in = Objects.requireNonNull(UidDictionary.class.getResourceAsStream("uids.tsv"));
                    BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    if (!line.startsWith("#")) {
                        String[] c = line.split("\t", -1);
                        map.put(c[0], new Entry(c[0], c[1], c[2], c[3].equals("R"), c[4]));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return Collections.unmodifiableMap(map);
        }
    }

    private UidDictionary() {}

    /** The entry of a UID. */
    public static Optional<Entry> of(String uid) {
        return Optional.ofNullable(Table.BY_UID.get(uid));
    }

    /** The name of a UID, or the UID itself if it is not a standard one. */
    public static String name(String uid) {
        Entry entry = Table.BY_UID.get(uid);
        return entry == null ? uid : entry.name();
    }

    /** All entries, in the order of the standard. */
    public static Collection<Entry> entries() {
        return Table.BY_UID.values();
    }
}

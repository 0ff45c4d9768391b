package org.trefoilhub.dicom.dict;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.trefoilhub.dicom.data.VR;

/** The standard data elements of PS3.6 and PS3.7 annex E. Loaded when first used, then immutable. */
public final class DataDictionary {

    /**
     * An entry of the dictionary.
     *
     * @param tag {@code 0xGGGGEEEE}; for a repeating group, of its first group
     * @param keyword such as {@code PatientName}
     * @param vrs representations the element may have, at least one but for item delimiters
     * @param vm value multiplicity, such as {@code 1} or {@code 2-2n}
     * @param retired whether the standard no longer maintains it
     * @param name such as {@code Patient's Name}
     */
    public record Entry(int tag, String keyword, List<VR> vrs, String vm, boolean retired, String name) {
        /** The representation, or the one that implicit VR little endian prescribes if there are several. */
        public VR vr() {
            return vrs.contains(VR.OW) ? VR.OW : vrs.isEmpty() ? VR.UN : vrs.get(0);
        }
    }

    private record Repeating(int mask, Entry entry) {}

    private static final class Table {
        private static final Table INSTANCE = load();

        private final Map<Integer, Entry> byTag = new HashMap<>(12_000);
        private final Map<String, Entry> byKeyword = new HashMap<>(12_000);
        private final List<Repeating> repeating = new ArrayList<>();

        private static Table load() {
            Table table = new Table();
            try (InputStream in = Objects.requireNonNull(DataDictionary.class.getResourceAsStream("elements.tsv"));
                    BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
                for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                    if (!line.startsWith("#")) {
                        table.add(line.split("\t", -1));
                    }
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return table;
        }

        private void add(String[] columns) {
            String pattern = columns[0];
            int tag = Integer.parseUnsignedInt(pattern.replace('x', '0'), 16);
            List<VR> vrs = new ArrayList<>();
            for (String code : columns[2].split("/")) {
                VR vr = VR.of(code);
                if (vr != null) {
                    vrs.add(vr);
                }
            }
            Entry entry = new Entry(tag, columns[1], List.copyOf(vrs), columns[3], columns[4].equals("R"), columns[5]);
            byKeyword.put(entry.keyword(), entry);
            if (pattern.indexOf('x') < 0) {
                byTag.put(tag, entry);
                return;
            }
            int mask = 0;
            for (char c : pattern.toCharArray()) {
                mask = mask << 4 | (c == 'x' ? 0 : 0xF);
            }
            repeating.add(new Repeating(mask, entry));
        }
    }

    private DataDictionary() {}

    /** The entry of a tag, of a repeating group too; empty for private and unknown elements. */
    public static Optional<Entry> of(int tag) {
        Entry entry = Table.INSTANCE.byTag.get(tag);
        if (entry != null) {
            return Optional.of(entry);
        }
        if ((tag & 0x10000) != 0) {
            return Optional.empty();
        }
        for (Repeating candidate : Table.INSTANCE.repeating) {
            if ((tag & candidate.mask) == candidate.entry.tag()) {
                return Optional.of(candidate.entry);
            }
        }
        return Optional.empty();
    }

    /** The entry of a keyword, such as {@code StudyInstanceUID}. */
    public static Optional<Entry> ofKeyword(String keyword) {
        return Optional.ofNullable(Table.INSTANCE.byKeyword.get(keyword));
    }

    /**
     * The representation that an element has where none is written: the dictionary's, UL for group lengths, LO for
     * private creators, UN for what is unknown (PS3.5 section 6.2.2 and annex A.1). Where US and SS are possible it is US.
     */
    public static VR vr(int tag) {
        if ((tag & 0xFFFF) == 0) {
            return VR.UL;
        }
        if ((tag & 0x10000) != 0) {
            int element = tag & 0xFFFF;
            return element >= 0x10 && element <= 0xFF ? VR.LO : VR.UN;
        }
        Optional<Entry> entry = of(tag);
        return entry.isPresent() ? entry.get().vr() : VR.UN;
    }

    /** Whether an element is US or SS depending on Pixel Representation (0028,0103). */
    public static boolean followsPixelRepresentation(int tag) {
        Entry entry = Table.INSTANCE.byTag.get(tag);
        return entry != null
                && entry.vrs().size() == 2
                && entry.vrs().contains(VR.US)
                && entry.vrs().contains(VR.SS);
    }

    /** The keyword of a tag, or the empty string. */
    public static String keyword(int tag) {
        return of(tag).map(Entry::keyword).orElse("");
    }

    /**
     * The tag that a person wrote: eight hexadecimal digits or a keyword.
     *
     * @return empty if it is neither
     */
    public static Optional<Integer> parseTag(String text) {
        if (text.length() == 8 && text.chars().allMatch(c -> Character.digit(c, 16) >= 0 && c < 0x80)) {
            return Optional.of(Integer.parseUnsignedInt(text, 16));
        }
        return ofKeyword(text).map(Entry::tag);
    }

    /** All entries, in no order. */
    public static Collection<Entry> entries() {
        return java.util.Collections.unmodifiableCollection(Table.INSTANCE.byKeyword.values());
    }
}

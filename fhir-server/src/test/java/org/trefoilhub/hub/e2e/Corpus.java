package org.trefoilhub.hub.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.io.DicomReader;
import org.trefoilhub.dicom.io.ReadOptions;

/**
 * A folder of real DICOM files: the shared test data when they lie beside this clone, else the images of the demo
 * hospital in the tree.
 *
 * @param folder root of the files
 * @param addressable one file for each SOP Instance UID, readable and with the UIDs that a store needs
 * @param unaddressable files that lack one of these UIDs or hold something else in its place: no store can keep them
 * @param broken files that are broken on purpose, whatever they hold
 */
record Corpus(Path folder, List<Path> addressable, List<Path> unaddressable, List<Path> broken) {

    private static final int[] IDENTIFIERS = {
        Tag.SOPClassUID, Tag.SOPInstanceUID, Tag.StudyInstanceUID, Tag.SeriesInstanceUID
    };

    static Corpus find() throws IOException {
        return sort(folderAbove("shared/data/dicom", folderAbove("fhir-server/src/demo/dicom", null)));
    }

    private static Path folderAbove(String name, @Nullable Path otherwise) {
        for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
            Path candidate = at.resolve(name);
            if (Files.isDirectory(candidate)) {
                return candidate;
            }
        }
        if (otherwise == null) {
            throw new IllegalStateException("there is no folder " + name + " above the working directory");
        }
        return otherwise;
    }

    private static Corpus sort(Path folder) throws IOException {
        List<Path> addressable = new ArrayList<>();
        List<Path> unaddressable = new ArrayList<>();
        List<Path> broken = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : all) {
            String name = folder.relativize(file).toString();
            if (name.endsWith(".md") || name.endsWith(".tsv")) {
                continue;
            }
            if (name.startsWith("corrupt")) {
                broken.add(file);
                continue;
            }
            DicomDataset head = head(file);
            if (!isAddressable(head)) {
                unaddressable.add(file);
            } else if (seen.add(String.valueOf(head.string(Tag.SOPInstanceUID)))) {
                addressable.add(file);
            }
        }
        return new Corpus(folder, List.copyOf(addressable), List.copyOf(unaddressable), List.copyOf(broken));
    }

    /** All before the pixel data. */
    static DicomDataset head(Path file) throws IOException {
        return DicomReader.read(file, ReadOptions.DEFAULT.withStopTag(Tag.PixelData))
                .dataset();
    }

    /** Whether the object says by valid UIDs (DICOM PS3.5 section 9.1) what it is and where it belongs. */
    static boolean isAddressable(DicomDataset head) {
        for (int tag : IDENTIFIERS) {
            String uid = head.string(tag);
            if (uid == null || uid.length() > 64 || !uid.matches("[0-9]+(\\.[0-9]+)*")) {
                return false;
            }
        }
        return true;
    }

    String name(Path file) {
        return folder.relativize(file).toString();
    }
}

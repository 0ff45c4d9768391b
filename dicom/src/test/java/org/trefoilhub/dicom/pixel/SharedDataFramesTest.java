package org.trefoilhub.dicom.pixel;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.trefoilhub.dicom.SharedData;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.io.DicomFile;
import org.trefoilhub.dicom.io.DicomFormatException;
import org.trefoilhub.dicom.io.DicomReader;
import org.trefoilhub.dicom.io.ReadOptions;

/** Cuts the pixel data of every file of the shared data into frames and compares with decoded ground truth. */
class SharedDataFramesTest {

    @Test
    void shouldFindTheFramesThatAnIndependentToolDecoded() throws IOException, NoSuchAlgorithmException {
        Path data = SharedData.directory().orElse(null);
        Assumptions.assumeTrue(data != null, "no shared data beside the project");
        Map<String, List<Map<String, String>>> byFile = new LinkedHashMap<>();
        for (Map<String, String> row : SharedData.table(data.resolve("expected/pixels.tsv"))) {
            byFile.computeIfAbsent(row.get("path"), path -> new ArrayList<>()).add(row);
        }
        List<String> differences = new ArrayList<>();
        int exact = 0;
        for (Map.Entry<String, List<Map<String, String>>> entry : byFile.entrySet()) {
            String path = entry.getKey();
            if (path.contains("corrupt")) {
                continue;
            }
            Path file = data.resolve(path);
            DicomFile dicom = DicomReader.read(file, ReadOptions.DEFAULT);
            FrameIndex index;
            try {
                index = FrameIndex.of(dicom);
            } catch (DicomFormatException e) {
                differences.add(path + " " + e.getMessage());
                continue;
            }
            assertThat(index.frames())
                    .as(path)
                    .isEqualTo(Math.max(
                            1, dicom.dataset().integer(Tag.NumberOfFrames).orElse(1)));
            FrameIndex kept = FrameIndex.fromBytes(index.toBytes());
            for (Map<String, String> row : entry.getValue()) {
                int frame = Integer.parseInt(row.get("frame"));
                assertThat(kept.frame(frame)).as(path).isEqualTo(index.frame(frame));
                boolean comparable = !dicom.transferSyntax().encapsulated()
                        && index.isInFile()
                        && row.get("variant").equals("stored")
                        && !row.get("bits_allocated").equals("1")
                        && dicom.dataset().integer(Tag.PlanarConfiguration).orElse(0) == 0
                        && !dicom.transferSyntax().bigEndian();
                if (!comparable) {
                    continue;
                }
                byte[] bytes = bytes(file, index.frame(frame));
                String hash = HexFormat.of()
                        .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
                if (hash.equals(row.get("sha256"))) {
                    exact++;
                } else {
                    differences.add(path + " frame " + frame + " differs, " + row.get("cross_check"));
                }
            }
        }
        assertThat(differences).isEmpty();
        assertThat(exact).isGreaterThan(100);
    }

    private static byte[] bytes(Path file, List<FrameIndex.Region> regions) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (FileChannel channel = FileChannel.open(file)) {
            for (FrameIndex.Region region : regions) {
                ByteBuffer buffer = ByteBuffer.allocate((int) region.length());
                while (buffer.hasRemaining() && channel.read(buffer, region.offset() + buffer.position()) >= 0) {}
                out.writeBytes(buffer.array());
            }
        }
        return out.toByteArray();
    }
}

package org.trefoilhub.dicom.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.DicomElement;
import org.trefoilhub.dicom.data.DicomValue;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.encoding.TransferSyntax;
import org.trefoilhub.dicom.pixel.FrameIndex;

class DicomReaderTest {

    @TempDir
    Path directory;

    private static DicomDataset read(TransferSyntax syntax, String hex) throws IOException {
        byte[] bytes = HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
        return DicomReader.readDataset(new ByteArrayInputStream(bytes), syntax, ReadOptions.DEFAULT);
    }

    @Test
    void shouldReadASequenceOfUndefinedLengthInsideUn() throws IOException {
        DicomDataset dataset = read(
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                """
                0900 1000 4C4F 0400 41434D45
                0900 1010 554E 0000 FFFFFFFF
                  FEFF 00E0 FFFFFFFF
                    0800 5000 04000000 41313220
                  FEFF 0DE0 00000000
                FEFF DDE0 00000000
                1000 2000 4C4F 0200 5031
                """);
        int tag = dataset.privateTag("ACME", 0x0009, 0x10);
        assertThat(tag).isEqualTo(0x00091010);
        assertThat(dataset.items(tag).get(0).string(Tag.AccessionNumber)).isEqualTo("A12");
        assertThat(dataset.string(Tag.PatientID)).isEqualTo("P1");
    }

    @Test
    void shouldGiveAStandardElementWrittenAsUnItsRepresentation() throws IOException {
        DicomDataset dataset = read(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, "2800 1000 554E 0000 02000000 0002");
        assertThat(dataset.element(Tag.Rows).orElseThrow().vr()).isEqualTo(VR.US);
        assertThat(dataset.integer(Tag.Rows)).hasValue(512);
    }

    @Test
    void shouldTakeSignednessFromPixelRepresentationInImplicitVr() throws IOException {
        DicomDataset dataset =
                read(TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN, "2800 0301 02000000 0100  2800 0601 02000000 00FC");
        assertThat(dataset.element(Tag.SmallestImagePixelValue).orElseThrow().vr())
                .isEqualTo(VR.SS);
        assertThat(dataset.integer(Tag.SmallestImagePixelValue)).hasValue(-1024);
    }

    @Test
    void shouldHoldBigEndianNumbersInLittleEndian() throws IOException {
        DicomDataset dataset = read(TransferSyntax.EXPLICIT_VR_BIG_ENDIAN, "0028 0010 5553 0002 0200");
        assertThat(dataset.integer(Tag.Rows)).hasValue(512);
        assertThat(dataset.bytes(Tag.Rows)).containsExactly(0, 2);
    }

    @Test
    void shouldKeepTheFirstOfTwoEqualTagsAndSortTheRest() throws IOException {
        DicomDataset dataset = read(
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                "1000 2000 4C4F 0200 5031  0800 5000 5348 0200 4131  1000 2000 4C4F 0200 5032");
        assertThat(dataset.string(Tag.PatientID)).isEqualTo("P1");
        assertThat(dataset.iterator().next().tag()).isEqualTo(Tag.AccessionNumber);
    }

    @Test
    void shouldSayWhereTheInputEnds() {
        assertThatThrownBy(() -> read(TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, "1000 2000 4C4F 0800 5031"))
                .isInstanceOfSatisfying(DicomFormatException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.TRUNCATED);
                    assertThat(e.tag()).isEqualTo(Tag.PatientID);
                    assertThat(e.offset()).isZero();
                    assertThat(e).hasMessageContaining("(0010,0020)");
                });
    }

    @Test
    void shouldStopAtTheStopTag() throws IOException {
        byte[] bytes =
                HexFormat.of().parseHex("08005000534802004131100020004C4F02005031".toUpperCase(java.util.Locale.ROOT));
        DicomDataset dataset = DicomReader.readDataset(
                new ByteArrayInputStream(bytes),
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                ReadOptions.DEFAULT.withStopTag(Tag.PatientID));
        assertThat(dataset.size()).isEqualTo(1);
    }

    @Test
    void shouldBoundElementsDepthAndMemory() {
        String items = "0800 1011 5351 0000 FFFFFFFF" + " FEFF00E000000000".repeat(2000) + " FEFFDDE000000000";
        byte[] bytes = HexFormat.of().parseHex(items.replace(" ", ""));
        assertThatThrownBy(() -> DicomReader.readDataset(
                        new ByteArrayInputStream(bytes),
                        TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                        ReadOptions.DEFAULT.withMaxElements(1000)))
                .isInstanceOfSatisfying(
                        DicomFormatException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.TOO_MANY_ELEMENTS));
        byte[] nested = HexFormat.of().parseHex("0800101153510000FFFFFFFFFEFF00E0FFFFFFFF".repeat(3000));
        assertThatThrownBy(() -> DicomReader.readDataset(
                        new ByteArrayInputStream(nested),
                        TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                        ReadOptions.DEFAULT.withMaxDepth(128)))
                .isInstanceOfSatisfying(
                        DicomFormatException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.NESTED_TOO_DEEP));
    }

    @Test
    void shouldRefuseADeflatedDatasetThatGrowsBeyondTheLimit() throws IOException {
        DicomDataset dataset = DicomDataset.builder()
                .putBytes(Tag.PixelData, VR.OB, new byte[8 << 20])
                .build();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DicomWriter.writeDataset(out, dataset, TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN, null);
        assertThat(out.size()).isLessThan(20_000);
        assertThatThrownBy(() -> DicomReader.readDataset(
                        new ByteArrayInputStream(out.toByteArray()),
                        TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
                        ReadOptions.DEFAULT.withMaxInflatedBytes(1 << 20)))
                .isInstanceOfSatisfying(
                        DicomFormatException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INFLATED_TOO_LONG));
    }

    @Test
    void shouldFindFramesBeyondFourGigabytesWithoutReadingThem() throws IOException {
        // Two bytes a pixel, 1024 frames of 2 MiB in one value of 2 GiB, behind 3 GiB of another one: a sparse file.
        Path file = directory.resolve("large.dcm");
        DicomDataset head = DicomDataset.builder()
                .putInts(Tag.SamplesPerPixel, VR.US, 1)
                .put(Tag.NumberOfFrames, VR.IS, "1024")
                .putInts(Tag.Rows, VR.US, 1024)
                .putInts(Tag.Columns, VR.US, 1024)
                .putInts(Tag.BitsAllocated, VR.US, 16)
                .build();
        try (OutputStream out = Files.newOutputStream(file)) {
            DicomWriter.writeFile(
                    out, DicomWriter.fileMeta("1.2", "1.3", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN), head, null);
        }
        long before = 3L << 30;
        long pixels = 2L << 30;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            long at = channel.size();
            channel.write(header("4200 1100 4F42 0000 000000C0"), at);
            at += 12 + before;
            channel.write(header("E07F 1000 4F57 0000 00000080"), at);
            at += 12 + pixels;
            channel.write(ByteBuffer.wrap(new byte[1]), at - 1);
        }
        DicomFile read = DicomReader.read(file, ReadOptions.DEFAULT);
        FrameIndex index = FrameIndex.of(read);
        FrameIndex.Region last = index.frame(1024).get(0);
        assertThat(last.offset() + last.length()).isEqualTo(Files.size(file));
        assertThat(last.length()).isEqualTo(2 << 20);
        assertThat(read.dataset()
                        .element(Tag.EncapsulatedDocument)
                        .orElseThrow()
                        .value())
                .isInstanceOf(DicomValue.Bulk.class);
    }

    private static ByteBuffer header(String hex) {
        return ByteBuffer.wrap(HexFormat.of().parseHex(hex.replace(" ", "")));
    }

    @Test
    void shouldCutFragmentsAsTheirTablesAndMarkersSay() throws IOException {
        byte[] jpeg = HexFormat.of().parseHex("FFD8FFE0AABB");
        byte[] more = HexFormat.of().parseHex("11223344FFD9");
        List<byte[]> parts = List.of(jpeg, more, jpeg, jpeg, more, more);
        byte[] noTable = new byte[0];
        byte[] table = HexFormat.of().parseHex("00000000" + "1C000000" + "2A000000");
        for (byte[] offsets : List.of(noTable, table)) {
            FrameIndex index = FrameIndex.fromBytes(
                    FrameIndex.of(encapsulated(offsets, parts, 3)).toBytes());
            assertThat(index.frames()).isEqualTo(3);
            assertThat(index.frame(1)).hasSize(2);
            assertThat(index.frame(2)).hasSize(1);
            assertThat(index.frame(3)).hasSize(3);
        }
        assertThat(FrameIndex.of(encapsulated(noTable, parts, 1)).frame(1)).hasSize(6);
        assertThat(FrameIndex.of(encapsulated(noTable, parts, 6)).frame(4)).hasSize(1);
        assertThatThrownBy(() -> FrameIndex.of(encapsulated(noTable, parts, 4)))
                .isInstanceOf(DicomFormatException.class);
    }

    @Test
    void shouldCutFragmentsByALongExtendedOffsetTable() throws IOException {
        // 9000 entries make the table longer than what is held in memory; the first frame has two fragments.
        int frames = 9000;
        List<DicomValue.Fragment> fragments = new java.util.ArrayList<>();
        fragments.add(DicomValue.Fragment.of(new byte[0]));
        fragments.add(DicomValue.Fragment.of(new byte[6]));
        ByteBuffer offsets = ByteBuffer.allocate(frames * 8).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < frames; i++) {
            offsets.putLong(i == 0 ? 0 : 14 + i * 10L);
            fragments.add(DicomValue.Fragment.of(new byte[2]));
        }
        DicomDataset dataset = DicomDataset.builder()
                .put(Tag.NumberOfFrames, VR.IS, Integer.toString(frames))
                .putBytes(Tag.ExtendedOffsetTable, VR.OV, offsets.array())
                .put(new DicomElement(Tag.PixelData, VR.OB, new DicomValue.Fragments(fragments)))
                .build();
        Path file = directory.resolve("extended.dcm");
        try (OutputStream out = Files.newOutputStream(file)) {
            DicomWriter.writeFile(out, DicomWriter.fileMeta("1.2", "1.3", TransferSyntax.RLE_LOSSLESS), dataset, null);
        }
        FrameIndex index = FrameIndex.of(DicomReader.read(file, ReadOptions.DEFAULT));
        assertThat(index.frames()).isEqualTo(frames);
        assertThat(index.frame(1)).hasSize(2);
        assertThat(index.frame(2)).hasSize(1);
        FrameIndex.Region last = index.frame(frames).get(0);
        assertThat(last.offset() + last.length() + 8).isEqualTo(Files.size(file));
    }

    private DicomFile encapsulated(byte[] table, List<byte[]> parts, int frames) throws IOException {
        List<DicomValue.Fragment> fragments = new java.util.ArrayList<>();
        fragments.add(DicomValue.Fragment.of(table));
        parts.forEach(part -> fragments.add(DicomValue.Fragment.of(part)));
        DicomDataset dataset = DicomDataset.builder()
                .put(Tag.NumberOfFrames, VR.IS, Integer.toString(frames))
                .put(new DicomElement(Tag.PixelData, VR.OB, new DicomValue.Fragments(fragments)))
                .build();
        Path file = directory.resolve("fragments.dcm");
        try (OutputStream out = Files.newOutputStream(file)) {
            DicomWriter.writeFile(
                    out, DicomWriter.fileMeta("1.2", "1.3", TransferSyntax.JPEG_BASELINE_8_BIT), dataset, null);
        }
        return DicomReader.read(file, ReadOptions.DEFAULT);
    }

    @Test
    void shouldLetFramesOfSingleBitsShareBytes() throws IOException {
        Path file = directory.resolve("bits.dcm");
        DicomDataset dataset = DicomDataset.builder()
                .put(Tag.NumberOfFrames, VR.IS, "3")
                .putInts(Tag.SamplesPerPixel, VR.US, 1)
                .putInts(Tag.Rows, VR.US, 3)
                .putInts(Tag.Columns, VR.US, 3)
                .putInts(Tag.BitsAllocated, VR.US, 1)
                .putBytes(Tag.PixelData, VR.OB, new byte[4])
                .build();
        try (OutputStream out = Files.newOutputStream(file)) {
            DicomWriter.writeFile(
                    out, DicomWriter.fileMeta("1.2", "1.3", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN), dataset, null);
        }
        FrameIndex index = FrameIndex.of(DicomReader.read(file, ReadOptions.DEFAULT));
        long start = index.frame(1).get(0).offset();
        assertThat(index.frame(1)).containsExactly(new FrameIndex.Region(start, 2));
        assertThat(index.frame(2)).containsExactly(new FrameIndex.Region(start + 1, 2));
        assertThat(index.frame(3)).containsExactly(new FrameIndex.Region(start + 2, 2));
        assertThat(index.bitOffset(2)).isEqualTo(1);
        assertThat(index.bitOffset(3)).isEqualTo(2);
    }
}

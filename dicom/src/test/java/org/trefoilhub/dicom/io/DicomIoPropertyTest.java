package org.trefoilhub.dicom.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.DicomElement;
import org.trefoilhub.dicom.data.DicomValue;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.encoding.TransferSyntax;
import org.trefoilhub.dicom.json.BulkDataUri;
import org.trefoilhub.dicom.json.DicomJson;
import org.trefoilhub.dicom.pixel.FrameIndex;

/** What holds for any data set and for any damage. */
class DicomIoPropertyTest {

    private static final List<TransferSyntax> NATIVE = List.of(
            TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
            TransferSyntax.EXPLICIT_VR_BIG_ENDIAN,
            TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
            TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN);

    @Property(tries = 200)
    void shouldReadBackAnyDataset(@ForAll("datasets") DicomDataset dataset, @ForAll @IntRange(max = 2) int syntax)
            throws IOException {
        TransferSyntax explicit = NATIVE.get(syntax);
        assertThat(read(write(dataset, explicit), explicit)).isEqualTo(dataset);
    }

    @Property(tries = 100)
    void shouldReadBackTheBytesOfAnyDatasetFromImplicitVr(@ForAll("datasets") DicomDataset dataset) throws IOException {
        TransferSyntax implicit = TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN;
        DicomDataset back = read(write(dataset, implicit), implicit);
        assertThat(write(back, implicit)).isEqualTo(write(dataset, implicit));
    }

    @Property(tries = 100)
    void shouldReadBackAnyDatasetFromJson(@ForAll("datasets") DicomDataset dataset) throws IOException {
        byte[] json = DicomJson.toBytes(dataset, BulkDataUri.INLINE);
        DicomDataset back = DicomJson.read(new ByteArrayInputStream(json));
        assertThat(DicomJson.toBytes(back, BulkDataUri.INLINE)).isEqualTo(json);
    }

    /** Truncated and mutated files: refused or read, but never another exception, and never more memory than allowed. */
    @Property(tries = 400)
    void shouldSurviveAnyDamage(
            @ForAll("datasets") DicomDataset dataset,
            @ForAll @IntRange(max = 3) int syntax,
            @ForAll long seed,
            @ForAll @IntRange(max = 6) int mutations)
            throws IOException {
        Random random = new Random(seed);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DicomWriter.writeFile(out, DicomWriter.fileMeta("1.2.3", "1.2.3.4", NATIVE.get(syntax)), dataset, null);
        byte[] bytes = out.toByteArray();
        for (int i = 0; i < mutations; i++) {
            int at = 132 + random.nextInt(bytes.length - 132);
            switch (random.nextInt(3)) {
                case 0 -> bytes[at] = (byte) random.nextInt();
                case 1 -> bytes[at] = (byte) 0xFF;
                default -> bytes = Arrays.copyOf(bytes, at + 1);
            }
            if (bytes.length < 140) {
                break;
            }
        }
        Path file = Files.createTempFile("damaged", ".dcm");
        try {
            Files.write(file, bytes);
            ReadOptions options = ReadOptions.DEFAULT
                    .withMaxElementBytes(1 << 20)
                    .withMaxMemoryBytes(2 << 20)
                    .withMaxInflatedBytes(4 << 20)
                    .withMaxElements(10_000);
            DicomFile read = DicomReader.read(file, options);
            DicomJson.toBytes(read.dataset(), BulkDataUri.INLINE);
            FrameIndex index = FrameIndex.of(read);
            index.frame(index.frames());
        } catch (DicomFormatException e) {
            assertThat(e.code()).isNotNull(); // a refusal is fine
        } finally {
            Files.delete(file);
        }
    }

    @Property(tries = 300)
    void shouldSurviveAnyJson(@ForAll("datasets") DicomDataset dataset, @ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] json = DicomJson.toBytes(dataset, BulkDataUri.INLINE);
        for (int i = 0; i < 3; i++) {
            json[random.nextInt(json.length)] =
                    (byte) (random.nextBoolean() ? "\"{}[]:,0n".charAt(random.nextInt(9)) : random.nextInt());
        }
        try {
            DicomJson.readAll(new ByteArrayInputStream(json));
        } catch (DicomFormatException e) {
            assertThat(e.code()).isNotNull();
        }
    }

    private static byte[] write(DicomDataset dataset, TransferSyntax syntax) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DicomWriter.writeDataset(out, dataset, syntax, null);
        return out.toByteArray();
    }

    private static DicomDataset read(byte[] bytes, TransferSyntax syntax) throws IOException {
        return DicomReader.readDataset(new ByteArrayInputStream(bytes), syntax, ReadOptions.DEFAULT);
    }

    @Provide
    Arbitrary<DicomDataset> datasets() {
        return datasets(2);
    }

    private static Arbitrary<DicomDataset> datasets(int depth) {
        Arbitrary<DicomElement> element = depth == 0
                ? plain()
                : Arbitraries.frequencyOf(
                        net.jqwik.api.Tuple.of(6, plain()), net.jqwik.api.Tuple.of(1, sequences(depth - 1)));
        return element.list().ofMaxSize(12).map(elements -> {
            DicomDataset.Builder builder = DicomDataset.builder();
            builder.put(Tag.SpecificCharacterSet, VR.CS, "ISO_IR 192");
            elements.forEach(builder::put);
            return builder.build();
        });
    }

    private static Arbitrary<DicomElement> sequences(int depth) {
        return Combinators.combine(
                        Arbitraries.of(Tag.ReferencedStudySequence, Tag.RequestAttributesSequence, 0x00091010),
                        datasets(depth).list().ofMaxSize(3))
                .as((tag, items) -> new DicomElement(tag, VR.SQ, new DicomValue.Items(items)));
    }

    private static Arbitrary<DicomElement> plain() {
        Arbitrary<DicomElement> text = Combinators.combine(
                        Arbitraries.of(Tag.PatientName, Tag.StudyDescription, Tag.InstitutionName, Tag.PatientComments),
                        Arbitraries.of("", "a", "Zhang^San=张^三", "one\\two\\张", "  padded ", "\\", "𠮷", "\u0001"))
                .as((tag, value) -> {
                    VR vr = tag == Tag.PatientName ? VR.PN : tag == Tag.PatientComments ? VR.LT : VR.LO;
                    return DicomDataset.builder(org.trefoilhub.dicom.encoding.SpecificCharacterSet.ISO_IR_192)
                            .put(tag, vr, value)
                            .build()
                            .element(tag)
                            .orElseThrow();
                });
        Arbitrary<DicomElement> numbers = Combinators.combine(
                        Arbitraries.of(VR.US, VR.SS, VR.UL, VR.SL, VR.FL, VR.FD, VR.AT, VR.SV, VR.UV),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(32))
                .as((vr, bytes) -> {
                    int width = vr == VR.AT ? 4 : vr.wordBytes();
                    byte[] whole = Arrays.copyOf(bytes, bytes.length / width * width);
                    return new DicomElement(0x00110000 | 0x1000 | vr.ordinal(), vr, new DicomValue.Bytes(whole));
                });
        Arbitrary<DicomElement> binary = Combinators.combine(
                        Arbitraries.of(VR.OB, VR.OW, VR.UN, VR.OD, VR.OF, VR.OL, VR.OV),
                        Arbitraries.bytes().array(byte[].class).ofMaxSize(64))
                .as((vr, bytes) -> new DicomElement(
                        0x00131000 | vr.ordinal(),
                        vr,
                        new DicomValue.Bytes(Arrays.copyOf(bytes, bytes.length / 8 * 8))));
        Arbitrary<DicomElement> pixels = Arbitraries.bytes()
                .array(byte[].class)
                .ofMaxSize(20)
                .list()
                .ofMinSize(1)
                .ofMaxSize(4)
                .map(parts -> {
                    List<DicomValue.Fragment> fragments = new ArrayList<>();
                    for (byte[] part : parts) {
                        fragments.add(DicomValue.Fragment.of(Arrays.copyOf(part, part.length / 2 * 2)));
                    }
                    return new DicomElement(Tag.PixelData, VR.OB, new DicomValue.Fragments(fragments));
                });
        return Arbitraries.oneOf(text, numbers, binary, pixels);
    }
}

package org.trefoilhub.dicom.pixel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.trefoilhub.dicom.SharedData;
import org.trefoilhub.dicom.io.DicomFile;
import org.trefoilhub.dicom.io.DicomReader;
import org.trefoilhub.dicom.io.ReadOptions;

/** Decoded samples against those of independent decoders: hashes where the coding is lossless, statistics elsewhere. */
class PixelCorpusTest {

    private static final ReadOptions OPTIONS = ReadOptions.DEFAULT.withTruncatedPixelData(true);

    /** One row of the table of expected samples. */
    private record Row(String path, int frame, boolean rgb, String sha256, boolean exact, double mean, String probes) {
        static Row of(String line) {
            String[] c = line.split("\t", -1);
            return new Row(
                    c[0],
                    Integer.parseInt(c[1]),
                    c[8].equals("rgb"),
                    c[11],
                    c[13].equals("yes"),
                    Double.parseDouble(c[16]),
                    c[17]);
        }
    }

    @Test
    void shouldDecodeTheSamplesOfTheFixtures() throws Exception {
        URL table = Objects.requireNonNull(getClass().getResource("/corpus/dicom/pixel/expected.tsv"));
        Path folder = Path.of(table.toURI()).getParent();
        assertThat(check(folder, folder.resolve("expected.tsv"))).isEmpty();
    }

    @Test
    @EnabledIf("hasSharedData")
    void shouldDecodeTheSamplesOfTheSharedData() throws Exception {
        Path root = SharedData.directory().orElseThrow();
        assertThat(check(root, root.resolve("expected/pixels.tsv")))
                .as("transfer syntaxes of images that are not decoded")
                .containsExactlyInAnyOrder("1.2.840.10008.1.2.4.201", "1.2.840.10008.1.2.4.203");
    }

    static boolean hasSharedData() {
        return SharedData.directory().isPresent();
    }

    /** Compares every row and returns the transfer syntaxes that have no decoder. */
    private static TreeSet<String> check(Path root, Path table) throws Exception {
        Map<String, List<Row>> files = new LinkedHashMap<>();
        for (String line : Files.readAllLines(table)) {
            if (!line.startsWith("path\t")) {
                Row row = Row.of(line);
                files.computeIfAbsent(row.path(), path -> new ArrayList<>()).add(row);
            }
        }
        TreeSet<String> undecoded = new TreeSet<>();
        List<String> wrong = new ArrayList<>();
        for (Map.Entry<String, List<Row>> entry : files.entrySet()) {
            DicomFile file = DicomReader.read(root.resolve(entry.getKey()), OPTIONS);
            if (!PixelCodecs.canDecode(file.transferSyntax())) {
                undecoded.add(file.transferSyntax().uid());
                continue;
            }
            FrameSource source = FrameSource.of(file);
            for (Row row : entry.getValue()) {
                check(row, source.decoded(row.frame()), wrong);
            }
        }
        assertThat(wrong).isEmpty();
        return undecoded;
    }

    private static void check(Row row, DecodedFrame frame, List<String> wrong) throws Exception {
        String name = row.path() + " frame " + row.frame();
        byte[] samples = frame.samples();
        PixelDescription d = frame.description();
        if (row.rgb()) {
            samples = ColourFrame.shown(org.trefoilhub.dicom.data.DicomDataset.EMPTY, samples, d);
        }
        String hash =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(samples));
        if (hash.equals(row.sha256())) {
            return;
        }
        if (row.exact()) {
            wrong.add(name);
            return;
        }
        int tolerance = d.samplesPerPixel() == 1 ? 2 : 8;
        assertThat(mean(samples, d)).as(name).isCloseTo(row.mean(), within(1.0));
        for (String probe : row.probes().split("; *")) {
            if (!probe.isEmpty()) {
                String[] place = probe.substring(0, probe.indexOf('=')).split(",");
                String[] values = probe.substring(probe.indexOf('=') + 1).split("/");
                int first =
                        (Integer.parseInt(place[0]) * d.columns() + Integer.parseInt(place[1])) * d.samplesPerPixel();
                for (int i = 0; i < values.length; i++) {
                    assertThat(sample(samples, first + i, d))
                            .as("%s at %s", name, probe)
                            .isCloseTo(Integer.parseInt(values[i]), within(tolerance));
                }
            }
        }
    }

    private static double mean(byte[] samples, PixelDescription d) {
        long sum = 0;
        int count = samples.length / d.bytesPerSample();
        for (int i = 0; i < count; i++) {
            sum += sample(samples, i, d);
        }
        return (double) sum / count;
    }

    private static int sample(byte[] samples, int index, PixelDescription d) {
        if (d.bytesPerSample() == 1) {
            return samples[index] & 0xff;
        }
        int word = samples[2 * index] & 0xff | (samples[2 * index + 1] & 0xff) << 8;
        return d.signed() ? (short) word : word;
    }

    /** Every file that says it is an image, whatever is wrong with it: decoded, or refused with the one exception. */
    @Test
    @EnabledIf("hasSharedData")
    void shouldRenderOrRefuseEveryFile() throws Exception {
        List<Path> files;
        try (var walk = Files.walk(SharedData.directory().orElseThrow().resolve("dicom"))) {
            files = walk.filter(Files::isRegularFile)
                    .filter(path -> !path.toString().contains("phantom-philips-140"))
                    .sorted()
                    .toList();
        }
        int rendered = 0;
        for (Path path : files) {
            try {
                DicomFile file = DicomReader.read(path, OPTIONS);
                FrameSource source = FrameSource.of(file);
                int number = Math.min(source.frames(), FrameRenderer.representativeFrame(file.dataset()));
                DecodedFrame frame = source.decoded(number);
                byte[] jpeg = FrameRenderer.render(
                        source.datasetForRendering(),
                        frame.samples(),
                        frame.description(),
                        RenderOptions.thumbnail(number, 64, 64));
                assertThat(jpeg).as(path.toString()).startsWith(0xff, 0xd8);
                rendered++;
            } catch (org.trefoilhub.dicom.io.DicomFormatException refused) {
                assertThat(refused.getMessage()).as(path.toString()).isNotBlank();
            } catch (IOException | RuntimeException e) {
                throw new AssertionError(path.toString(), e);
            }
        }
        assertThat(rendered).isGreaterThan(200);
    }
}

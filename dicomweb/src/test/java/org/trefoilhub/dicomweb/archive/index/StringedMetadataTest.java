package org.trefoilhub.dicomweb.archive.index;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trefoilhub.dicomweb.archive.Masking;

class StringedMetadataTest {
    private static final String BASE = "http://localhost:8080/dicom-web";

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 7, 140})
    void shouldStringChunksToOneGzipMember(int count) throws IOException {
        Random random = new Random(count);
        List<StudyReader.MetadataRow> rows = new ArrayList<>();
        StringBuilder expected = new StringBuilder("[");
        for (int i = 0; i < count; i++) {
            String json = "{\"n\":" + i + ",\"中文\":\"" + "x".repeat(random.nextInt(20_000)) + random.nextLong() + "\"}";
            expected.append(i == 0 ? "" : ",").append(json);
            rows.add(new StudyReader.MetadataRow(MetadataChunk.of(json.getBytes(StandardCharsets.UTF_8)), BASE, i));
        }
        expected.append(']');
        StringedMetadata document = StringedMetadata.of("tag", rows, BASE, Masking.NONE);

        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        document.writeGzip(gzip);
        assertThat(document.gzipLengthBytes()).isEqualTo(gzip.size());
        ByteArrayInputStream in = new ByteArrayInputStream(gzip.toByteArray());
        String text = new String(new GZIPInputStream(in).readAllBytes(), StandardCharsets.UTF_8); // checks the CRC
        assertThat(text).isEqualTo(expected.toString());
        assertThat(in.available()).isZero();

        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        document.writePlain(plain);
        assertThat(plain.toString(StandardCharsets.UTF_8)).isEqualTo(expected.toString());
    }

    @Test
    void shouldFollowANewPublicUrl() throws IOException {
        String json =
                "{\"00420011\":{\"vr\":\"OB\",\"BulkDataURI\":\"http://old/dicom-web/studies/1/bulkdata/00420011\"},"
                        + "\"00081030\":{\"vr\":\"LO\",\"Value\":[\"http://old/dicom-web/\"]}}";
        MetadataChunk chunk = MetadataChunk.of(json.getBytes(StandardCharsets.UTF_8));
        ByteArrayOutputStream plain = new ByteArrayOutputStream();
        StringedMetadata.of(
                        "tag",
                        List.of(new StudyReader.MetadataRow(chunk, "http://old/dicom-web", 1)),
                        BASE,
                        Masking.NONE)
                .writePlain(plain);
        assertThat(plain.toString(StandardCharsets.UTF_8))
                .contains("\"BulkDataURI\":\"" + BASE + "/studies/1/bulkdata/00420011\"")
                .contains("\"Value\":[\"http://old/dicom-web/\"]");
    }
}

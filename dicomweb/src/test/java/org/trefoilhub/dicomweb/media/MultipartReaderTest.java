package org.trefoilhub.dicomweb.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trefoilhub.dicomweb.error.MultipartException;

class MultipartReaderTest {

    @Test
    void shouldGiveBackBinaryPartsByteForByte() throws IOException {
        Random random = new Random(42);
        List<byte[]> parts = new ArrayList<>();
        for (int size : new int[] {0, 1, 65_535, 65_536, 200_000}) {
            byte[] part = new byte[size];
            random.nextBytes(part);
            parts.add(part);
        }
        // what looks like the delimiter but is not
        parts.add("\r\n--boundar\r\n-\r\r\n--bound".getBytes(StandardCharsets.US_ASCII));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.write("preamble".getBytes(StandardCharsets.US_ASCII));
        for (byte[] part : parts) {
            body.write("\r\n--boundary\r\nContent-Type: application/dicom\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            body.write(part);
        }
        body.write("\r\n--boundary--\r\nepilogue".getBytes(StandardCharsets.US_ASCII));
        MultipartReader reader = new MultipartReader(new Trickle(body.toByteArray(), random), "boundary");
        for (byte[] part : parts) {
            assertThat(reader.nextPart()).isTrue();
            assertThat(reader.headers()).containsEntry("content-type", "application/dicom");
            assertThat(reader.body().readAllBytes()).isEqualTo(part);
        }
        assertThat(reader.nextPart()).isFalse();
    }

    @Test
    void shouldSkipWhatWasNotRead() throws IOException {
        MultipartReader reader = reader("--b\r\n\r\nfirst\r\n--b\r\n\r\nsecond\r\n--b--");
        assertThat(reader.nextPart()).isTrue();
        assertThat(reader.body().read()).isEqualTo('f');
        assertThat(reader.nextPart()).isTrue();
        assertThat(reader.body().readAllBytes())
                .asString(StandardCharsets.US_ASCII)
                .isEqualTo("second");
        assertThat(reader.nextPart()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "no delimiter at all",
                "--b\r\n\r\nbreaks off",
                "--b\r\n\r\nbreaks off\r\n--",
                "--b\r\nheader without end",
                "--b\r\nno colon\r\n\r\nx\r\n--b--",
                "--b\r\n folded: x\r\n\r\nx\r\n--b--",
                "--b\nX: y\n\nx\n--b--",
                "--bx\r\n\r\nx\r\n--b--",
            })
    void shouldRefuseWhatIsMalformed(String body) {
        assertThatThrownBy(() -> {
                    MultipartReader reader = reader(body);
                    while (reader.nextPart()) {
                        reader.body().readAllBytes();
                    }
                })
                .isInstanceOf(MultipartException.class);
    }

    @Test
    void shouldLimitHeadersAndPreamble() {
        assertThatThrownBy(() -> reader("--b\r\nX: " + "y".repeat(20_000) + "\r\n\r\nx\r\n--b--")
                        .nextPart())
                .isInstanceOf(MultipartException.class);
        assertThatThrownBy(() -> reader("x".repeat(100_000) + "\r\n--b\r\n\r\nx\r\n--b--")
                        .nextPart())
                .isInstanceOf(MultipartException.class);
    }

    private static MultipartReader reader(String body) throws IOException {
        return new MultipartReader(new ByteArrayInputStream(body.getBytes(StandardCharsets.US_ASCII)), "b");
    }

    /** Gives few bytes at a time, as a network does. */
    private static final class Trickle extends InputStream {
        private final ByteArrayInputStream in;
        private final Random random;

        Trickle(byte[] bytes, Random random) {
            this.in = new ByteArrayInputStream(bytes);
            this.random = random;
        }

        @Override
        public int read() {
            return in.read();
        }

        @Override
        public int read(byte[] bytes, int offset, int count) {
            return in.read(bytes, offset, Math.min(count, 1 + random.nextInt(3000)));
        }
    }
}

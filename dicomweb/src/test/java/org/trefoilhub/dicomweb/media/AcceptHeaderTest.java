package org.trefoilhub.dicomweb.media;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trefoilhub.dicomweb.error.ArchiveException;

class AcceptHeaderTest {

    @Test
    void shouldReadQuotedAndUnquotedParameters() {
        for (String header : new String[] {
            "multipart/related; type=application/octet-stream; transfer-syntax=*",
            "multipart/related; type=\"application/octet-stream\"; transfer-syntax=*",
            "Multipart/Related;type=\"application/octet-stream\";transfer-syntax=\"*\"",
        }) {
            MediaRange range = AcceptHeader.of(header).ranges().get(0);
            assertThat(range.type()).isEqualTo("multipart/related");
            assertThat(range.parameter("type")).isEqualTo("application/octet-stream");
            assertThat(range.parameter("transfer-syntax")).isEqualTo("*");
        }
    }

    @Test
    void shouldOrderByQualityAndKeepTheOrderAmongEquals() {
        AcceptHeader accept = AcceptHeader.of("image/png;q=0.5, image/jls, image/jp2, image/gif;q=0");
        assertThat(accept.ranges()).extracting(MediaRange::type).containsExactly("image/jls", "image/jp2", "image/png");
        assertThat(accept.best("image/png", "image/jp2")).contains("image/jp2");
        assertThat(accept.best("image/gif")).isEmpty();
    }

    @Test
    void shouldTakeNoHeaderForAnything() {
        assertThat(AcceptHeader.of("").best("application/dicom")).contains("application/dicom");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a/", "/b", "a/b;q=2", "a/b;q=x", "a/b;x=\"y", "a/b c/d", "a/b;=c", "a/b;x=1;x=2"})
    void shouldRefuseWhatIsMalformed(String header) {
        assertThatThrownBy(() -> AcceptHeader.of(header)).isInstanceOf(ArchiveException.class);
    }
}

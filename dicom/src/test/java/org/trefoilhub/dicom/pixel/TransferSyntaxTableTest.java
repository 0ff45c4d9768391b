package org.trefoilhub.dicom.pixel;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.trefoilhub.dicom.encoding.TransferSyntax;

/**
 * Keeps {@code docs/conformance-transfer-syntaxes.md} what the code says; {@code -Dgolden.update} writes it anew.
 */
class TransferSyntaxTableTest {

    private static final String HEAD =
            """
            # Transfer syntaxes

            Every registered transfer syntax, and any private one, is stored, indexed and served as it is. The table tells whose
            pixels can also be decoded, which rendered images and thumbnails need. It is written by `TransferSyntaxTableTest` from
            the code (`mvn -pl dicom test -Dtest=TransferSyntaxTableTest -Dgolden.update`); do not edit it by hand.

            Decoded samples of the lossless syntaxes are compared with independent decoders bit by bit, those of the lossy ones
            within tolerances (`PixelCorpusTest`). JPEG 2000 with the irreversible colour transform yields samples up to 1 above
            those of OpenJPEG.

            """;

    @Test
    void shouldDocumentWhatTheCodeDecodes() throws Exception {
        Path document = root().resolve("docs/conformance-transfer-syntaxes.md");
        String text = HEAD + PixelCodecs.supportTable();
        if (System.getProperty("golden.update") != null) {
            Files.writeString(document, text);
        }
        assertThat(document).hasContent(text);
    }

    @Test
    void shouldDecodeTheSyntaxesThatViewersMeetMost() {
        assertThat(TransferSyntax.all().stream().filter(PixelCodecs::canDecode).map(TransferSyntax::uid))
                .contains(
                        "1.2.840.10008.1.2",
                        "1.2.840.10008.1.2.1",
                        "1.2.840.10008.1.2.1.99",
                        "1.2.840.10008.1.2.2",
                        "1.2.840.10008.1.2.4.50",
                        "1.2.840.10008.1.2.4.51",
                        "1.2.840.10008.1.2.4.57",
                        "1.2.840.10008.1.2.4.70",
                        "1.2.840.10008.1.2.4.90",
                        "1.2.840.10008.1.2.4.91",
                        "1.2.840.10008.1.2.5");
    }

    private static Path root() {
        Path at = Path.of("").toAbsolutePath();
        while (!Files.exists(at.resolve("mvnw"))) {
            at = java.util.Objects.requireNonNull(at.getParent(), "no root of the project above the working folder");
        }
        return at;
    }
}

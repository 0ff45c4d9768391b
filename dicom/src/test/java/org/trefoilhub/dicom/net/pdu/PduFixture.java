package org.trefoilhub.dicom.net.pdu;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** The annotated bytes of {@code corpus/dimse}. */
public final class PduFixture {

    /** Every fixture there is. */
    public static final List<String> NAMES = List.of(
            "a-associate-rq",
            "a-associate-rq-all-items",
            "a-associate-ac",
            "a-associate-rj",
            "p-data-tf-echo-rq",
            "p-data-tf-two-values",
            "a-release-rq",
            "a-release-rp",
            "a-abort");

    private PduFixture() {}

    /** The whole PDU. */
    public static byte[] bytes(String name) {
        String hex = text(name + ".hex")
                .lines()
                .map(line -> line.replaceAll("#.*", "").replace(" ", ""))
                .collect(Collectors.joining());
        return HexFormat.of().parseHex(hex);
    }

    /** A file of the corpus. */
    public static String text(String file) {
        try (InputStream in = PduFixture.class.getResourceAsStream("/corpus/dimse/" + file)) {
            return new String(Objects.requireNonNull(in, file).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Pdu decode(byte[] pdu) throws PduFormatException {
        return PduDecoder.decode(
                pdu[0] & 0xFF, ByteBuffer.wrap(pdu, PduDecoder.HEADER_BYTES, pdu.length - PduDecoder.HEADER_BYTES));
    }
}

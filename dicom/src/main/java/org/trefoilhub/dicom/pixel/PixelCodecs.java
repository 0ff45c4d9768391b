package org.trefoilhub.dicom.pixel;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.encoding.TransferSyntax;
import org.trefoilhub.dicom.pixel.codec.DeflatedFrameDecoder;
import org.trefoilhub.dicom.pixel.codec.Jpeg2000Decoder;
import org.trefoilhub.dicom.pixel.codec.JpegDecoder;
import org.trefoilhub.dicom.pixel.codec.JpegLsDecoder;
import org.trefoilhub.dicom.pixel.codec.NativeDecoder;
import org.trefoilhub.dicom.pixel.codec.RleDecoder;

/**
 * Which transfer syntaxes can be decoded here, and by whom.
 *
 * <p>An object in any other syntax is stored and served as it is; only what needs its samples (rendering) is not
 * offered for it. Thread-safe. The table of all registered syntaxes is {@link #supportTable()}.
 */
public final class PixelCodecs {

    private static final String OWN = "this library";

    private record Entry(PixelCodec.Decoder decoder, String by, String limits) {}

    private static final Map<String, Entry> DECODERS = decoders();

    private PixelCodecs() {}

    /** The decoder of a transfer syntax, or empty if its pixels cannot be decoded here. */
    public static Optional<PixelCodec.Decoder> decoder(TransferSyntax transferSyntax) {
        return Optional.ofNullable(DECODERS.get(transferSyntax.uid())).map(Entry::decoder);
    }

    /** Whether frames of a transfer syntax can be decoded here. */
    public static boolean canDecode(TransferSyntax transferSyntax) {
        return DECODERS.containsKey(transferSyntax.uid());
    }

    /**
     * A Markdown table of every registered transfer syntax: UID, name, whether frames are decoded, by whom and within
     * which limits.
     */
    public static String supportTable() {
        List<String> lines = new ArrayList<>();
        lines.add("| UID | Transfer syntax | Decoded | By | Limits |");
        lines.add("|---|---|---|---|---|");
        for (TransferSyntax syntax : TransferSyntax.all()) {
            Entry entry = DECODERS.get(syntax.uid());
            lines.add("| " + syntax.uid() + " | " + syntax.name() + " | "
                    + (entry == null ? "no" : "yes") + " | "
                    + (entry == null ? "" : entry.by()) + " | "
                    + (entry == null ? "stored and served as it is" : entry.limits()) + " |");
        }
        return String.join("\n", lines) + "\n";
    }

    private static Map<String, Entry> decoders() {
        Map<String, Entry> entries = new TreeMap<>();
        String nativeLimits = "1, 8, 16, 24, 32 and 64 bits, float and double";
        PixelCodec.Decoder littleEndian = new NativeDecoder(false);
        put(entries, TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN, littleEndian, OWN, nativeLimits);
        put(entries, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, littleEndian, OWN, nativeLimits);
        put(entries, TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN, littleEndian, OWN, nativeLimits);
        put(
                entries,
                TransferSyntax.ENCAPSULATED_UNCOMPRESSED_EXPLICIT_VR_LITTLE_ENDIAN,
                littleEndian,
                OWN,
                nativeLimits);
        put(entries, TransferSyntax.EXPLICIT_VR_BIG_ENDIAN, new NativeDecoder(true), OWN, nativeLimits);
        put(entries, TransferSyntax.RLE_LOSSLESS, new RleDecoder(), OWN, "1, 8, 16 and 32 bits, grey and colour");
        put(entries, TransferSyntax.DEFLATED_IMAGE_FRAME, new DeflatedFrameDecoder(), OWN, nativeLimits);
        PixelCodec.Decoder jpeg = JpegDecoder.find().orElse(null);
        String jdk = "the JPEG reader of the JDK";
        put(entries, TransferSyntax.JPEG_BASELINE_8_BIT, jpeg, jdk, "8 bits, grey and colour");
        put(
                entries,
                TransferSyntax.JPEG_EXTENDED_12_BIT,
                jpeg,
                jdk + " (8 bits), " + OWN + " (12 bits)",
                "8 bits grey and colour, 12 bits with components sampled alike");
        String lossless = "2 to 16 bits, grey and colour, components sampled alike";
        put(entries, TransferSyntax.JPEG_LOSSLESS, jpeg, OWN, lossless);
        put(entries, TransferSyntax.JPEG_LOSSLESS_SV1, jpeg, OWN, lossless);
        String jpegLs = "2 to 16 bits, grey and colour, every interleave mode; no mapping tables";
        put(entries, TransferSyntax.JPEG_LS_LOSSLESS, new JpegLsDecoder(), OWN, jpegLs);
        put(entries, TransferSyntax.JPEG_LS_NEAR_LOSSLESS, new JpegLsDecoder(), OWN, jpegLs);
        PixelCodec.Decoder jpeg2000 = Jpeg2000Decoder.find().orElse(null);
        String jai = "JAI Image I/O jpeg2000";
        String jpeg2000Limits = "up to 16 bits, signed and unsigned, grey and colour, components alike";
        put(entries, TransferSyntax.JPEG_2000_LOSSLESS, jpeg2000, jai, jpeg2000Limits);
        put(entries, TransferSyntax.JPEG_2000, jpeg2000, jai, jpeg2000Limits);
        return Map.copyOf(entries);
    }

    private static void put(
            Map<String, Entry> entries,
            TransferSyntax syntax,
            PixelCodec.@Nullable Decoder decoder,
            String by,
            String limits) {
        if (decoder != null) {
            entries.put(syntax.uid(), new Entry(decoder, by, limits));
        }
    }
}

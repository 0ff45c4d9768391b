package org.trefoilhub.dicom.encoding;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A transfer syntax: how a data set is written (PS3.5 section 10 and annex A).
 *
 * @param uid as in PS3.6 annex A
 * @param name as in PS3.6 annex A
 * @param explicitVr whether value representations are written
 * @param bigEndian whether numbers are written most significant byte first
 * @param deflated whether the data set is compressed as a whole
 * @param encapsulated whether pixel data is a sequence of fragments
 */
public record TransferSyntax(
        String uid, String name, boolean explicitVr, boolean bigEndian, boolean deflated, boolean encapsulated) {

    private static final Map<String, TransferSyntax> REGISTRY = new LinkedHashMap<>();

    public static final TransferSyntax IMPLICIT_VR_LITTLE_ENDIAN =
            register("1.2.840.10008.1.2", "Implicit VR Little Endian", false, false, false);
    public static final TransferSyntax EXPLICIT_VR_LITTLE_ENDIAN =
            register("1.2.840.10008.1.2.1", "Explicit VR Little Endian", true, false, false);
    public static final TransferSyntax ENCAPSULATED_UNCOMPRESSED_EXPLICIT_VR_LITTLE_ENDIAN =
            encapsulated("1.2.840.10008.1.2.1.98", "Encapsulated Uncompressed Explicit VR Little Endian");
    public static final TransferSyntax DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN =
            register("1.2.840.10008.1.2.1.99", "Deflated Explicit VR Little Endian", true, false, true);
    public static final TransferSyntax EXPLICIT_VR_BIG_ENDIAN =
            register("1.2.840.10008.1.2.2", "Explicit VR Big Endian", true, true, false);
    public static final TransferSyntax JPEG_BASELINE_8_BIT =
            encapsulated("1.2.840.10008.1.2.4.50", "JPEG Baseline (Process 1)");
    public static final TransferSyntax JPEG_EXTENDED_12_BIT =
            encapsulated("1.2.840.10008.1.2.4.51", "JPEG Extended (Process 2 and 4)");
    public static final TransferSyntax JPEG_LOSSLESS =
            encapsulated("1.2.840.10008.1.2.4.57", "JPEG Lossless, Non-Hierarchical (Process 14)");
    public static final TransferSyntax JPEG_LOSSLESS_SV1 = encapsulated(
            "1.2.840.10008.1.2.4.70",
            "JPEG Lossless, Non-Hierarchical, First-Order Prediction (Process 14 [Selection Value 1])");
    public static final TransferSyntax JPEG_LS_LOSSLESS =
            encapsulated("1.2.840.10008.1.2.4.80", "JPEG-LS Lossless Image Compression");
    public static final TransferSyntax JPEG_LS_NEAR_LOSSLESS =
            encapsulated("1.2.840.10008.1.2.4.81", "JPEG-LS Lossy (Near-Lossless) Image Compression");
    public static final TransferSyntax JPEG_2000_LOSSLESS =
            encapsulated("1.2.840.10008.1.2.4.90", "JPEG 2000 Image Compression (Lossless Only)");
    public static final TransferSyntax JPEG_2000 =
            encapsulated("1.2.840.10008.1.2.4.91", "JPEG 2000 Image Compression");
    public static final TransferSyntax JPEG_2000_MC_LOSSLESS = encapsulated(
            "1.2.840.10008.1.2.4.92", "JPEG 2000 Part 2 Multi-component Image Compression (Lossless Only)");
    public static final TransferSyntax JPEG_2000_MC =
            encapsulated("1.2.840.10008.1.2.4.93", "JPEG 2000 Part 2 Multi-component Image Compression");
    public static final TransferSyntax JPIP_REFERENCED =
            register("1.2.840.10008.1.2.4.94", "JPIP Referenced", true, false, false);
    public static final TransferSyntax JPIP_REFERENCED_DEFLATE =
            register("1.2.840.10008.1.2.4.95", "JPIP Referenced Deflate", true, false, true);
    public static final TransferSyntax MPEG2_MPML =
            encapsulated("1.2.840.10008.1.2.4.100", "MPEG2 Main Profile / Main Level");
    public static final TransferSyntax MPEG2_MPML_F =
            encapsulated("1.2.840.10008.1.2.4.100.1", "Fragmentable MPEG2 Main Profile / Main Level");
    public static final TransferSyntax MPEG2_MPHL =
            encapsulated("1.2.840.10008.1.2.4.101", "MPEG2 Main Profile / High Level");
    public static final TransferSyntax MPEG2_MPHL_F =
            encapsulated("1.2.840.10008.1.2.4.101.1", "Fragmentable MPEG2 Main Profile / High Level");
    public static final TransferSyntax MPEG4_HP41 =
            encapsulated("1.2.840.10008.1.2.4.102", "MPEG-4 AVC/H.264 High Profile / Level 4.1");
    public static final TransferSyntax MPEG4_HP41_F =
            encapsulated("1.2.840.10008.1.2.4.102.1", "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.1");
    public static final TransferSyntax MPEG4_HP41_BD =
            encapsulated("1.2.840.10008.1.2.4.103", "MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1");
    public static final TransferSyntax MPEG4_HP41_BD_F = encapsulated(
            "1.2.840.10008.1.2.4.103.1", "Fragmentable MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1");
    public static final TransferSyntax MPEG4_HP42_2D =
            encapsulated("1.2.840.10008.1.2.4.104", "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video");
    public static final TransferSyntax MPEG4_HP42_2D_F = encapsulated(
            "1.2.840.10008.1.2.4.104.1", "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 2D Video");
    public static final TransferSyntax MPEG4_HP42_3D =
            encapsulated("1.2.840.10008.1.2.4.105", "MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video");
    public static final TransferSyntax MPEG4_HP42_3D_F = encapsulated(
            "1.2.840.10008.1.2.4.105.1", "Fragmentable MPEG-4 AVC/H.264 High Profile / Level 4.2 For 3D Video");
    public static final TransferSyntax MPEG4_HP42_STEREO =
            encapsulated("1.2.840.10008.1.2.4.106", "MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2");
    public static final TransferSyntax MPEG4_HP42_STEREO_F =
            encapsulated("1.2.840.10008.1.2.4.106.1", "Fragmentable MPEG-4 AVC/H.264 Stereo High Profile / Level 4.2");
    public static final TransferSyntax HEVC_MP51 =
            encapsulated("1.2.840.10008.1.2.4.107", "HEVC/H.265 Main Profile / Level 5.1");
    public static final TransferSyntax HEVC_M10P51 =
            encapsulated("1.2.840.10008.1.2.4.108", "HEVC/H.265 Main 10 Profile / Level 5.1");
    public static final TransferSyntax JPEG_XL_LOSSLESS = encapsulated("1.2.840.10008.1.2.4.110", "JPEG XL Lossless");
    public static final TransferSyntax JPEG_XL_JPEG_RECOMPRESSION =
            encapsulated("1.2.840.10008.1.2.4.111", "JPEG XL JPEG Recompression");
    public static final TransferSyntax JPEG_XL = encapsulated("1.2.840.10008.1.2.4.112", "JPEG XL");
    public static final TransferSyntax HTJ2K_LOSSLESS =
            encapsulated("1.2.840.10008.1.2.4.201", "High-Throughput JPEG 2000 Image Compression (Lossless Only)");
    public static final TransferSyntax HTJ2K_LOSSLESS_RPCL = encapsulated(
            "1.2.840.10008.1.2.4.202", "High-Throughput JPEG 2000 with RPCL Options Image Compression (Lossless Only)");
    public static final TransferSyntax HTJ2K =
            encapsulated("1.2.840.10008.1.2.4.203", "High-Throughput JPEG 2000 Image Compression");
    public static final TransferSyntax JPIP_HTJ2K_REFERENCED =
            register("1.2.840.10008.1.2.4.204", "JPIP HTJ2K Referenced", true, false, false);
    public static final TransferSyntax JPIP_HTJ2K_REFERENCED_DEFLATE =
            register("1.2.840.10008.1.2.4.205", "JPIP HTJ2K Referenced Deflate", true, false, true);
    public static final TransferSyntax RLE_LOSSLESS = encapsulated("1.2.840.10008.1.2.5", "RLE Lossless");
    public static final TransferSyntax DEFLATED_IMAGE_FRAME =
            encapsulated("1.2.840.10008.1.2.8.1", "Deflated Image Frame Compression");

    static {
        // Retired JPEG processes: still found in old archives, stored and served as they are.
        String[][] retired = {
            {"52", "JPEG Extended (Process 3 and 5)"},
            {"53", "JPEG Spectral Selection, Non-Hierarchical (Process 6 and 8)"},
            {"54", "JPEG Spectral Selection, Non-Hierarchical (Process 7 and 9)"},
            {"55", "JPEG Full Progression, Non-Hierarchical (Process 10 and 12)"},
            {"56", "JPEG Full Progression, Non-Hierarchical (Process 11 and 13)"},
            {"58", "JPEG Lossless, Non-Hierarchical (Process 15)"},
            {"59", "JPEG Extended, Hierarchical (Process 16 and 18)"},
            {"60", "JPEG Extended, Hierarchical (Process 17 and 19)"},
            {"61", "JPEG Spectral Selection, Hierarchical (Process 20 and 22)"},
            {"62", "JPEG Spectral Selection, Hierarchical (Process 21 and 23)"},
            {"63", "JPEG Full Progression, Hierarchical (Process 24 and 26)"},
            {"64", "JPEG Full Progression, Hierarchical (Process 25 and 27)"},
            {"65", "JPEG Lossless, Hierarchical (Process 28)"},
            {"66", "JPEG Lossless, Hierarchical (Process 29)"},
        };
        for (String[] row : retired) {
            encapsulated("1.2.840.10008.1.2.4." + row[0], row[1]);
        }
    }

    private static TransferSyntax encapsulated(String uid, String name) {
        TransferSyntax syntax = new TransferSyntax(uid, name, true, false, false, true);
        REGISTRY.put(uid, syntax);
        return syntax;
    }

    private static TransferSyntax register(
            String uid, String name, boolean explicitVr, boolean bigEndian, boolean deflated) {
        TransferSyntax syntax = new TransferSyntax(uid, name, explicitVr, bigEndian, deflated, false);
        REGISTRY.put(uid, syntax);
        return syntax;
    }

    /** The registered syntax of a UID, or empty if the UID is unknown. */
    public static Optional<TransferSyntax> of(String uid) {
        return Optional.ofNullable(REGISTRY.get(uid));
    }

    /**
     * The syntax of a UID, registered or not. An unknown one is taken as explicit VR little endian with encapsulated
     * pixel data, as every syntax added to the standard since 1996 is, so that its data sets can be read and stored.
     */
    public static TransferSyntax ofUnknown(String uid) {
        TransferSyntax known = REGISTRY.get(uid);
        return known != null ? known : new TransferSyntax(uid, "unknown", true, false, false, true);
    }

    /** Every registered syntax, native ones first. */
    public static Collection<TransferSyntax> all() {
        return Collections.unmodifiableCollection(REGISTRY.values());
    }

    /** Whether pixel data carries video, whose frames have no boundaries that an index could tell. */
    public boolean isVideo() {
        return uid.startsWith("1.2.840.10008.1.2.4.10") && uid.length() >= 23;
    }
}

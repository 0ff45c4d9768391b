package org.trefoilhub.dicomweb.archive;

import java.util.HashMap;
import java.util.Map;

/** Media type of a compressed frame by transfer syntax, DICOM PS3.18 tables 8.7.3-2 to 8.7.3-6. */
final class FrameMediaTypes {
    private static final Map<String, String> TYPES = new HashMap<>();

    private static void type(String mediaType, String... suffixes) {
        for (String suffix : suffixes) {
            TYPES.put("1.2.840.10008.1.2." + suffix, mediaType);
        }
    }

    static {
        type("image/jpeg", "4.50", "4.51", "4.57", "4.70");
        type("image/jls", "4.80", "4.81");
        type("image/jp2", "4.90", "4.91");
        type("image/jpx", "4.92", "4.93");
        type("image/jphc", "4.201", "4.202", "4.203");
        type("image/jxl", "4.110", "4.111", "4.112");
        type("image/dicom-rle", "5");
        type("video/mpeg", "4.100", "4.100.1", "4.101", "4.101.1");
        type(
                "video/mp4",
                "4.102",
                "4.102.1",
                "4.103",
                "4.103.1",
                "4.104",
                "4.104.1",
                "4.105",
                "4.105.1",
                "4.106",
                "4.106.1",
                "4.107",
                "4.108");
    }

    private FrameMediaTypes() {}

    static String of(String transferSyntaxUid) {
        return TYPES.getOrDefault(transferSyntaxUid, "application/octet-stream");
    }
}

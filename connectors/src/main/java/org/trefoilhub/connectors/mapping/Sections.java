package org.trefoilhub.connectors.mapping;

import java.util.Map;
import java.util.Optional;

/**
 * Diagnostic service sections (OBR-24, HL7 table 0074, and modalities that vendors write there) as kinds of exams, and the
 * departments that do them.
 */
final class Sections {

    private static final Map<String, String> KINDS = Map.ofEntries(
            Map.entry("RAD", "RAD"),
            Map.entry("RX", "RAD"),
            Map.entry("CT", "RAD"),
            Map.entry("MR", "RAD"),
            Map.entry("MRI", "RAD"),
            Map.entry("CR", "RAD"),
            Map.entry("DX", "RAD"),
            Map.entry("DR", "RAD"),
            Map.entry("MG", "RAD"),
            Map.entry("XA", "RAD"),
            Map.entry("RF", "RAD"),
            Map.entry("NMR", "RAD"),
            Map.entry("US", "US"),
            Map.entry("RUS", "US"),
            Map.entry("CUS", "US"),
            Map.entry("VUS", "US"),
            Map.entry("OUS", "US"),
            Map.entry("ES", "ENDO-GI"),
            Map.entry("EN", "ENDO-GI"),
            Map.entry("ENDO-GI", "ENDO-GI"),
            Map.entry("ENDO-RESP", "ENDO-RESP"),
            Map.entry("ENDO-ENT", "ENDO-ENT"),
            Map.entry("PATH", "PATH"),
            Map.entry("SP", "PATH"),
            Map.entry("CP", "PATH"),
            Map.entry("EC", "ECG"),
            Map.entry("ECG", "ECG"),
            Map.entry("NM", "NM"),
            Map.entry("NMS", "NM"),
            Map.entry("PT", "NM"),
            Map.entry("OP", "OPH"),
            Map.entry("OPH", "OPH"),
            Map.entry("PX", "DENT"),
            Map.entry("DENT", "DENT"),
            Map.entry("LAB", "LAB"),
            Map.entry("CH", "LAB"),
            Map.entry("HM", "LAB"),
            Map.entry("MB", "LAB"),
            Map.entry("IMM", "LAB"),
            Map.entry("SR", "LAB"),
            Map.entry("TX", "LAB"),
            Map.entry("UR", "LAB"),
            Map.entry("BLB", "LAB"),
            Map.entry("OTHER", "OTHER"));

    /** What a source does when nothing else says it. */
    private static final Map<String, String> OF_SOURCES = Map.of(
            "RIS", "RAD",
            "UIS", "US",
            "EIS", "ENDO-GI",
            "PIS", "PATH",
            "ECG", "ECG",
            "LIS", "LAB");

    private static final Map<String, String> DEPARTMENTS = Map.of(
            "RAD", "radiology",
            "US", "ultrasound",
            "ENDO-GI", "endoscopy",
            "ENDO-RESP", "endoscopy",
            "ENDO-ENT", "endoscopy",
            "PATH", "pathology",
            "ECG", "ecg",
            "NM", "nuclear-medicine",
            "OPH", "ophthalmology",
            "DENT", "dental");

    private Sections() {}

    /** The kind of an exam: of its section, else of its item, else of its source. */
    static Optional<String> kind(String section, String item, MappingContext context) {
        return Optional.ofNullable(KINDS.get(section))
                .or(() -> context.dictionary().examKind(item))
                .or(() -> Optional.ofNullable(OF_SOURCES.get(context.source().code())));
    }

    /** The department code of a kind. */
    static Optional<String> department(String kind) {
        return Optional.ofNullable(DEPARTMENTS.get(kind));
    }
}

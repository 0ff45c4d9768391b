package org.trefoilhub.connectors.mapping;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.hl7.fhir.r4.model.Attachment;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Observation.ObservationStatus;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Quantity.QuantityComparator;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.trefoilhub.connectors.hl7v2.Hl7Time;
import org.trefoilhub.connectors.hl7v2.Segment;
import org.trefoilhub.connectors.source.IngestErrorCode;
import org.trefoilhub.connectors.source.IngestException;

/** The OBX segments of one report. Texts of the same code that come one after the other are lines of one text. */
final class Results {

    private static final Set<String> FINDINGS = Set.of("18782-3", "59776-5", "FINDINGS", "GDT");
    private static final Set<String> IMPRESSION = Set.of("19005-8", "55110-1", "IMPRESSION", "IMP");
    private static final Set<String> TEXTS = Set.of("TX", "FT", "ST", "");
    private static final Pattern NUMBER = Pattern.compile("[+-]?\\d{1,18}(\\.\\d{1,18})?");
    private static final Pattern RANGE =
            Pattern.compile("([+-]?\\d+(?:\\.\\d+)?)\\s*(?:-|--|~|～|—)\\s*([+-]?\\d+(?:\\.\\d+)?)");
    private static final Pattern BOUND = Pattern.compile("([<>≤≥]=?)\\s*([+-]?\\d+(?:\\.\\d+)?)");
    private static final Map<String, String> FLAGS = Map.ofEntries(
            Map.entry("L", "L"),
            Map.entry("H", "H"),
            Map.entry("LL", "LL"),
            Map.entry("HH", "HH"),
            Map.entry("<", "<"),
            Map.entry(">", ">"),
            Map.entry("N", "N"),
            Map.entry("A", "A"),
            Map.entry("AA", "AA"),
            Map.entry("U", "U"),
            Map.entry("D", "D"),
            Map.entry("S", "S"),
            Map.entry("R", "R"),
            Map.entry("I", "I"),
            Map.entry("POS", "POS"),
            Map.entry("NEG", "NEG"),
            Map.entry("↑", "H"),
            Map.entry("↓", "L"),
            Map.entry("↑↑", "HH"),
            Map.entry("↓↓", "LL"),
            Map.entry("阳性", "POS"),
            Map.entry("阴性", "NEG"));

    private final ChangeBuilder change;
    private final MappingContext context;
    private final Names names;
    private final String report;
    private final String category;
    private final Set<String> used = new HashSet<>();

    Results(ChangeBuilder change, MappingContext context, String report, String category) {
        this.change = change;
        this.context = context;
        this.names = context.names();
        this.report = report;
        this.category = category;
    }

    void map(List<Segment> segments, DiagnosticReport target, ResultMapper.Frame frame) {
        Map<String, List<Segment>> texts = new LinkedHashMap<>();
        List<List<Segment>> groups = new ArrayList<>();
        for (Segment obx : segments) {
            if (TEXTS.contains(obx.value(2))) {
                String key = obx.raw(3) + "/" + obx.raw(4);
                List<Segment> known = texts.get(key);
                if (known == null) {
                    List<Segment> fresh = new ArrayList<>(List.of(obx));
                    texts.put(key, fresh);
                    groups.add(fresh);
                } else {
                    known.add(obx);
                }
            } else {
                groups.add(List.of(obx));
            }
        }
        for (List<Segment> group : groups) {
            result(group, target, frame);
        }
    }

    private void result(List<Segment> lines, DiagnosticReport target, ResultMapper.Frame frame) {
        Segment obx = lines.get(0);
        switch (obx.value(2)) {
            case "ED" -> target.addPresentedForm(document(obx));
            case "RP" -> target.addPresentedForm(pointer(obx));
            default -> {
                String text = String.join(
                                "\n", lines.stream().map(line -> line.text(5)).toList())
                        .strip();
                if (TEXTS.contains(obx.value(2)) && isImpression(obx)) {
                    target.setConclusion(
                            target.hasConclusion() ? target.getConclusion() + "\n" + text : People.orNull(text));
                } else {
                    observation(obx, text, target, frame);
                }
            }
        }
    }

    private static boolean isImpression(Segment obx) {
        String name = obx.value(3, 2);
        return IMPRESSION.contains(obx.value(3).toUpperCase(Locale.ROOT))
                || name.contains("诊断意见")
                || name.contains("结论")
                || name.contains("印象")
                || name.contains("主观提示");
    }

    private static boolean isFindings(Segment obx) {
        String name = obx.value(3, 2);
        return FINDINGS.contains(obx.value(3).toUpperCase(Locale.ROOT)) || name.contains("所见") || name.contains("影像表现");
    }

    private void observation(Segment obx, String text, DiagnosticReport target, ResultMapper.Frame frame) {
        Observation observation = new Observation();
        String system = names.ofSource("observation", context.source().code());
        String value = key(obx);
        observation.addIdentifier().setSystem(system).setValue(value);
        observation.setStatus(status(obx.value(11)));
        observation.addCategory(new CodeableConcept()
                .addCoding(new Coding("http://terminology.hl7.org/CodeSystem/observation-category", category, null)));
        observation.setCode(code(obx));
        Hl7Time.instant(obx.value(14), context.zone(), "OBX-14")
                .ifPresent(time -> observation.setEffective(change.time(time)));
        frame.fill(observation);
        value(obx, text, observation);
        for (Segment.Repetition flag : obx.repetitions(8)) {
            String known = FLAGS.get(flag.value(1));
            CodeableConcept interpretation = new CodeableConcept();
            if (known != null) {
                interpretation.addCoding(
                        new Coding("http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", known, null));
            } else {
                interpretation.setText(flag.value(1));
            }
            if (!interpretation.isEmpty()) {
                observation.addInterpretation(interpretation);
            }
        }
        range(obx, observation);
        change.put(observation, system, value);
        target.addResult(new Reference(Names.condition("Observation", system, value)).setType("Observation"));
    }

    /** The same for every version of the report: code, sub-id, and a count where both repeat. */
    private String key(Segment obx) {
        String code = obx.value(3).isEmpty() ? obx.value(3, 2) : obx.value(3);
        String base = report + "/" + code + (obx.value(4).isEmpty() ? "" : "/" + obx.value(4));
        String key = base;
        for (int i = 2; !used.add(key); i++) {
            key = base + "#" + i;
        }
        return key;
    }

    private CodeableConcept code(Segment obx) {
        Segment.Repetition field = obx.repetition(3, 1);
        CodeableConcept code = new CodeableConcept();
        if (isFindings(obx)) {
            code.addCoding(new Coding(Names.LOINC, "18782-3", null));
        }
        for (int first : new int[] {1, 4}) {
            String value = field.value(first);
            boolean loinc = field.value(first + 2).equals("LN");
            if (!value.isEmpty() && !(loinc && value.equals("18782-3") && code.hasCoding())) {
                code.addCoding(new Coding(
                        loinc
                                ? Names.LOINC
                                : names.ofSource(
                                        "observation-code", context.source().code()),
                        value,
                        People.orNull(field.value(first + 1))));
            }
        }
        if (code.isEmpty() && field.value(2).isEmpty()) {
            throw new IngestException(IngestErrorCode.REQUIRED_MISSING, "expected an observation code in OBX-3");
        }
        return code.setText(People.orNull(field.value(2)));
    }

    private void value(Segment obx, String text, Observation observation) {
        String type = obx.value(2);
        Segment.Repetition field = obx.repetition(5, 1);
        switch (type) {
            case "NM" -> {
                String number = field.value(1);
                if (NUMBER.matcher(number).matches()) {
                    observation.setValue(quantity(obx, number));
                } else if (!number.isEmpty()) {
                    // A laboratory that writes "<0.5" or "阴性" as a number is not refused: the text is what it said.
                    Matcher bound = BOUND.matcher(number);
                    observation.setValue(bound.matches() ? bounded(obx, bound) : new StringType(number));
                }
            }
            case "SN" -> {
                String number = field.value(2);
                if (NUMBER.matcher(number).matches() && field.value(3).isEmpty()) {
                    Quantity quantity = quantity(obx, number);
                    comparator(field.value(1)).ifPresent(quantity::setComparator);
                    observation.setValue(quantity);
                } else {
                    observation.setValue(
                            new StringType(field.text().replace('^', ' ').strip()));
                }
            }
            case "CE", "CWE", "CNE" -> {
                CodeableConcept concept = new CodeableConcept();
                if (!field.value(1).isEmpty()) {
                    concept.addCoding(new Coding(
                            field.value(3).equals("LN")
                                    ? Names.LOINC
                                    : names.ofSource(
                                            "value-code", context.source().code()),
                            field.value(1),
                            People.orNull(field.value(2))));
                }
                concept.setText(People.orNull(field.value(2)));
                if (!concept.isEmpty()) {
                    observation.setValue(concept);
                }
            }
            case "DT", "TS", "DTM" ->
                Hl7Time.instant(field.value(1), context.zone(), "OBX-5")
                        .ifPresent(time -> observation.setValue(change.time(time)));
            default -> {
                if (!text.isEmpty()) {
                    observation.setValue(new StringType(text));
                }
            }
        }
    }

    private Quantity quantity(Segment obx, String number) {
        Quantity quantity = new Quantity().setValue(new BigDecimal(number));
        String unit = obx.value(6);
        if (!unit.isEmpty()) {
            quantity.setUnit(obx.value(6, 2).isEmpty() ? unit : obx.value(6, 2));
            if (obx.value(6, 3).equals("UCUM")) {
                quantity.setSystem(Names.UCUM).setCode(unit);
            }
        }
        return quantity;
    }

    private Quantity bounded(Segment obx, Matcher bound) {
        Quantity quantity = quantity(obx, bound.group(2));
        comparator(bound.group(1)).ifPresent(quantity::setComparator);
        return quantity;
    }

    private static Optional<QuantityComparator> comparator(String sign) {
        return switch (sign) {
            case "<" -> Optional.of(QuantityComparator.LESS_THAN);
            case "<=", "≤" -> Optional.of(QuantityComparator.LESS_OR_EQUAL);
            case ">" -> Optional.of(QuantityComparator.GREATER_THAN);
            case ">=", "≥" -> Optional.of(QuantityComparator.GREATER_OR_EQUAL);
            default -> Optional.empty();
        };
    }

    private void range(Segment obx, Observation observation) {
        String text = obx.text(7).strip();
        if (text.isEmpty()) {
            return;
        }
        Observation.ObservationReferenceRangeComponent range = observation.addReferenceRange();
        range.setText(text);
        Matcher both = RANGE.matcher(text);
        Matcher one = BOUND.matcher(text);
        if (both.matches()) {
            range.setLow(quantity(obx, both.group(1)));
            range.setHigh(quantity(obx, both.group(2)));
        } else if (one.matches()) {
            if (one.group(1).startsWith("<") || one.group(1).startsWith("≤")) {
                range.setHigh(quantity(obx, one.group(2)));
            } else {
                range.setLow(quantity(obx, one.group(2)));
            }
        }
    }

    private static ObservationStatus status(String code) {
        return switch (code) {
            case "F", "U", "" -> ObservationStatus.FINAL;
            case "C" -> ObservationStatus.CORRECTED;
            case "P", "R", "S" -> ObservationStatus.PRELIMINARY;
            case "I", "O" -> ObservationStatus.REGISTERED;
            case "X" -> ObservationStatus.CANCELLED;
            case "D", "W" -> ObservationStatus.ENTEREDINERROR;
            default ->
                throw new IngestException(
                        IngestErrorCode.UNKNOWN_STATUS, "expected an observation status of table 0085 in OBX-11");
        };
    }

    /** An encapsulated document, ED: bytes as they came, with their SHA-1. */
    private Attachment document(Segment obx) {
        Segment.Repetition field = obx.repetition(5, 1);
        String encoding = field.value(4).toLowerCase(Locale.ROOT);
        byte[] bytes;
        if (encoding.equals("base64")) {
            try {
                bytes = Base64.getMimeDecoder().decode(field.undecoded(5).getBytes(StandardCharsets.US_ASCII));
            } catch (IllegalArgumentException e) {
                throw new IngestException(IngestErrorCode.BAD_VALUE, "expected base64 in OBX-5.5", e);
            }
        } else if (encoding.equals("a") || encoding.isEmpty()) {
            bytes = field.value(5).getBytes(StandardCharsets.UTF_8);
        } else {
            throw new IngestException(IngestErrorCode.BAD_VALUE, "expected the encoding Base64 or A in OBX-5.4");
        }
        if (bytes.length == 0) {
            throw new IngestException(IngestErrorCode.REQUIRED_MISSING, "expected a document in OBX-5.5");
        }
        Attachment attachment = new Attachment();
        attachment.setContentType(mediaType(field, bytes));
        attachment.setData(bytes);
        attachment.setSize(bytes.length);
        attachment.setHash(sha1(bytes));
        attachment.setTitle(People.orNull(obx.value(3, 2)));
        Hl7Time.instant(obx.value(14), context.zone(), "OBX-14")
                .ifPresent(time -> attachment.setCreationElement(change.time(time)));
        return attachment;
    }

    private static String mediaType(Segment.Repetition field, byte[] bytes) {
        boolean pdf = bytes.length > 4 && new String(bytes, 0, 5, StandardCharsets.ISO_8859_1).equals("%PDF-");
        if (pdf) {
            return "application/pdf";
        }
        String subtype = field.value(3).toLowerCase(Locale.ROOT);
        return switch (subtype) {
            case "jpeg", "jpg" -> "image/jpeg";
            case "png" -> "image/png";
            case "html" -> "text/html";
            case "xml", "x-hl7-cda-level-one" -> "application/xml";
            case "plain", "text" -> "text/plain";
            default -> "application/octet-stream";
        };
    }

    private static byte[] sha1(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-1").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-1", e);
        }
    }

    /** A reference pointer, RP: where the document lies. */
    private static Attachment pointer(Segment obx) {
        String address = obx.repetition(5, 1).value(1);
        if (!address.matches("https?://\\S+|ftps?://\\S+")) {
            throw new IngestException(IngestErrorCode.BAD_VALUE, "expected an address with its scheme in OBX-5.1");
        }
        String subtype = obx.value(5, 4).toLowerCase(Locale.ROOT);
        return new Attachment()
                .setUrl(address)
                .setContentType(subtype.equals("pdf") ? "application/pdf" : null)
                .setTitle(People.orNull(obx.value(3, 2)));
    }
}

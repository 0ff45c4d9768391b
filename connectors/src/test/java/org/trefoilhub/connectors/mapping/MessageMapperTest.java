package org.trefoilhub.connectors.mapping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ca.uhn.fhir.context.FhirContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.Attachment;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.connectors.hl7v2.CorpusMessages;
import org.trefoilhub.connectors.hl7v2.Hl7Reader;
import org.trefoilhub.connectors.source.IngestErrorCode;
import org.trefoilhub.connectors.source.IngestException;
import org.trefoilhub.connectors.source.SourceChange;
import org.trefoilhub.connectors.source.SourceSystem;

/** The corpus against the mapped Bundles in {@code golden}; {@code -Dgolden.update} rewrites them. */
class MessageMapperTest {

    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final FhirContext FHIR = FhirContext.forR4Cached();

    private static final Dictionary DICTIONARY = new Dictionary() {
        @Override
        public Optional<String> examStatus(String source, String code) {
            return switch (code) {
                case "EXAMINING", "IP" -> Optional.of("in-exam");
                default -> Optional.empty();
            };
        }

        @Override
        public Optional<String> examKind(String item) {
            return item.startsWith("CT") ? Optional.of("RAD") : Optional.empty();
        }
    };

    static MappingContext context(String source) {
        return new MappingContext(
                new SourceSystem(
                        source,
                        Subject.device("his", Clearance.V),
                        null,
                        Set.of("HIS"),
                        SourceSystem.Refusal.AE,
                        Set.of()),
                new Names("https://trefoil-hub.org/fhir"),
                ZoneId.of("Asia/Shanghai"),
                DICTIONARY,
                Instant.parse("2025-03-18T08:00:00Z"));
    }

    private static SourceChange map(byte[] bytes) {
        return MessageMapper.map(
                Hl7Reader.read(bytes, null), context(Hl7Reader.header(bytes).value(3)));
    }

    private static SourceChange map(String text) {
        return map(text.replace('\n', '\r').getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "adt-a04-register.utf8",
                "adt-a08-update.utf8",
                "adt-a40-merge.utf8",
                "adt-a02-transfer.utf8",
                "adt-a03-discharge.utf8",
                "orm-o01-ct-order.utf8",
                "orm-o01-ct-order.gb18030",
                "orm-o01-cancel.utf8",
                "orm-o01-status.utf8",
                "omi-o23-two-parts.utf8",
                "siu-s12-schedule.utf8",
                "siu-s15-cancel.utf8",
                "oru-r01-report.utf8",
                "oru-r01-lab.utf8",
                "mfn-m02-staff.utf8",
                "mfn-m05-places.utf8",
                "mfn-m08-items.utf8"
            })
    void shouldMapTheCorpus(String name) throws IOException {
        String mapped = written(map(CorpusMessages.read(name + ".hl7")));

        Path golden = GOLDEN.resolve(name + ".txt");
        if (System.getProperty("golden.update") != null) {
            Files.createDirectories(GOLDEN);
            Files.writeString(golden, mapped);
        }
        assertThat(mapped).isEqualTo(Files.readString(golden));
    }

    private static String written(SourceChange change) {
        StringBuilder text = new StringBuilder();
        text.append("kind ").append(change.kind()).append('\n');
        text.append("time ").append(change.eventTime()).append('\n');
        text.append("lane ").append(change.lane()).append('\n');
        change.requires().forEach(each -> text.append("requires ").append(each).append('\n'));
        change.merges().forEach(each -> text.append("merge ")
                .append(each.loser())
                .append(" into ")
                .append(each.survivor())
                .append('\n'));
        change.events().forEach(each -> text.append("event ")
                .append(each.order())
                .append(' ')
                .append(each.status())
                .append(' ')
                .append(each.occurred())
                .append(' ')
                .append(each.actor())
                .append('\n'));
        return text.append(FHIR.newJsonParser().setPrettyPrint(true).encodeResourceToString(change.bundle()))
                .append('\n')
                .toString();
    }

    @Test
    @Tag("P360-5")
    void P360_5_shouldKeepTheBytesOfThePdf() throws Exception {
        DiagnosticReport report = find(map(CorpusMessages.read("oru-r01-lab.utf8.hl7")), DiagnosticReport.class);
        Attachment pdf = report.getPresentedFormFirstRep();

        assertThat(pdf.getContentType()).isEqualTo("application/pdf");
        assertThat(new String(pdf.getData(), StandardCharsets.ISO_8859_1))
                .startsWith("%PDF-1.4")
                .endsWith("%%EOF\n");
        assertThat(pdf.getHash()).isEqualTo(MessageDigest.getInstance("SHA-1").digest(pdf.getData()));
        assertThat(pdf.getSize()).isEqualTo(pdf.getData().length);
    }

    @Test
    @Tag("SHR-4")
    void SHR_4_shouldRefuseAStatusThatNobodyTranslates() {
        String message = new String(CorpusMessages.read("orm-o01-status.utf8.hl7"), StandardCharsets.UTF_8)
                .replace("EXAMINING", "S17");

        assertThatThrownBy(() -> map(message)).isInstanceOfSatisfying(IngestException.class, e -> assertThat(e.code())
                .isEqualTo(IngestErrorCode.UNKNOWN_STATUS));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "ADT^A08; PID|1||||张^三; REQUIRED_MISSING",
                "ADT^A08; PID|1||1||张^三||20240230; BAD_VALUE",
                "ADT^A99; PID|1||1; UNSUPPORTED",
                "XYZ^A01; PID|1||1; UNSUPPORTED",
                "ADT^A40; PID|1||1\rMRG|1; BAD_VALUE",
                "ORM^O01; PID|1||1; REQUIRED_MISSING",
                "ORM^O01; PID|1||1\rORC|NW|A1; REQUIRED_MISSING",
                "ORM^O01; PID|1||1\rORC|NW\rOBR|1|||CT; REQUIRED_MISSING",
                "ORM^O01; PID|1||1\rORC|QQ|A1; UNSUPPORTED",
                "ORU^R01; PID|1||1\rOBR|1|A1||CT|||||||||||||||||||||Q; UNKNOWN_STATUS",
                "ORU^R01; PID|1||1\rOBR|1|A1||CT|||||||||||||||||||||F\rOBX|1|ED|P^x||^^^Base64^#; REQUIRED_MISSING",
                "ORU^R01; PID|1||1\rOBR|1|A1||CT|||||||||||||||||||||F\rOBX|1|RP|P^x||file:///etc/passwd; BAD_VALUE",
                "SIU^S12; PID|1||1\rSCH|; REQUIRED_MISSING",
                "MFN^M02; MFI|STF; REQUIRED_MISSING"
            })
    void shouldSayWhatIsWrong(String kind, String segments, IngestErrorCode code) {
        String message = "MSH|^~\\&|HIS|H|HUB|H|20250318||" + kind + "|1|P|2.4\r" + segments;

        assertThatThrownBy(() -> map(message)).isInstanceOfSatisfying(IngestException.class, e -> assertThat(e.code())
                .isEqualTo(code));
    }

    @Test
    void shouldTellNumbersOfOthersFromOwnOnes() {
        String message = "MSH|^~\\&|LIS|H|HUB|H|20250318||ADT^A08|1|P|2.4\rPID|1||";

        assertThat(map(message + "7^^^H^MR").lane()).isEqualTo(lane("patient-id|7"));
        assertThat(map(message + "7").lane()).isEqualTo(lane("patient-id|7"));
        assertThat(map(message + "7^^^HIS^MR").lane()).isEqualTo(lane("patient-id|7"));
        assertThat(map(message + "7^^^外院 1^MR").lane()).isEqualTo(lane("patient-id/%E5%A4%96%E9%99%A2+1|7"));
        assertThat(map(message + "350102198002031234^^^^NI~7^^^^PI").lane()).isEqualTo(lane("patient-id|7"));
    }

    private static String lane(String number) {
        return "Patient?identifier=https://trefoil-hub.org/fhir/sid/" + number;
    }

    @Test
    void shouldRefuseTypesThatTheSourceIsNotConfiguredFor() {
        byte[] bytes = CorpusMessages.read("adt-a08-update.utf8.hl7");
        MappingContext all = context("RIS");
        SourceSystem narrow =
                new SourceSystem("RIS", all.source().subject(), null, Set.of(), SourceSystem.Refusal.AE, Set.of("ORU"));

        assertThatThrownBy(() -> MessageMapper.map(
                        Hl7Reader.read(bytes, null),
                        new MappingContext(narrow, all.names(), all.zone(), DICTIONARY, all.received())))
                .isInstanceOfSatisfying(
                        IngestException.class, e -> assertThat(e.code()).isEqualTo(IngestErrorCode.UNSUPPORTED));
    }

    private static <T extends Resource> T find(SourceChange change, Class<T> type) {
        return change.bundle().getEntry().stream()
                .map(entry -> entry.getResource())
                .filter(type::isInstance)
                .map(type::cast)
                .findFirst()
                .orElseThrow();
    }
}

package org.trefoilhub.connectors.hl7v2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ca.uhn.hl7v2.DefaultHapiContext;
import ca.uhn.hl7v2.HL7Exception;
import ca.uhn.hl7v2.model.GenericMessage;
import ca.uhn.hl7v2.parser.GenericModelClassFactory;
import ca.uhn.hl7v2.util.Terser;
import ca.uhn.hl7v2.validation.impl.ValidationContextFactory;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.trefoilhub.connectors.source.IngestErrorCode;
import org.trefoilhub.connectors.source.IngestException;

class Hl7ReaderTest {

    private static final String HEADER = "MSH|^~\\&|HIS|H|HUB|H|20250318||ADT^A08|1|P|2.4\r";

    @ParameterizedTest
    @ValueSource(
            strings = {"oru-r01-report.utf8.hl7", "oru-r01-report.gbk-undeclared.hl7", "orm-o01-ct-order.gb18030.hl7"})
    void shouldReadChineseInEveryCharset(String name) {
        Hl7Message message = Hl7Reader.read(CorpusMessages.read(name), null);

        assertThat(message.required("PID").value(5, 1)).isEqualTo("王");
        assertThat(message.required("PID").value(5, 2)).isEqualTo("小明");
        assertThat(message.required("OBR").value(4, 2)).isEqualTo("胸部CT平扫");
    }

    @Test
    void shouldTakeTheCharsetOfTheSourceWhereNoneIsNamed() {
        byte[] bytes = (HEADER + "PID|1||1||张^三\r").getBytes(Charset.forName("GB18030"));

        assertThat(Hl7Reader.read(bytes, "GBK").required("PID").value(5)).isEqualTo("张");
        assertThatThrownBy(() -> Hl7Reader.read(bytes, "UTF-8"))
                .isInstanceOfSatisfying(
                        IngestException.class, e -> assertThat(e.code()).isEqualTo(IngestErrorCode.CHARSET));
    }

    @Test
    void shouldDecodeEscapesAndKeepWhatItDoesNotKnow() {
        Hl7Message message = read("OBX|1|TX|A||1\\T\\2\\F\\3\\S\\4\\R\\5\\E\\6\\.br\\7\\X41\\ \\Zz\\ C:\\dir");

        assertThat(message.required("OBX").text(5)).isEqualTo("1&2|3^4~5\\6\n7A \\Zz\\ C:\\dir");
    }

    @Test
    void shouldWriteWhatItReads() {
        String text = "a|b^c~d&e\\f\n中文\ttab";
        Hl7Writer writer = new Hl7Writer();
        writer.segment("MSH").set(3, "HIS").set(9, "ADT", "A08").set(10, "1").end();
        writer.segment("NTE").set(3, text).set(5, "x", null, "z").end();

        Hl7Message message = Hl7Reader.read(writer.text().getBytes(StandardCharsets.UTF_8), null);

        assertThat(message.kind()).isEqualTo("ADT^A08");
        assertThat(message.required("NTE").value(3)).isEqualTo(text);
        assertThat(message.required("NTE").value(5, 3)).isEqualTo("z");
    }

    @ParameterizedTest
    @CsvSource({
        "no-msh.hl7,                     NOT_HL7",
        "bad-encoding-chars.hl7,         NOT_HL7",
        "two-messages-one-frame.mllp.bin, SEVERAL_MESSAGES",
        "truncated.mllp.bin,             CHARSET",
    })
    void shouldRefuseWhatIsBroken(String name, IngestErrorCode code) {
        byte[] bytes = CorpusMessages.read(name);
        byte[] message = name.endsWith(".bin") ? withoutFrame(bytes) : bytes;

        assertThatThrownBy(() -> Hl7Reader.read(message, null))
                .isInstanceOfSatisfying(
                        IngestException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    private static byte[] withoutFrame(byte[] bytes) {
        int end = bytes.length;
        while (end > 0 && (bytes[end - 1] == 0x0D || bytes[end - 1] == 0x1C)) {
            end--;
        }
        return java.util.Arrays.copyOfRange(bytes, bytes[0] == 0x0B ? 1 : 0, end);
    }

    @Test
    void shouldKeepALongFieldWhole() {
        String text = "很长的文本".repeat(100_000);

        assertThat(read("OBX|1|TX|A||" + text).required("OBX").text(5)).isEqualTo(text);
    }

    /** Every field of the corpus is what a parser by other hands reads. */
    @Test
    void shouldReadWhatHapiReads() throws Exception {
        int compared = 0;
        try (DefaultHapiContext context = new DefaultHapiContext(new GenericModelClassFactory())) {
            context.setValidationContext(ValidationContextFactory.noValidation());
            for (String name : java.util.List.of(
                    "adt-a04-register.utf8.hl7",
                    "orm-o01-ct-order.utf8.hl7",
                    "oru-r01-report.utf8.hl7",
                    "oru-r01-lab.utf8.hl7",
                    "siu-s12-schedule.utf8.hl7",
                    "omi-o23-two-parts.utf8.hl7")) {
                String text = new String(CorpusMessages.read(name), StandardCharsets.UTF_8);
                Hl7Message ours = Hl7Reader.read(text.getBytes(StandardCharsets.UTF_8), null);
                GenericMessage theirs = (GenericMessage) context.getPipeParser().parse(text);
                for (String segment : java.util.List.of("PID", "PV1", "OBR", "SCH")) {
                    if (ours.first(segment).isEmpty()) {
                        continue;
                    }
                    for (int field = 1; field <= 30; field++) {
                        for (int component = 1; component <= 8; component++) {
                            String expected = theirs(theirs, segment, field, component);
                            assertThat(ours.required(segment).value(field, component))
                                    .as("%s %s-%d.%d", name, segment, field, component)
                                    .isEqualTo(expected);
                            compared += expected.isEmpty() ? 0 : 1;
                        }
                    }
                }
            }
        }
        assertThat(compared).isGreaterThan(100);
    }

    private static String theirs(GenericMessage message, String segment, int field, int component) throws HL7Exception {
        String found = new Terser(message).get("/" + segment + "-" + field + "-" + component);
        return found == null ? "" : found;
    }

    @ParameterizedTest
    @CsvSource({
        "20250318101500+0800,      2025-03-18T02:15:00Z",
        "20250318101500,           2025-03-18T02:15:00Z",
        "20250318101500.1234-0500, 2025-03-18T15:15:00Z",
        "202503181015,             2025-03-18T02:15:00Z",
        "20250318,                 2025-03-17T16:00:00Z",
        "2025-03-18 10:15:00,      2025-03-18T02:15:00Z",
    })
    void shouldReadTimes(String text, Instant expected) {
        assertThat(Hl7Time.instant(text, ZoneId.of("Asia/Shanghai"), "X-1")).contains(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"20240230", "2024-02-30", "yesterday", "20241301", "20240101250000", "20240101+9999"})
    void shouldRefuseTimesThatDoNotExist(String text) {
        assertThatThrownBy(() -> Hl7Time.instant(text, ZoneId.of("Asia/Shanghai"), "X-1"))
                .isInstanceOfSatisfying(
                        IngestException.class, e -> assertThat(e.code()).isEqualTo(IngestErrorCode.BAD_VALUE));
    }

    @Test
    void shouldAnswerWithTheControlIdAndACode() {
        Hl7Message asked = read("EVN|A08");
        String answer = Acknowledgement.of(
                asked.header(),
                "AE",
                new IngestException(IngestErrorCode.BAD_VALUE, "expected a date in PID-7"),
                "X1",
                Instant.EPOCH,
                ZoneId.of("UTC"));
        Hl7Message read = Hl7Reader.read(answer.getBytes(StandardCharsets.US_ASCII), null);

        assertThat(read.required("MSA").value(1)).isEqualTo("AE");
        assertThat(read.required("MSA").value(2)).isEqualTo("1");
        assertThat(read.required("ERR").value(5)).isEqualTo("TREFOIL-ING-0011");
        assertThat(read.sendingApplication()).isEqualTo("HUB");
        assertThat(read.header().value(5)).isEqualTo("HIS");
    }

    private static Hl7Message read(String segment) {
        return Hl7Reader.read((HEADER + segment + "\r").getBytes(StandardCharsets.UTF_8), null);
    }
}

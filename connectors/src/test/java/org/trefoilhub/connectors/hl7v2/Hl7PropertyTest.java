package org.trefoilhub.connectors.hl7v2;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.connectors.mapping.Dictionary;
import org.trefoilhub.connectors.mapping.MappingContext;
import org.trefoilhub.connectors.mapping.MessageMapper;
import org.trefoilhub.connectors.mapping.Names;
import org.trefoilhub.connectors.source.IngestException;
import org.trefoilhub.connectors.source.SourceSystem;

/** Whatever comes, reading and mapping end with a result or an IngestException, and soon. */
class Hl7PropertyTest {

    private static final List<Path> FILES = CorpusMessages.all();

    private static final MappingContext CONTEXT = new MappingContext(
            new SourceSystem(
                    "HIS", Subject.device("his", Clearance.V), null, Set.of("HIS"), SourceSystem.Refusal.AE, Set.of()),
            new Names("https://trefoil-hub.org/fhir"),
            ZoneId.of("Asia/Shanghai"),
            new Dictionary() {
                @Override
                public Optional<String> examStatus(String source, String code) {
                    return Optional.of("examined");
                }

                @Override
                public Optional<String> examKind(String item) {
                    return Optional.empty();
                }
            },
            Instant.EPOCH);

    /** Every message of the corpus, also those of other makers, is mapped or refused. */
    @Example
    void everyMessageOfTheCorpusIsMappedOrRefused() throws IOException {
        int mapped = 0;
        for (Path file : FILES) {
            mapped += take(Files.readAllBytes(file)) ? 1 : 0;
        }
        assertThat(FILES.size()).isGreaterThan(15);
        assertThat(mapped).isGreaterThan(10);
    }

    @Property(tries = 1_500)
    void mutatedMessagesAreMappedOrRefused(@ForAll long seed) throws IOException {
        Random random = new Random(seed);
        byte[] bytes = Files.readAllBytes(FILES.get(random.nextInt(FILES.size())));
        if (bytes.length > 20_000) {
            bytes = Arrays.copyOf(bytes, 20_000);
        }
        int changes = 1 + random.nextInt(8);
        for (int i = 0; i < changes && bytes.length > 0; i++) {
            int at = random.nextInt(bytes.length);
            switch (random.nextInt(5)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] = (byte) "|^~\\&\r\"".charAt(random.nextInt(7));
                case 2 -> bytes = Arrays.copyOf(bytes, at);
                case 3 -> {
                    int to = Math.min(bytes.length, at + random.nextInt(40));
                    byte[] cut = Arrays.copyOf(bytes, bytes.length - (to - at));
                    System.arraycopy(bytes, to, cut, at, bytes.length - to);
                    bytes = cut;
                }
                default -> {
                    byte[] longer = Arrays.copyOf(bytes, bytes.length + at);
                    System.arraycopy(bytes, 0, longer, bytes.length, at);
                    bytes = longer;
                }
            }
        }
        take(bytes);
    }

    @Property(tries = 500)
    void anyBytesAreRefused(@ForAll byte[] bytes) {
        take(bytes);
    }

    @Property(tries = 500)
    void textSurvivesWritingAndReading(@ForAll @StringLength(max = 200) String text) {
        String readable = text.codePoints()
                .filter(c -> c >= ' ' && Character.isDefined(c) && !(c >= 0xD800 && c <= 0xDFFF))
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString()
                .strip();
        Hl7Writer writer = new Hl7Writer();
        writer.segment("MSH")
                .set(3, "HIS")
                .set(9, "ADT", "A08")
                .set(10, "1")
                .set(18, "UNICODE UTF-8")
                .end();
        writer.segment("NTE").set(3, readable).end();

        assertThat(Hl7Reader.read(writer.text().getBytes(StandardCharsets.UTF_8), null)
                        .required("NTE")
                        .value(3))
                .isEqualTo(readable.equals("\"\"") ? "" : readable);
    }

    private static boolean take(byte[] bytes) {
        long began = System.nanoTime();
        boolean mapped;
        try {
            MessageMapper.map(Hl7Reader.read(bytes, null), CONTEXT);
            mapped = true;
        } catch (IngestException e) {
            assertThat(e.getMessage()).isNotBlank();
            mapped = false;
        }
        assertThat(System.nanoTime() - began).isLessThan(5_000_000_000L);
        return mapped;
    }
}

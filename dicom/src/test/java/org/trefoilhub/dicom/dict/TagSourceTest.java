package org.trefoilhub.dicom.dict;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.trefoilhub.dicom.data.Tag;

/** Generates {@code Tag} from the data dictionary, or checks that it is generated from the present one. */
class TagSourceTest {

    private static final Path SOURCE = Path.of("src/main/java/org/trefoilhub/dicom/data/Tag.java");
    private static final Path TABLE = Path.of("src/main/resources/org/trefoilhub/dicom/dict/elements.tsv");
    private static final String FIRST = "    public static final int ";
    private static final String END = "\n    private Tag() {}\n";

    @Test
    void shouldHaveOneConstantPerKeyword() throws IOException {
        StringBuilder constants = new StringBuilder();
        for (String line : Files.readAllLines(TABLE, StandardCharsets.UTF_8)) {
            if (!line.startsWith("#")) {
                String[] columns = line.split("\t", -1);
                constants
                        .append(FIRST)
                        .append(columns[1])
                        .append(" = 0x")
                        .append(columns[0].replace('x', '0'))
                        .append(";\n");
            }
        }
        String source = Files.readString(SOURCE);
        String generated =
                source.substring(0, source.indexOf(FIRST)) + constants + source.substring(source.indexOf(END));
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(SOURCE, generated);
        }
        assertThat(generated.equals(source))
                .as("Tag is generated from the table")
                .isTrue();
    }

    @Test
    void shouldAgreeWithTheDictionary() throws IllegalAccessException {
        Map<String, Integer> constants = new HashMap<>();
        for (Field field : Tag.class.getFields()) {
            if (Modifier.isStatic(field.getModifiers())) {
                constants.put(field.getName(), field.getInt(null));
            }
        }
        assertThat(constants).hasSizeGreaterThan(5000);
        for (DataDictionary.Entry entry : DataDictionary.entries()) {
            assertThat(constants.get(entry.keyword())).as(entry.keyword()).isEqualTo(entry.tag());
        }
        assertThat(DataDictionary.entries()).hasSize(constants.size());
    }

    @Test
    void shouldKnowRepeatingGroups() {
        assertThat(DataDictionary.keyword(0x60020010)).isEqualTo("OverlayRows");
        assertThat(DataDictionary.keyword(0x60FE3000)).isEqualTo("OverlayData");
        assertThat(DataDictionary.of(0x60010010)).isEmpty();
    }

    @Test
    void shouldParseTagsAndKeywords() {
        assertThat(DataDictionary.parseTag("PatientName")).contains(Tag.PatientName);
        assertThat(DataDictionary.parseTag("00100010")).contains(Tag.PatientName);
        assertThat(DataDictionary.parseTag(String.format(Locale.ROOT, "%08x", Tag.PixelData)))
                .contains(Tag.PixelData);
        assertThat(DataDictionary.parseTag("Nobody")).isEmpty();
    }

    @Test
    void shouldNameEveryRegisteredTransferSyntaxAsTheStandardDoes() {
        for (var syntax : org.trefoilhub.dicom.encoding.TransferSyntax.all()) {
            assertThat(UidDictionary.name(syntax.uid())).isEqualTo(syntax.name());
        }
    }
}

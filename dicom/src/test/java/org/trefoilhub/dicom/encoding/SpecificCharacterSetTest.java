package org.trefoilhub.dicom.encoding;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecificCharacterSetTest {

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text.replace(" ", ""));
    }

    // The examples of PS3.5 annexes H, I, J and K.
    @Test
    void shouldDecodeTheJapaneseExamplesOfTheStandard() {
        SpecificCharacterSet kanji = SpecificCharacterSet.of("", "ISO 2022 IR 87");
        byte[] h31 = hex("59616D6164615E5461726F753D"
                + "1B24423B3345441B28425E1B244242404F3A1B28423D"
                + "1B24422464245E24401B28425E1B2442243F246D24261B2842");
        assertThat(kanji.decode(h31, true)).isEqualTo("Yamada^Tarou=山田^太郎=やまだ^たろう");
        assertThat(kanji.encode("Yamada^Tarou=山田^太郎=やまだ^たろう", true)).isEqualTo(h31);
        SpecificCharacterSet kana = SpecificCharacterSet.of("ISO 2022 IR 13", "ISO 2022 IR 87");
        String name = "ﾔﾏﾀﾞ^ﾀﾛｳ=山田^太郎=やまだ^たろう";
        assertThat(kana.decode(kana.encode(name, true), true)).isEqualTo(name);
        assertThat(kana.encode(name, true)).startsWith(hex("D4CFC0DE5EC0DBB33D1B24423B3345441B284A5E"));
    }

    @Test
    void shouldDecodeTheKoreanExampleOfTheStandard() {
        SpecificCharacterSet korean = SpecificCharacterSet.of("", "ISO 2022 IR 149");
        byte[] bytes = hex("486F6E675E47696C646F6E673D1B242943FBF35E1B242943D1CED4D73D1B242943C8AB5E1B242943B1E6B5BF");
        assertThat(korean.decode(bytes, true)).isEqualTo("Hong^Gildong=洪^吉洞=홍^길동");
        assertThat(korean.encode("Hong^Gildong=洪^吉洞=홍^길동", true)).isEqualTo(bytes);
    }

    @Test
    void shouldDecodeTheChineseExamplesOfTheStandard() {
        SpecificCharacterSet gb2312 = SpecificCharacterSet.of("", "ISO 2022 IR 58");
        byte[] bytes = hex("5A68616E675E5869616F446F6E673D1B242941D5C55E1B242941D0A1B6AB3D");
        assertThat(gb2312.decode(bytes, true)).isEqualTo("Zhang^XiaoDong=张^小东=");
        String name = "Wang^XiaoDong=王^小东";
        assertThat(SpecificCharacterSet.GB18030.encode(name, true))
                .isEqualTo(hex("57616E675E5869616F446F6E673DCDF55ED0A1B6AB"));
        assertThat(SpecificCharacterSet.ISO_IR_192.encode(name, true)).isEqualTo(name.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource({
        "ISO_IR 100, Äneas^Rüdiger",
        "ISO 2022 IR 100, Buc^Jérôme",
        "ISO_IR 101, Wałęsa^Łukasz",
        "ISO_IR 109, Ĉapek^Ĝoĵo",
        "ISO_IR 110, Ķēniņš^Āris",
        "ISO_IR 144, Люкceмбypг",
        "ISO_IR 127, قباني^لنزار",
        "ISO_IR 126, Διονυσιος",
        "ISO_IR 138, שרון^דבורה",
        "ISO_IR 148, Çağlar^Şükrü",
        "ISO_IR 203, Œuvre^Žofie",
        "ISO_IR 166, นามสกุล^ชื่อ",
        "ISO_IR 13, ﾔﾏﾀﾞ^ﾀﾛｳ",
        "ISO_IR 192, Zhang^Ji=张^𠮷",
        "GB18030, Zhang^Ji=张^𠮷",
        "GBK, Zhang^San=張^三",
        "\\ISO 2022 IR 58, Zhang^San=张^三",
        "\\ISO 2022 IR 149, Kim=김^희중",
        "\\ISO 2022 IR 87, Yamada=山田^太郎",
        "\\ISO 2022 IR 87\\ISO 2022 IR 159, Ryu=山田^丂丄",
        "ISO 2022 IR 100\\ISO 2022 IR 144\\ISO 2022 IR 126, Buc^Jérôme\\Люкceмбypг\\Διονυσιος",
    })
    void shouldReturnWhatItEncoded(String terms, String text) {
        SpecificCharacterSet set = SpecificCharacterSet.of(terms.split("\\\\", -1));
        assertThat(set.isRecognised()).isTrue();
        assertThat(set.canEncode(text)).isTrue();
        assertThat(set.decode(set.encode(text, true), true)).isEqualTo(text);
    }

    @Test
    void shouldGuessTextWhoseCharacterSetIsMissingOrWrong() {
        byte[] gbk = "赵^铁柱".getBytes(Charset.forName("GBK"));
        byte[] utf8 = "赵^铁柱".getBytes(StandardCharsets.UTF_8);
        assertThat(SpecificCharacterSet.UNDECLARED.decode(gbk, true)).isEqualTo("赵^铁柱");
        assertThat(SpecificCharacterSet.UNDECLARED.decode(utf8, true)).isEqualTo("赵^铁柱");
        assertThat(SpecificCharacterSet.UNDECLARED.wouldGuess(gbk)).isTrue();
        assertThat(SpecificCharacterSet.of("ISO_IR 6").decode(gbk, true)).isEqualTo("赵^铁柱");
        assertThat(SpecificCharacterSet.ISO_IR_192.decode(gbk, true)).isEqualTo("赵^铁柱");
        assertThat(SpecificCharacterSet.ISO_IR_192.wouldGuess(utf8)).isFalse();
        assertThat(SpecificCharacterSet.undeclared(StandardCharsets.ISO_8859_1).decode(new byte[] {(byte) 0xE9}, false))
                .isEqualTo("é");
    }

    @Test
    void shouldSayWhatItCannotEncode() {
        assertThat(SpecificCharacterSet.of("ISO_IR 100").canEncode("张")).isFalse();
        assertThat(SpecificCharacterSet.of("ISO_IR 100").encode("a张é", false)).isEqualTo(hex("613FE9"));
        assertThat(SpecificCharacterSet.UNDECLARED.canEncode("é")).isFalse();
        assertThat(SpecificCharacterSet.of("KOI8-R").isRecognised()).isFalse();
    }

    @Test
    void shouldNotTakeTheSecondByteOfACharacterForADelimiter() {
        // 誠 ends in 5C in GBK
        byte[] bytes = SpecificCharacterSet.of("GBK").encode("誠", false);
        assertThat(bytes[1]).isEqualTo((byte) 0x5C);
        assertThat(SpecificCharacterSet.of("GBK").decode(bytes, false)).isEqualTo("誠");
    }
}

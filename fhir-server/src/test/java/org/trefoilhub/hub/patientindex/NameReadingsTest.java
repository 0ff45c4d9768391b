package org.trefoilhub.hub.patientindex;

import static org.assertj.core.api.Assertions.assertThat;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NameReadingsTest {

    @ParameterizedTest
    @CsvSource({
        "张,三,, zhangsan zs san 张三",
        ",,张三, zhangsan zs san 张三",
        "張,三,, zhangsan zs 张三",
        "单,雄信,, shanxiongxin danxiongxin sxx xiongxin",
        "解,缙,, xiejin jiejin xj",
        "仇,英,, qiuying chouying qy",
        "曾,国藩,, zengguofan cengguofan zgf guofan",
        "查,良镛,, zhaliangyong chaliangyong zly",
        "欧阳,修,, ouyangxiu oyx xiu",
        "吕,布,, lvbu lubu lb",
        "王,乐,, wangle wangyue wl",
        ",,古丽·买买提, gulimaimaiti glmmt",
    })
    void shouldReadNamesInEveryUsualWay(
            @Nullable String family, @Nullable String given, @Nullable String text, String expected) {
        assertThat(NameReadings.of(family, given, text)).contains(expected.split(" "));
    }

    @Test
    void shouldSaySyllablesApart() {
        assertThat(NameReadings.of("张", "三丰", null)).contains("zhang san feng");
    }

    @Test
    void shouldKeepTheNumberOfReadingsSmall() {
        assertThat(NameReadings.of("解", "乐行长朝曾", null)).hasSizeLessThan(100);
    }

    @Test
    void shouldLeaveOtherNamesAlone() {
        assertThat(NameReadings.of("Smith", "John", null)).isEmpty();
        assertThat(NameReadings.of(null, null, null)).isEmpty();
    }

    @Test
    void shouldTidyIdentifiers() {
        assertThat(IdentifierSpelling.tidy(" 110101 19900307 123x")).isEqualTo("11010119900307123X");
        assertThat(IdentifierSpelling.tidy("Ｐ　０００１")).isEqualTo("P0001");
        assertThat(IdentifierSpelling.tidy("abx")).isEqualTo("abx");
    }
}

package org.trefoilhub.hub.patientindex;

import com.ibm.icu.text.Transliterator;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a Chinese name sounds: toneless pinyin and initials, with the readings that characters have in names (单 Shan, 仇
 * Qiu, 曾 Zeng) first and their other readings after them. Traditional characters sound as the simplified ones.
 *
 * <p>Pure and thread-safe. Readings come from ICU, those of polyphones that it does not offer from the table here.
 */
final class NameReadings {

    /** Readings of one name at most; a name of many polyphones has more, and the rarest of them are left out. */
    private static final int MOST = 16;

    /** Characters that sound in several ways in names. */
    private static final Map<String, List<String>> POLYPHONES = polyphones(
            """
            乐 le yue|行 xing hang|长 chang zhang|重 chong zhong|朝 chao zhao|曾 zeng ceng|单 shan dan chan|解 xie jie|仇 qiu chou|查 zha cha
            任 ren|盖 ge gai|朴 piao pu|区 ou qu|翟 zhai di|尉 wei yu|晟 sheng cheng|柏 bai bo|缪 miao mou|种 chong zhong|员 yun yuan
            秘 bi mi|黑 he hei|万 wan mo|俟 qi si|适 shi kuo|召 shao zhao|祭 zhai ji|繁 po fan|能 nai neng|隗 kui wei|郇 xun huan|藏 zang cang
            都 du dou|覃 qin tan|谌 chen shen|牟 mou mu|贾 jia gu|薄 bo bao|参 shen can|茜 xi qian|娜 na nuo|莎 sha suo|颉 jie xie|嬛 huan xuan
            还 huan hai|强 qiang jiang|阿 a e|冯 feng ping|炅 gui jiong|折 she zhe|褚 chu zhu|华 hua|宁 ning|纪 ji|应 ying|燕 yan|洗 xian xi
            """);

    private NameReadings() {}

    /**
     * Everything that somebody may type for a name.
     *
     * @param family family name, or null
     * @param given given names joined, or null
     * @param text whole name, or null
     * @return lower-case pinyin ({@code zhangsan}, {@code zhang san}, {@code san}), initials ({@code zs}, {@code zhangs}), and the whole name
     *     as it is written and in simplified characters; empty when the name holds no Han script
     */
    static Set<String> of(@Nullable String family, @Nullable String given, @Nullable String text) {
        String parts = bare(family) + bare(given);
        String whole = parts.isEmpty() ? bare(text) : parts;
        if (!isHan(whole)) {
            whole = bare(text);
        }
        Set<String> found = new LinkedHashSet<>();
        if (!isHan(whole)) {
            return found;
        }
        int surname = isHan(bare(family)) && whole.startsWith(bare(family)) ? length(bare(family)) : 1;
        for (List<String> reading : readings(whole)) {
            found.add(String.join("", reading));
            found.add(String.join(" ", reading));
            found.add(initials(reading));
            if (reading.size() > surname) {
                String called = String.join("", reading.subList(surname, reading.size()));
                found.add(called);
                found.add(String.join("", reading.subList(0, surname))
                        + initials(reading.subList(surname, reading.size())));
                found.add(String.join("", reading.subList(0, surname)) + " " + called);
            }
        }
        // Family and given name are indexed apart by HAPI; people type them together, in either script.
        found.add(whole);
        found.add(simplified(whole));
        return found;
    }

    private static String initials(List<String> syllables) {
        return syllables.stream().map(one -> one.substring(0, 1)).collect(Collectors.joining());
    }

    /**
     * The most likely reading of a name.
     *
     * @param name name in any script
     * @return toneless pinyin without spaces where the name is Chinese, else the name in lower case
     */
    static String likeliest(String name) {
        String bare = bare(name);
        return isHan(bare) ? String.join("", readings(bare).get(0)) : bare.toLowerCase(Locale.ROOT);
    }

    /** The name in simplified characters, without spaces and dots. */
    static String simplified(String name) {
        return Holder.SIMPLIFIED.transliterate(bare(name));
    }

    private static boolean isHan(String name) {
        return name.codePoints().anyMatch(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN);
    }

    private static int length(String name) {
        return name.codePointCount(0, name.length());
    }

    private static String bare(@Nullable String name) {
        return name == null ? "" : name.replaceAll("[\\s\\u3000·•.．]+", "");
    }

    private static List<List<String>> readings(String name) {
        String simple = Holder.SIMPLIFIED.transliterate(name);
        List<String> asName = syllables(Holder.NAMES.transliterate(simple));
        List<String> asWord = syllables(Holder.PLAIN.transliterate(simple));
        List<String> characters =
                simple.codePoints().mapToObj(Character::toString).toList();
        boolean aligned = asName.size() == characters.size();
        List<List<String>> all = new ArrayList<>(List.of(List.of()));
        for (int i = 0; i < asName.size(); i++) {
            Set<String> ways = new LinkedHashSet<>(spellings(asName.get(i)));
            if (asWord.size() == asName.size()) {
                ways.addAll(spellings(asWord.get(i)));
            }
            if (aligned) {
                ways.addAll(POLYPHONES.getOrDefault(characters.get(i), List.of()));
            }
            all = all.stream()
                    .flatMap(before -> ways.stream().map(way -> with(before, way)))
                    .limit(MOST)
                    .toList();
        }
        return all;
    }

    private static List<String> with(List<String> before, String way) {
        List<String> more = new ArrayList<>(before);
        more.add(way);
        return more;
    }

    private static List<String> syllables(String latin) {
        return Arrays.stream(latin.toLowerCase(Locale.ROOT).split("[^\\p{L}\\p{M}]+"))
                .filter(one -> !one.isEmpty())
                .toList();
    }

    /** Without tones; what is written ü is typed v or u. */
    private static List<String> spellings(String syllable) {
        String spread = Normalizer.normalize(syllable, Normalizer.Form.NFD);
        String toneless = spread.replaceAll("(?!\\u0308)\\p{M}", "");
        return toneless.indexOf('\u0308') < 0
                ? List.of(toneless)
                : List.of(toneless.replace("u\u0308", "v"), toneless.replace("\u0308", ""));
    }

    private static Map<String, List<String>> polyphones(String table) {
        return Arrays.stream(table.strip().split("[|\\n]"))
                .map(line -> line.strip().split(" "))
                .collect(Collectors.toUnmodifiableMap(
                        line -> line[0], line -> List.of(line).subList(1, line.length)));
    }

    /** Loaded when the first name is read: the rules take a moment to compile. */
    private static final class Holder {
        static final Transliterator NAMES = Transliterator.getInstance("Han-Latin/Names");
        static final Transliterator PLAIN = Transliterator.getInstance("Han-Latin");
        static final Transliterator SIMPLIFIED = Transliterator.getInstance("Traditional-Simplified");
    }
}

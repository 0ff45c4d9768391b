package org.trefoilhub.hub.patientindex;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.hl7.fhir.r4.model.ContactPoint;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.Patient;

/**
 * Persons as a hospital's systems know them, with the errors that their desks make. The same seed gives the same persons.
 *
 * <p>Two to four records each, one per system. Of 100 records 15 have no identity card, 3 a wrong digit in it, 6 a homophone
 * in the name, 3 another wrong character, 2 traditional characters, 3 a slip in the birth date, 5 a new telephone number, 5
 * none. Of 100 persons 2 are twins of the one before, 3 share a telephone with the one before, 2 have a namesake born in the
 * same year, 2 are newborns under the mother's card, 2 have no name, 1 is a foreigner without card.
 */
public final class TypicalPersons {

    /** One record and who it is about, which the matching does not see. */
    public record Known(int person, boolean automatic, Patient patient) {}

    private static final String[] FAMILY =
            "王 李 张 刘 陈 杨 黄 赵 吴 周 徐 孙 马 朱 胡 郭 何 林 高 罗 郑 梁 谢 宋 唐 许 韩 冯 邓 曹 彭 曾 肖 田 董 袁 潘 蒋 蔡 余 杜 叶 程 苏 魏 吕 丁 任 沈 姚 卢 姜 崔 钟 谭 陆 汪 范 金 石 廖 贾 夏 韦 单 仇 解 查 欧阳 司徒"
                    .split(" ");
    private static final String GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超霞平刚桂兰玉红梅文华建国志海波辉鹏飞宇浩然子涵轩梓萱欣怡佳雨晨思雪婷俊凯博嘉豪诗琪晓东春生荣庆龙凤";
    /** Characters that sound alike, as they are mixed up at a desk. */
    private static final String[] HOMOPHONES = {
        "英瑛", "丽莉", "杰洁", "军君", "燕艳", "敏闵", "玉钰", "伟炜", "志智", "波博", "红宏", "平萍", "建健", "佳嘉", "晨辰", "欣鑫", "明鸣", "涛韬",
        "辉晖", "琪琦", "宇羽", "晓小", "东冬", "海海", "娟鹃", "静婧", "国国", "华骅", "飞菲", "鹏朋"
    };

    private static final String[] TRADITIONAL = {
        "张張", "刘劉", "陈陳", "杨楊", "黄黃", "赵趙", "吴吳", "孙孫", "马馬", "郑鄭", "谢謝", "许許", "韩韓", "冯馮", "邓鄧", "单單", "国國", "华華",
        "丽麗", "军軍", "红紅", "伟偉", "强強", "艳艷", "杰傑", "飞飛", "龙龍", "凤鳳", "东東", "晓曉", "庆慶", "荣榮", "兰蘭", "涛濤", "辉輝", "鹏鵬"
    };
    private static final String[] SYSTEMS = {"out-patient", "in-patient", "pacs", "check-up"};
    private static final String[] AREAS = {"110101", "310104", "440106", "510107", "330102", "320106"};

    private final Random random;
    private final String mark;
    private int sequence;

    private TypicalPersons(long seed, String mark) {
        this.random = new Random(seed);
        this.mark = mark;
    }

    private record Person(String name, boolean male, LocalDate born, String card, String phone, Kind kind) {}

    private enum Kind {
        ORDINARY,
        NEWBORN,
        NAMELESS,
        FOREIGN
    }

    /**
     * Generates.
     *
     * @param count persons
     * @param seed of the generator
     * @param mark kept in the local numbers of the records, so that sets can live side by side
     * @return records in random order
     */
    public static List<Known> generate(int count, long seed, String mark) {
        TypicalPersons typical = new TypicalPersons(seed, mark);
        List<Known> all = new ArrayList<>();
        Person before = typical.ordinary();
        for (int i = 0; i < count; i++) {
            Person person = typical.next(before);
            all.addAll(typical.records(i, person));
            if (person.kind() == Kind.ORDINARY) {
                before = person;
            }
        }
        java.util.Collections.shuffle(all, new Random(seed));
        return all;
    }

    private Person next(Person before) {
        int which = random.nextInt(100);
        if (which < 2) {
            String family = before.name().substring(0, before.name().length() - 1);
            String other = given(1);
            Person twin = new Person(
                    (before.name().length() > 2 ? family : before.name().substring(0, 1)) + other,
                    before.male(),
                    before.born(),
                    card(before.born(), before.male()),
                    before.phone(),
                    Kind.ORDINARY);
            return twin.name().equals(before.name()) ? ordinary() : twin;
        }
        Person other = ordinary();
        if (which < 5) {
            return new Person(other.name(), other.male(), other.born(), other.card(), before.phone(), Kind.ORDINARY);
        }
        if (which < 7) {
            LocalDate born = before.born().withDayOfYear(1 + random.nextInt(365));
            return new Person(
                    before.name(), before.male(), born, card(born, before.male()), other.phone(), Kind.ORDINARY);
        }
        if (which < 9) {
            LocalDate born = LocalDate.of(2026, 1, 1).plusDays(random.nextInt(300));
            String name = before.name() + (random.nextBoolean() ? "之子" : "之女");
            return new Person(name, name.endsWith("子"), born, before.card(), before.phone(), Kind.NEWBORN);
        }
        if (which < 11) {
            return new Person("无名氏", other.male(), other.born(), "", "", Kind.NAMELESS);
        }
        if (which < 12) {
            String name = new String[] {"Smith John", "Ivanova Anna", "Tanaka Yuki", "Kim Minsu"}[random.nextInt(4)];
            return new Person(name, other.male(), other.born(), "", other.phone(), Kind.FOREIGN);
        }
        return other;
    }

    private Person ordinary() {
        boolean male = random.nextBoolean();
        LocalDate born = LocalDate.of(1935, 1, 1).plusDays(random.nextInt(88 * 365));
        return new Person(
                FAMILY[random.nextInt(FAMILY.length)] + given(1 + random.nextInt(2)),
                male,
                born,
                card(born, male),
                "1" + (30 + random.nextInt(70)) + String.format("%08d", random.nextInt(100_000_000)),
                Kind.ORDINARY);
    }

    private String given(int length) {
        StringBuilder name = new StringBuilder();
        for (int i = 0; i < length; i++) {
            name.append(GIVEN.charAt(random.nextInt(GIVEN.length())));
        }
        return name.toString();
    }

    private String card(LocalDate born, boolean male) {
        int order = random.nextInt(499) * 2 + (male ? 1 : 2);
        String digits =
                AREAS[random.nextInt(AREAS.length)] + born.toString().replace("-", "") + String.format("%03d", order);
        return digits + IdCard.check(digits);
    }

    private List<Known> records(int number, Person person) {
        List<Known> records = new ArrayList<>();
        int count = 2 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            records.add(new Known(number, person.kind() == Kind.ORDINARY, patient(person, SYSTEMS[i])));
        }
        return records;
    }

    private Patient patient(Person person, String system) {
        Patient patient = new Patient();
        patient.addIdentifier()
                .setSystem("https://trefoil-hub.org/fhir/sid/" + system)
                .setValue(mark + String.format("%06d", ++sequence));
        String name = person.name();
        LocalDate born = person.born();
        String phone = person.phone();
        String card = person.card();
        if (person.kind() == Kind.ORDINARY) {
            int slip = random.nextInt(100);
            if (slip < 6) {
                name = replaced(name, HOMOPHONES);
            } else if (slip < 9) {
                name = name.substring(0, name.length() - 1) + given(1);
            } else if (slip < 11) {
                name = replaced(name, TRADITIONAL);
            } else if (slip < 14) {
                born = slipped(born);
            }
            int change = random.nextInt(100);
            phone = change < 5
                    ? "1" + (30 + random.nextInt(70)) + String.format("%08d", random.nextInt(100_000_000))
                    : change < 10 ? "" : phone;
            int missing = random.nextInt(100);
            card = missing < 10
                    ? ""
                    : missing < 15
                            ? (random.nextBoolean() ? "000000000000000000" : "111111111111111111")
                            : missing < 18 ? wrong(card) : card;
        }
        if (random.nextInt(4) == 0) {
            int surname = name.startsWith("欧阳") || name.startsWith("司徒") ? 2 : 1;
            patient.addName().setFamily(name.substring(0, surname)).addGiven(name.substring(surname));
        } else {
            patient.addName().setText(name);
        }
        patient.setGender(person.male() ? AdministrativeGender.MALE : AdministrativeGender.FEMALE);
        patient.setBirthDateElement(new DateType(born.toString()));
        if (!phone.isEmpty()) {
            patient.addTelecom()
                    .setSystem(ContactPoint.ContactPointSystem.PHONE)
                    .setValue(phone);
        }
        if (!card.isEmpty()) {
            patient.addIdentifier().setSystem(PersonRecord.ID_CARD).setValue(card);
        }
        return patient;
    }

    private static String replaced(String name, String[] pairs) {
        for (String pair : pairs) {
            if (name.indexOf(pair.charAt(0)) >= 0) {
                return name.replace(pair.charAt(0), pair.charAt(1));
            }
        }
        return name;
    }

    private LocalDate slipped(LocalDate born) {
        if (born.getDayOfMonth() <= 12 && born.getDayOfMonth() != born.getMonthValue() && random.nextBoolean()) {
            return LocalDate.of(born.getYear(), born.getDayOfMonth(), born.getMonthValue());
        }
        int day = born.getDayOfMonth() % 10 == 9 ? born.getDayOfMonth() - 1 : born.getDayOfMonth() + 1;
        return born.withDayOfMonth(Math.min(day, 28));
    }

    private String wrong(String card) {
        int at = 6 + random.nextInt(10);
        if (random.nextBoolean() && card.charAt(at) != card.charAt(at + 1)) {
            return card.substring(0, at) + card.charAt(at + 1) + card.charAt(at) + card.substring(at + 2);
        }
        char digit = (char) ('0' + (card.charAt(at) - '0' + 1 + random.nextInt(8)) % 10);
        return card.substring(0, at) + digit + card.substring(at + 1);
    }
}

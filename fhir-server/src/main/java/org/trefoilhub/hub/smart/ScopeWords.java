package org.trefoilhub.hub.smart;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.trefoilhub.hub.smart.LoginPages.Language;
import org.trefoilhub.hub.smart.scope.SmartScope;

/** Scopes in the words of the people who are asked for them. */
final class ScopeWords {

    /** Chinese and English names of what apps ask for most; other types are shown by their FHIR name. */
    private static final Map<String, String[]> TYPES = Map.ofEntries(
            Map.entry("*", new String[] {"全部医疗数据", "all clinical data"}),
            Map.entry("Patient", new String[] {"患者基本信息", "patient demographics"}),
            Map.entry("Encounter", new String[] {"就诊信息", "encounters"}),
            Map.entry("ImagingStudy", new String[] {"影像检查", "imaging studies"}),
            Map.entry("DiagnosticReport", new String[] {"检查检验报告", "diagnostic reports"}),
            Map.entry("Observation", new String[] {"检验、测量与体征", "observations and measurements"}),
            Map.entry("ServiceRequest", new String[] {"检查检验申请", "orders"}),
            Map.entry("Condition", new String[] {"诊断与问题", "conditions"}),
            Map.entry("AllergyIntolerance", new String[] {"过敏史", "allergies"}),
            Map.entry("Procedure", new String[] {"手术与操作", "procedures"}),
            Map.entry("MedicationRequest", new String[] {"用药医嘱", "prescriptions"}),
            Map.entry("Immunization", new String[] {"预防接种", "immunizations"}),
            Map.entry("DocumentReference", new String[] {"病历文书", "documents"}),
            Map.entry("Media", new String[] {"图片与视频", "pictures and videos"}),
            Map.entry("Binary", new String[] {"文件原文", "files"}),
            Map.entry("Task", new String[] {"工作任务", "tasks"}),
            Map.entry("Appointment", new String[] {"预约", "appointments"}),
            Map.entry("Practitioner", new String[] {"医务人员信息", "staff"}),
            Map.entry("Organization", new String[] {"科室与机构", "departments"}));

    private static final Map<String, String[]> CATEGORIES = Map.of(
            "laboratory", new String[] {"检验", "laboratory"},
            "imaging", new String[] {"影像", "imaging"},
            "vital-signs", new String[] {"生命体征", "vital signs"},
            "social-history", new String[] {"社会史", "social history"},
            "survey", new String[] {"问卷", "surveys"},
            "exam", new String[] {"体格检查", "physical exam"},
            "procedure", new String[] {"操作", "procedures"});

    /**
     * One line of the question.
     *
     * @param title what it is about
     * @param detail what the app could do, and with whose data
     */
    record Words(String title, String detail) {}

    /** What people are asked after the data: whose record is open, who they are, how long it lasts. */
    private static final List<String> PLAIN = List.of(
            SmartScope.LAUNCH,
            SmartScope.LAUNCH_PATIENT,
            SmartScope.LAUNCH_ENCOUNTER,
            "openid",
            "profile",
            "fhirUser",
            SmartScope.ONLINE,
            SmartScope.OFFLINE);

    private ScopeWords() {}

    /** Scopes in the order in which they matter to people: the data first, whatever the app put first. */
    static List<String> inOrder(Collection<String> scopes) {
        return scopes.stream()
                .sorted(Comparator.<String>comparingInt(PLAIN::indexOf).thenComparing(Comparator.naturalOrder()))
                .toList();
    }

    /** What a scope means. */
    static Words of(String scope, Language language) {
        return SmartScope.parse(scope)
                .map(parsed -> resource(parsed, language))
                .orElseGet(() -> plain(scope, language));
    }

    private static Words resource(SmartScope scope, Language language) {
        String type = word(TYPES, scope.type(), language);
        List<String> categories = new ArrayList<>();
        for (String category : scope.categories()) {
            categories.add(word(CATEGORIES, category.substring(category.indexOf('|') + 1), language));
        }
        String only = categories.isEmpty()
                ? ""
                : language.of(
                        "（仅限" + String.join("、", categories) + "）", " (" + String.join(", ", categories) + " only)");
        String whose =
                switch (scope.context()) {
                    case PATIENT -> language.of("当前患者", "the current patient");
                    case USER, SYSTEM -> language.of("您有权查看的患者", "the patients you may see");
                };
        String verbs = String.join(language.of("、", ", "), verbs(scope.interactions(), language));
        return new Words(
                capitalized(type, language) + only, language.of(verbs + " · 范围：" + whose, verbs + " · for " + whose));
    }

    private static List<String> verbs(String letters, Language language) {
        List<String> verbs = new ArrayList<>();
        if (letters.indexOf('r') >= 0 || letters.indexOf('s') >= 0) {
            verbs.add(language.of("查看", "View"));
        }
        if (letters.indexOf('c') >= 0) {
            verbs.add(language.of("新建", verbs.isEmpty() ? "Create" : "create"));
        }
        if (letters.indexOf('u') >= 0) {
            verbs.add(language.of("修改", verbs.isEmpty() ? "Change" : "change"));
        }
        if (letters.indexOf('d') >= 0) {
            verbs.add(language.of("删除", verbs.isEmpty() ? "Delete" : "delete"));
        }
        return verbs;
    }

    private static Words plain(String scope, Language language) {
        return switch (scope) {
            case "openid" ->
                new Words(
                        language.of("确认您的身份", "Know who you are"),
                        language.of("应用得知您已登录本系统", "The app learns that you have signed in here"));
            case "profile" ->
                new Words(
                        language.of("您的姓名与岗位", "Your name and position"),
                        language.of("姓名、用户名、角色与科室", "Name, user name, roles and departments"));
            case "fhirUser" ->
                new Words(
                        language.of("您的人员档案", "Your staff record"),
                        language.of("本系统中代表您的人员编号", "The record that stands for you in this hub"));
            case SmartScope.OFFLINE ->
                new Words(
                        language.of("保持连接", "Stay connected"),
                        language.of("您暂时离开时仍可继续访问，退出登录即失效", "Keeps its access while you are away, until you sign out"));
            case SmartScope.ONLINE ->
                new Words(
                        language.of("工作期间保持连接", "Stay connected while you work"),
                        language.of("仅在您使用本系统期间有效", "Only while you are using the hub"));
            case SmartScope.LAUNCH, SmartScope.LAUNCH_PATIENT ->
                new Words(
                        language.of("当前患者", "The current patient"),
                        language.of("应用得知正在处理哪位患者", "The app learns whose record is open"));
            case SmartScope.LAUNCH_ENCOUNTER ->
                new Words(
                        language.of("当前就诊", "The current encounter"),
                        language.of("应用得知正在处理哪次就诊", "The app learns which encounter is open"));
            default -> new Words(scope, "");
        };
    }

    private static String word(Map<String, String[]> words, String code, Language language) {
        return Optional.ofNullable(words.get(code))
                .map(pair -> language.of(pair[0], pair[1]))
                .orElse(code);
    }

    private static String capitalized(String text, Language language) {
        return language == Language.ENGLISH && !text.isEmpty()
                ? Character.toUpperCase(text.charAt(0)) + text.substring(1)
                : text;
    }
}

package org.trefoilhub.hub.smart;

import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.util.HtmlUtils;
import org.springframework.web.util.UriComponentsBuilder;
import org.trefoilhub.hub.smart.LoginPages.Language;

/** The pages between an app's request and its code: choice of a patient, choice of an encounter, consent. */
final class AppPages {

    private static final String PATIENT = template("patient.html");
    private static final String ENCOUNTER = template("encounter.html");
    private static final String CONSENT = template("consent.html");
    private static final DateTimeFormatter DAY = DateTimeFormatter.ofPattern("yyyy-MM-dd");
    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");
    private static final Map<String, String[]> CLASSES = Map.of(
            "AMB", new String[] {"门诊", "Outpatient"},
            "EMER", new String[] {"急诊", "Emergency"},
            "IMP", new String[] {"住院", "Inpatient"},
            "ACUTE", new String[] {"住院", "Inpatient"},
            "OBSENC", new String[] {"留观", "Observation"},
            "SS", new String[] {"日间", "Short stay"},
            "VR", new String[] {"远程", "Virtual"},
            "HH", new String[] {"居家", "Home health"});

    private final LoginPages pages;
    private final ZoneId zone;
    private final Clock clock;

    AppPages(LoginPages pages, ZoneId zone, Clock clock) {
        this.pages = pages;
        this.zone = zone;
        this.clock = clock;
    }

    ResponseEntity<String> patients(
            HttpServletRequest request,
            CsrfToken csrf,
            AppController.Waiting waiting,
            @Nullable String text,
            List<LaunchRecords.FoundPatient> found) {
        return pages.page(request, csrf, HttpStatus.OK, language -> {
            Map<String, String> values = common(waiting);
            values.put("lead", language.of("需要知道处理哪位患者", "needs to know whose record to open"));
            values.put("query", text == null ? "" : text);
            values.put("query-label", language.of("姓名或患者编号", "Name or patient number"));
            values.put("search", language.of("查找", "Search"));
            values.put("cancel", language.of("取消", "Cancel"));
            String message = "";
            if (text != null && !text.isBlank()) {
                message = found.isEmpty()
                        ? LoginPages.alert(
                                false,
                                language.of(
                                        "没有找到您有权查看的患者。请输入姓名开头，或完整的患者编号。",
                                        "No patient that you may see was found. Type the beginning of a name or the whole number."))
                        : "<p class=\"count\" role=\"status\">"
                                + HtmlUtils.htmlEscape(
                                        found.size() < LaunchRecords.LIMIT
                                                ? language.of(
                                                        "找到 " + found.size() + " 位患者",
                                                        found.size() + (found.size() == 1 ? " patient" : " patients"))
                                                : language.of(
                                                        "仅显示前 " + found.size() + " 位，请输入更多文字",
                                                        "The first " + found.size() + "; type more to narrow it down"),
                                        "UTF-8")
                                + "</p>";
            }
            return card(
                    waiting,
                    language.of("选择患者", "Choose a patient"),
                    PATIENT,
                    values,
                    Map.of("message", message, "choices", patientButtons(found, language)));
        });
    }

    ResponseEntity<String> encounters(
            HttpServletRequest request,
            CsrfToken csrf,
            AppController.Waiting waiting,
            LaunchRecords.@Nullable FoundPatient patient,
            List<LaunchRecords.FoundEncounter> found) {
        return pages.page(request, csrf, HttpStatus.OK, language -> {
            Map<String, String> values = common(waiting);
            values.put("lead", language.of("需要知道处理哪次就诊", "needs to know which encounter to open"));
            values.put("none", language.of("不选择就诊", "No encounter"));
            return card(
                    waiting,
                    language.of("选择就诊", "Choose an encounter"),
                    ENCOUNTER,
                    values,
                    Map.of("patient", banner(patient, language), "choices", encounterButtons(found, language)));
        });
    }

    ResponseEntity<String> consent(
            HttpServletRequest request,
            CsrfToken csrf,
            AppController.Waiting waiting,
            LaunchRecords.@Nullable FoundPatient patient,
            Set<String> asked) {
        return pages.page(request, csrf, HttpStatus.OK, language -> {
            Map<String, String> values = common(waiting);
            String person = waiting.person().displayName();
            values.put("lead", language.of("请求以“" + person + "”的身份访问", "asks for access as " + person));
            values.put(
                    "legend",
                    language.of(
                            "共 " + asked.size() + " 项，可取消不同意的项目",
                            asked.size() == 1
                                    ? "1 item; untick it if you do not agree"
                                    : asked.size() + " items; untick what you do not agree to"));
            values.put("allow", language.of("同意并继续", "Allow"));
            values.put("refuse", language.of("拒绝", "Refuse"));
            values.put(
                    "remember",
                    language.of(
                            "将记住您的选择，应用请求的范围改变时再次询问。应用看到的内容不会超出您自己的权限。",
                            "Your choice is remembered until the app asks for something else. The app never sees more than you may see."));
            return card(
                    waiting,
                    language.of("应用授权", "Allow an app"),
                    CONSENT,
                    values,
                    Map.of("patient", banner(patient, language), "scopes", scopeBoxes(asked, language)));
        });
    }

    private static Map<String, String> common(AppController.Waiting waiting) {
        Map<String, String> values = new HashMap<>();
        values.put("state", waiting.state());
        values.put("app", waiting.app().displayName());
        values.put("initial", waiting.app().displayName().substring(0, 1));
        return values;
    }

    private static LoginPages.Card card(
            AppController.Waiting waiting,
            String title,
            String template,
            Map<String, String> values,
            Map<String, String> markup) {
        String self = UriComponentsBuilder.fromPath(SmartAddresses.APP)
                .queryParam("state", "{state}")
                .encode()
                .buildAndExpand(waiting.state())
                .toUriString();
        return new LoginPages.Card(self, title, template, values, markup, List.of());
    }

    private String patientButtons(List<LaunchRecords.FoundPatient> found, Language language) {
        StringBuilder buttons = new StringBuilder();
        for (LaunchRecords.FoundPatient patient : found) {
            buttons.append(button("patient", patient.id(), patient.name(), about(patient, language)));
        }
        return buttons.toString();
    }

    private String encounterButtons(List<LaunchRecords.FoundEncounter> found, Language language) {
        StringBuilder buttons = new StringBuilder();
        for (LaunchRecords.FoundEncounter encounter : found) {
            String[] kind = CLASSES.get(String.valueOf(encounter.kind()));
            String title = (kind == null ? language.of("就诊", "Encounter") : language.of(kind[0], kind[1]))
                    + (encounter.active() ? language.of(" · 进行中", " · in progress") : "");
            String start = encounter.start() == null
                    ? null
                    : MINUTE.format(encounter.start().atZone(zone));
            buttons.append(button("encounter", encounter.id(), title, joined(encounter.place(), start)));
        }
        return buttons.toString();
    }

    private String banner(LaunchRecords.@Nullable FoundPatient patient, Language language) {
        return patient == null
                ? ""
                : "<p class=\"whose\"><span>%s</span><strong>%s</strong><small>%s</small></p>"
                        .formatted(
                                language.of("当前患者", "Patient"),
                                escape(patient.name()),
                                escape(about(patient, language)));
    }

    private String about(LaunchRecords.FoundPatient patient, Language language) {
        String gender =
                switch (String.valueOf(patient.gender())) {
                    case "male" -> language.of("男", "male");
                    case "female" -> language.of("女", "female");
                    default -> null;
                };
        LocalDate birth = patient.birthDate();
        String age = birth == null ? null : age(birth, language);
        return joined(gender, age, birth == null ? null : DAY.format(birth), patient.number());
    }

    private String age(LocalDate birth, Language language) {
        Period age = Period.between(birth, LocalDate.ofInstant(clock.instant(), zone));
        return age.getYears() > 0
                ? language.of(age.getYears() + " 岁", age.getYears() + " y")
                : language.of(age.getMonths() + " 个月", age.getMonths() + " mo");
    }

    private static String scopeBoxes(Set<String> asked, Language language) {
        StringBuilder boxes = new StringBuilder();
        int number = 0;
        for (String scope : ScopeWords.inOrder(asked)) {
            ScopeWords.Words words = ScopeWords.of(scope, language);
            String id = "scope-" + number++;
            boxes.append(
                    "<li><input type=\"checkbox\" name=\"scope\" id=\"%s\" value=\"%s\" checked><label for=\"%s\">%s<small>%s</small></label></li>\n"
                            .formatted(id, escape(scope), id, escape(words.title()), escape(words.detail())));
        }
        return boxes.toString();
    }

    private static String button(String name, String value, String title, String note) {
        return "<button class=\"choice\" type=\"submit\" name=\"%s\" value=\"%s\">%s<small>%s</small></button>\n"
                .formatted(name, escape(value), escape(title), escape(note));
    }

    private static String joined(@Nullable String... parts) {
        return String.join(
                " · ",
                Stream.of(parts).filter(part -> part != null && !part.isBlank()).toList());
    }

    private static String escape(String text) {
        return HtmlUtils.htmlEscape(text, "UTF-8");
    }

    private static String template(String name) {
        return LoginPages.template(AppPages.class, name);
    }
}

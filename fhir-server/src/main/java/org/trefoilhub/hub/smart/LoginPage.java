package org.trefoilhub.hub.smart;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.web.util.HtmlUtils;

/**
 * The HTML of the login and logout pages: one template, two languages, no script, nothing from elsewhere. Every value is
 * escaped when it is put in; an unknown placeholder is our mistake and fails.
 */
final class LoginPage {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z-]+)\\}\\}");
    private static final String SHELL = template("shell.html");
    private static final String LOGIN = template("login.html");
    private static final String LOGOUT = template("logout.html");
    private static final String ALERT = template("alert.html");
    private static final String DEMO = template("demo.html");

    /** Language of the page. */
    enum Language {
        CHINESE("zh-CN", "en", "English"),
        ENGLISH("en", "zh", "中文");

        private final String tag;
        private final String other;
        private final String otherName;

        Language(String tag, String other, String otherName) {
            this.tag = tag;
            this.other = other;
            this.otherName = otherName;
        }

        /** Value of the language cookie. */
        String tag() {
            return this == ENGLISH ? "en" : "zh";
        }
    }

    /** What the page has to say about the last attempt. */
    enum Message {
        NONE("", "", ""),
        WRONG_PASSWORD("error", "用户名或口令不正确，请重试。", "The user name or password is not correct. Please try again."),
        EXPIRED("info", "页面已过期，请重新登录。", "The page has expired. Please sign in again."),
        LOGGED_OUT("info", "您已安全退出。", "You have signed out.");

        private final String kind;
        private final String chinese;
        private final String english;

        Message(String kind, String chinese, String english) {
            this.kind = kind;
            this.chinese = chinese;
            this.english = english;
        }
    }

    private LoginPage() {}

    static String login(
            Language language, Message message, String csrfName, String csrfToken, String nonce, boolean demo) {
        Map<String, String> values = words(language);
        values.put("csrf-name", csrfName);
        values.put("csrf-token", csrfToken);
        String alert = "";
        if (message != Message.NONE) {
            values.put("alert-kind", message.kind);
            values.put("alert-role", message == Message.WRONG_PASSWORD ? "alert" : "status");
            values.put("alert-text", language == Language.ENGLISH ? message.english : message.chinese);
            alert = fill(ALERT, values);
        }
        values.put("invalid", message == Message.WRONG_PASSWORD ? "true" : "false");
        String card = fill(LOGIN.replace("<!--alert-->", alert).replace("<!--demo-->", demo ? DEMO : ""), values);
        return shell(card, values, nonce, SmartAddresses.LOGIN);
    }

    static String logout(Language language, String csrfName, String csrfToken, String nonce) {
        Map<String, String> values = words(language);
        values.put("csrf-name", csrfName);
        values.put("csrf-token", csrfToken);
        values.put("title", values.get("logout-title"));
        return shell(fill(LOGOUT, values), values, nonce, SmartAddresses.LOGOUT);
    }

    private static String shell(String card, Map<String, String> values, String nonce, String self) {
        values.put("nonce", nonce);
        values.put("self", self);
        int slot = SHELL.indexOf("<!--card-->");
        return fill(SHELL.substring(0, slot), values)
                + card
                + fill(SHELL.substring(slot + "<!--card-->".length()), values);
    }

    private static Map<String, String> words(Language language) {
        boolean english = language == Language.ENGLISH;
        Map<String, String> words = new HashMap<>();
        words.put("lang", language.tag);
        words.put("other-lang", language.other);
        words.put("other-name", language.otherName);
        words.put("product", english ? "Trefoil Hub" : "三叶影像枢纽");
        words.put("product-second", english ? "三叶影像枢纽" : "Trefoil Hub");
        words.put("tagline", english ? "One hub for images, reports and records" : "影像、报告与病历，一处相连");
        words.put("tagline-second", "FHIR R4 · DICOMweb · SMART");
        words.put("title", english ? "Sign in" : "登录");
        words.put("lead", english ? "Use your hospital account" : "请使用医院账号登录");
        words.put("username", english ? "User name" : "用户名");
        words.put("password", english ? "Password" : "口令");
        words.put("submit", english ? "Sign in" : "登 录");
        words.put(
                "notice",
                english
                        ? "For authorized staff only. Do not leave the page open on a shared workstation."
                        : "仅限授权医务人员使用，离开工作站前请退出登录。");
        words.put("demo", english ? "Demo" : "演示");
        words.put(
                "demo-text",
                english ? "e.g. user radiologist, password trefoil-demo" : "例如用户 radiologist，口令 trefoil-demo");
        words.put("logout-title", english ? "Sign out" : "退出登录");
        words.put(
                "logout-lead",
                english ? "All open pages of this session will be closed to you." : "退出后，本次登录打开的所有页面都将失效。");
        words.put("logout-submit", english ? "Sign out" : "确认退出");
        words.put("back", english ? "Back to the console" : "返回控制台");
        return words;
    }

    private static String fill(String template, Map<String, String> values) {
        Matcher matcher = PLACEHOLDER.matcher(template);
        StringBuilder filled = new StringBuilder();
        while (matcher.find()) {
            String value = values.get(matcher.group(1));
            if (value == null) {
                throw new IllegalStateException("the page has the unknown placeholder " + matcher.group(1));
            }
            matcher.appendReplacement(filled, Matcher.quoteReplacement(HtmlUtils.htmlEscape(value, "UTF-8")));
        }
        return matcher.appendTail(filled).toString();
    }

    private static String template(String name) {
        try (InputStream in = LoginPage.class.getResourceAsStream("pages/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the page template " + name + " is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the page template " + name + " cannot be read", e);
        }
    }
}

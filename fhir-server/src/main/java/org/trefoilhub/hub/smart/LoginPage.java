package org.trefoilhub.hub.smart;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.web.util.HtmlUtils;
import org.trefoilhub.hub.smart.LoginPages.Card;
import org.trefoilhub.hub.smart.LoginPages.Language;

/**
 * The HTML of the login and logout pages: one template, two languages, nothing from elsewhere. Every value is escaped when
 * it is put in; an unknown placeholder is our mistake and fails.
 */
final class LoginPage {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{\\{([a-z-]+)\\}\\}");
    private static final String SHELL = template("shell.html");
    private static final String LOGIN = template("login.html");
    private static final String LOGOUT = template("logout.html");
    private static final String ALERT = template("alert.html");
    private static final String DEMO = template("demo.html");

    /** What the page has to say about the last attempt. */
    enum Message {
        NONE("", "info", "", ""),
        WRONG_PASSWORD(
                "error", "error", "用户名或口令不正确，请重试。", "The user name or password is not correct. Please try again."),
        EXPIRED("expired", "info", "页面已过期，请重新登录。", "The page has expired. Please sign in again."),
        LOGGED_OUT("logout", "info", "您已安全退出。", "You have signed out."),
        WAIT("wait", "error", "尝试次数过多，请稍后再试。", "Too many attempts. Please try again later."),
        NO_ACCOUNT(
                "no-account",
                "error",
                "您的身份已确认，但本系统没有您的账号，请联系信息科。",
                "You were recognized, but have no account here. Please ask the information department."),
        DISABLED(
                "disabled",
                "error",
                "您的账号已停用或岗位已结束，请联系信息科。",
                "Your account is disabled or your position has ended. Please ask the information department."),
        SSO_FAILED(
                "sso-failed",
                "error",
                "医院统一认证未成功，请重试或使用其他方式登录。",
                "The hospital sign-in did not succeed. Please try again or choose another way."),
        TICKET_REFUSED(
                "ticket-refused",
                "error",
                "登录票据无效、已过期或已使用过，请从工作站重新打开。",
                "The ticket is not valid, has expired or was used before. Please open the page again from your workstation.");

        private final String parameter;
        private final String kind;
        private final String chinese;
        private final String english;

        Message(String parameter, String kind, String chinese, String english) {
            this.parameter = parameter;
            this.kind = kind;
            this.chinese = chinese;
            this.english = english;
        }

        /** The message that a parameter of the page's address names. */
        static Optional<Message> named(String parameter) {
            return Stream.of(values())
                    .filter(message -> message != NONE && message.parameter.equals(parameter))
                    .findFirst();
        }
    }

    private LoginPage() {}

    static Card login(Language language, Message message, String otherWays, boolean demo) {
        Map<String, String> values = new HashMap<>();
        String alert = message == Message.NONE
                ? ""
                : alert(message.kind.equals("error"), language.of(message.chinese, message.english));
        values.put("invalid", message == Message.WRONG_PASSWORD ? "true" : "false");
        return new Card(
                SmartAddresses.LOGIN,
                words(language).get("title"),
                LOGIN,
                values,
                Map.of("alert", alert, "demo", demo ? fill(DEMO, words(language)) : "", "other-ways", otherWays),
                List.of());
    }

    static Card logout(Language language) {
        return new Card(
                SmartAddresses.LOGOUT, words(language).get("logout-title"), LOGOUT, Map.of(), Map.of(), List.of());
    }

    /** A message above a form. */
    static String alert(boolean error, String text) {
        return fill(
                ALERT,
                Map.of(
                        "alert-kind",
                        error ? "error" : "info",
                        "alert-role",
                        error ? "alert" : "status",
                        "alert-text",
                        text));
    }

    static String page(Language language, Card card, String csrfName, String csrfToken, String nonce) {
        Map<String, String> values = words(language);
        values.putAll(card.values());
        values.put("title", card.title());
        values.put("csrf-name", csrfName);
        values.put("csrf-token", csrfToken);
        values.put("nonce", nonce);
        values.put(
                "other-lang-link",
                card.self() + (card.self().indexOf('?') < 0 ? '?' : '&') + "lang=" + language.other());
        String filled = fill(card.template(), values);
        for (Map.Entry<String, String> part : card.markup().entrySet()) {
            filled = filled.replace("<!--" + part.getKey() + "-->", part.getValue());
        }
        int slot = SHELL.indexOf("<!--card-->");
        return fill(SHELL.substring(0, slot), values)
                + filled
                + fill(SHELL.substring(slot + "<!--card-->".length()), values);
    }

    /** Links to the ways to log in that the page does not show. */
    static String otherWays(Language language, String shown, List<LoginOffer> offers) {
        List<LoginOffer> others = Stream.concat(
                        Stream.of(new LoginOffer(SmartAddresses.LOGIN, "口令登录", "Password", 0)), offers.stream())
                .filter(offer -> !offer.path().equals(shown))
                .sorted(Comparator.comparingInt(LoginOffer::rank))
                .toList();
        if (others.isEmpty()) {
            return "";
        }
        StringBuilder links =
                new StringBuilder("<nav class=\"ways\" aria-label=\"{{other-ways}}\">\n<p>{{other-ways}}</p>\n");
        for (LoginOffer offer : others) {
            links.append("<a href=\"")
                    .append(escape(offer.path()))
                    .append("\">")
                    .append(escape(language.of(offer.chinese(), offer.english())))
                    .append("</a>\n");
        }
        return fill(links.append("</nav>").toString(), words(language));
    }

    private static Map<String, String> words(Language language) {
        Map<String, String> words = new HashMap<>();
        words.put("lang", language.tag());
        words.put("other-lang", language.other());
        words.put("other-name", language.otherName());
        words.put("product", language.of("三叶影像枢纽", "Trefoil Hub"));
        words.put("product-second", language.of("Trefoil Hub", "三叶影像枢纽"));
        words.put("tagline", language.of("影像、报告与病历，一处相连", "One hub for images, reports and records"));
        words.put("tagline-second", "FHIR R4 · DICOMweb · SMART");
        words.put("title", language.of("登录", "Sign in"));
        words.put("lead", language.of("请使用医院账号登录", "Use your hospital account"));
        words.put("username", language.of("用户名", "User name"));
        words.put("password", language.of("口令", "Password"));
        words.put("submit", language.of("登 录", "Sign in"));
        words.put("other-ways", language.of("其他登录方式", "Other ways to sign in"));
        words.put(
                "notice",
                language.of(
                        "仅限授权医务人员使用，离开工作站前请退出登录。",
                        "For authorized staff only. Do not leave the page open on a shared workstation."));
        words.put("demo", language.of("演示", "Demo"));
        words.put(
                "demo-text",
                language.of("例如用户 radiologist，口令 trefoil-demo", "e.g. user radiologist, password trefoil-demo"));
        words.put("logout-title", language.of("退出登录", "Sign out"));
        words.put(
                "logout-lead",
                language.of("退出后，本次登录打开的所有页面都将失效。", "All open pages of this session will be closed to you."));
        words.put("logout-submit", language.of("确认退出", "Sign out"));
        words.put("back", language.of("返回控制台", "Back to the console"));
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
            matcher.appendReplacement(filled, Matcher.quoteReplacement(escape(value)));
        }
        return matcher.appendTail(filled).toString();
    }

    private static String escape(String text) {
        return HtmlUtils.htmlEscape(text, "UTF-8");
    }

    private static String template(String name) {
        return LoginPages.template(LoginPage.class, name);
    }
}

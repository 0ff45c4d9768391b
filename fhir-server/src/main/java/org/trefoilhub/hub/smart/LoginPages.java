package org.trefoilhub.hub.smart;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.csrf.CsrfToken;

/**
 * Answers with pages that look like the login page: two languages, nothing from elsewhere, script only where a page brings
 * its own. Thread-safe.
 */
public final class LoginPages {

    private static final String LANGUAGE_COOKIE = "trefoil-lang";
    private static final MediaType HTML = MediaType.parseMediaType("text/html;charset=UTF-8");

    private final SecureRandom random = new SecureRandom();
    private final SmartAddresses addresses;
    private final List<LoginOffer> offers;

    LoginPages(SmartAddresses addresses, List<LoginOffer> offers) {
        this.addresses = addresses;
        this.offers = offers;
    }

    /** The language of a page. */
    public enum Language {
        /** Chinese, unless English was chosen. */
        CHINESE("zh-CN", "zh", "en", "English"),
        /** English. */
        ENGLISH("en", "en", "zh", "中文");

        private final String tag;
        private final String word;
        private final String other;
        private final String otherName;

        Language(String tag, String word, String other, String otherName) {
            this.tag = tag;
            this.word = word;
            this.other = other;
            this.otherName = otherName;
        }

        /**
         * One of two texts.
         *
         * @param chinese the text in Chinese
         * @param english the text in English
         * @return that of this language
         */
        public String of(String chinese, String english) {
            return this == ENGLISH ? english : chinese;
        }

        String tag() {
            return tag;
        }

        String other() {
            return other;
        }

        String otherName() {
            return otherName;
        }
    }

    /**
     * What one page shows.
     *
     * @param self path of the page with the query that it needs, for its language link
     * @param title title, in the page's language
     * @param template HTML with {@code {{placeholders}}}; {@code csrf-name}, {@code csrf-token} and {@code nonce} are given
     * @param values texts of the other placeholders; escaped when they are put in
     * @param markup HTML of our own making that replaces {@code <!--name-->}
     * @param connects origins beside our own that the page's script may call
     */
    public record Card(
            String self,
            String title,
            String template,
            Map<String, String> values,
            Map<String, String> markup,
            List<String> connects) {

        /** Copies the collections. */
        public Card {
            values = Map.copyOf(values);
            markup = Map.copyOf(markup);
            connects = List.copyOf(connects);
        }
    }

    /**
     * Answers with a page.
     *
     * @param request request to answer; {@code lang} in it chooses the language
     * @param csrf its CSRF token
     * @param card what the page shows, by language
     * @return the answer, never cached
     */
    public ResponseEntity<String> page(HttpServletRequest request, CsrfToken csrf, Function<Language, Card> card) {
        return page(request, csrf, HttpStatus.OK, card);
    }

    /**
     * Answers with a page and a status.
     *
     * @param request request to answer; {@code lang} in it chooses the language
     * @param csrf its CSRF token
     * @param status HTTP status
     * @param card what the page shows, by language
     * @return the answer, never cached
     */
    public ResponseEntity<String> page(
            HttpServletRequest request, CsrfToken csrf, HttpStatus status, Function<Language, Card> card) {
        String chosen = request.getParameter("lang");
        Language language = language(request, chosen);
        String nonce = nonce();
        Card shown = card.apply(language);
        String html = LoginPage.page(language, shown, csrf.getParameterName(), csrf.getToken(), nonce);
        ResponseEntity.BodyBuilder answer = ResponseEntity.status(status)
                .contentType(HTML)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header("Content-Security-Policy", contentSecurityPolicy(nonce, shown.connects()))
                .header("Referrer-Policy", "no-referrer");
        if (chosen != null) {
            answer.header(
                    HttpHeaders.SET_COOKIE,
                    ResponseCookie.from(LANGUAGE_COOKIE, language.word)
                            .path("/")
                            .sameSite("Lax")
                            .httpOnly(true)
                            .secure(addresses.secure())
                            .maxAge(Duration.ofDays(365))
                            .build()
                            .toString());
        }
        return answer.body(html);
    }

    /**
     * The links to every way to log in but the one that is shown.
     *
     * @param language language of the page
     * @param shown path of the way that the page shows
     * @return HTML, empty when there is no other way
     */
    public String otherWays(Language language, String shown) {
        return LoginPage.otherWays(language, shown, offers);
    }

    /**
     * A message above a form, for the slot {@code <!--alert-->}.
     *
     * @param error whether something went wrong
     * @param text the message; escaped
     * @return HTML
     */
    public static String alert(boolean error, String text) {
        return LoginPage.alert(error, text);
    }

    /**
     * Reads a template that lies in the folder {@code pages} beside a class.
     *
     * @param owner the class
     * @param name file name
     * @return its text
     * @throws IllegalStateException when the jar lacks it
     */
    public static String template(Class<?> owner, String name) {
        try (InputStream in = owner.getResourceAsStream("pages/" + name)) {
            if (in == null) {
                throw new IllegalStateException("the page template " + name + " is missing from the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("the page template " + name + " cannot be read", e);
        }
    }

    private static String contentSecurityPolicy(String nonce, List<String> connects) {
        StringBuilder connect = new StringBuilder("'self'");
        connects.forEach(origin -> connect.append(' ').append(origin));
        // form-action is left out: browsers apply it to the redirect that leads back to the app.
        return "default-src 'none'; style-src 'nonce-" + nonce + "'; script-src 'nonce-" + nonce + "'; connect-src "
                + connect + "; img-src data:; base-uri 'none'; frame-ancestors 'none'";
    }

    /** Chinese unless English was chosen, now or before. */
    private static Language language(HttpServletRequest request, @Nullable String chosen) {
        String language = chosen;
        Cookie[] cookies = request.getCookies();
        if (language == null && cookies != null) {
            for (Cookie cookie : cookies) {
                if (LANGUAGE_COOKIE.equals(cookie.getName())) {
                    language = cookie.getValue();
                }
            }
        }
        return "en".equals(language) ? Language.ENGLISH : Language.CHINESE;
    }

    private String nonce() {
        byte[] bytes = new byte[18];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}

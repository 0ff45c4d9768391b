package org.trefoilhub.hub.smart;

import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Serves the login and logout pages; the posts go to the security chain. */
@RestController
class LoginController {

    private static final String LANGUAGE_COOKIE = "trefoil-lang";
    private static final MediaType HTML = MediaType.parseMediaType("text/html;charset=UTF-8");

    private final SecureRandom random = new SecureRandom();
    private final SmartAddresses addresses;
    private final boolean demo;

    LoginController(SmartAddresses addresses, Environment environment) {
        this.addresses = addresses;
        this.demo = environment.acceptsProfiles(Profiles.of("demo"));
    }

    @GetMapping(path = SmartAddresses.LOGIN, produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<String> login(
            HttpServletRequest request,
            CsrfToken csrf,
            @RequestParam(name = "lang", required = false) @Nullable String lang) {
        LoginPage.Message message = LoginPage.Message.NONE;
        if (request.getParameter("error") != null) {
            message = LoginPage.Message.WRONG_PASSWORD;
        } else if (request.getParameter("expired") != null) {
            message = LoginPage.Message.EXPIRED;
        } else if (request.getParameter("logout") != null) {
            message = LoginPage.Message.LOGGED_OUT;
        }
        LoginPage.Language language = language(request, lang);
        String nonce = nonce();
        return page(
                LoginPage.login(language, message, csrf.getParameterName(), csrf.getToken(), nonce, demo),
                nonce,
                lang,
                language);
    }

    @GetMapping(path = SmartAddresses.LOGOUT, produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<String> logout(
            HttpServletRequest request,
            CsrfToken csrf,
            @RequestParam(name = "lang", required = false) @Nullable String lang) {
        LoginPage.Language language = language(request, lang);
        String nonce = nonce();
        return page(LoginPage.logout(language, csrf.getParameterName(), csrf.getToken(), nonce), nonce, lang, language);
    }

    private ResponseEntity<String> page(String html, String nonce, @Nullable String lang, LoginPage.Language language) {
        ResponseEntity.BodyBuilder answer = ResponseEntity.ok()
                .contentType(HTML)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                // form-action is left out: browsers apply it to the redirect that leads back to the app.
                .header(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'nonce-" + nonce
                                + "'; img-src data:; base-uri 'none'; frame-ancestors 'none'")
                .header("Referrer-Policy", "no-referrer");
        if (lang != null) {
            answer.header(
                    HttpHeaders.SET_COOKIE,
                    ResponseCookie.from(LANGUAGE_COOKIE, language.tag())
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

    /** Chinese unless English was chosen, now or before. */
    private static LoginPage.Language language(HttpServletRequest request, @Nullable String chosen) {
        String language = chosen;
        Cookie[] cookies = request.getCookies();
        if (language == null && cookies != null) {
            for (Cookie cookie : cookies) {
                if (LANGUAGE_COOKIE.equals(cookie.getName())) {
                    language = cookie.getValue();
                }
            }
        }
        return "en".equals(language) ? LoginPage.Language.ENGLISH : LoginPage.Language.CHINESE;
    }

    private String nonce() {
        byte[] bytes = new byte[18];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}

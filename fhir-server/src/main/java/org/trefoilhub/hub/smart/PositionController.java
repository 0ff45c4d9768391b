package org.trefoilhub.hub.smart;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.Cookie;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseCookie;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.HtmlUtils;
import org.trefoilhub.hub.smart.account.Position;
import org.trefoilhub.hub.smart.account.UserAccount;

/**
 * Lets a person with several positions choose one, after he has proven who he is and before he is in. The last choice at
 * this browser comes first and is marked; it is offered, never taken by itself.
 */
@RestController
class PositionController {

    private static final String LAST_CHOICE = "trefoil-position";
    private static final Duration REMEMBERED = Duration.ofDays(180);
    private static final String PAGE = LoginPages.template(PositionController.class, "position.html");

    private final SmartAddresses addresses;
    private final LoginPages pages;
    private final PersonLogin logins;

    PositionController(SmartAddresses addresses, LoginPages pages, PersonLogin logins) {
        this.addresses = addresses;
        this.pages = pages;
        this.logins = logins;
    }

    @GetMapping(path = SmartAddresses.CHOOSE_POSITION, produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<String> choices(HttpServletRequest request, CsrfToken csrf) {
        UserAccount person = logins.undecided(request).orElse(null);
        if (person == null) {
            return expired();
        }
        String last = lastChoice(request);
        return pages.page(
                request,
                csrf,
                language -> new LoginPages.Card(
                        SmartAddresses.CHOOSE_POSITION,
                        language.of("选择岗位", "Choose your position"),
                        PAGE,
                        Map.of(
                                "person",
                                person.displayName(),
                                "lead",
                                language.of(
                                        "您有多个岗位，请选择本次登录使用的岗位。",
                                        "You hold several positions. Choose the one you work in now.")),
                        Map.of("choices", choices(person, last, language)),
                        List.of()));
    }

    @PostMapping(SmartAddresses.CHOOSE_POSITION)
    @Nullable
    ResponseEntity<String> choose(
            HttpServletRequest request, HttpServletResponse response, @RequestParam("position") String position)
            throws IOException, ServletException {
        if (logins.undecided(request)
                .flatMap(person -> person.position(position))
                .isEmpty()) {
            return expired();
        }
        response.addHeader(
                HttpHeaders.SET_COOKIE,
                ResponseCookie.from(LAST_CHOICE, position)
                        .path(SmartAddresses.LOGIN)
                        .sameSite("Lax")
                        .httpOnly(true)
                        .secure(addresses.secure())
                        .maxAge(REMEMBERED)
                        .build()
                        .toString());
        return logins.choose(request, response, position) ? null : expired();
    }

    private static String choices(UserAccount person, @Nullable String last, LoginPages.Language language) {
        StringBuilder buttons = new StringBuilder();
        person.positions().stream()
                .sorted((a, b) ->
                        Boolean.compare(b.code().equals(last), a.code().equals(last)))
                .forEach(position ->
                        buttons.append(button(position, position.code().equals(last), language)));
        return buttons.toString();
    }

    private static String button(Position position, boolean last, LoginPages.Language language) {
        String departments = String.join(" · ", position.departments());
        String note = last ? departments + "　" + language.of("上次选择", "your last choice") : departments;
        return "<button class=\"choice%s\" type=\"submit\" name=\"position\" value=\"%s\"%s>%s<small>%s</small></button>\n"
                .formatted(
                        last ? " last" : "",
                        HtmlUtils.htmlEscape(position.code(), "UTF-8"),
                        last ? " autofocus" : "",
                        HtmlUtils.htmlEscape(position.displayName(), "UTF-8"),
                        HtmlUtils.htmlEscape(note, "UTF-8"));
    }

    private static ResponseEntity<String> expired() {
        return ResponseEntity.status(HttpStatus.FOUND)
                .header(HttpHeaders.LOCATION, SmartAddresses.LOGIN + "?expired")
                .build();
    }

    private static @Nullable String lastChoice(HttpServletRequest request) {
        Cookie[] cookies = request.getCookies();
        if (cookies != null) {
            for (Cookie cookie : cookies) {
                if (LAST_CHOICE.equals(cookie.getName())) {
                    return cookie.getValue();
                }
            }
        }
        return null;
    }
}

package org.trefoilhub.hub.smart;

import jakarta.servlet.http.HttpServletRequest;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Serves the login and logout pages; the posts go to the security chain. */
@RestController
class LoginController {

    private final LoginPages pages;
    private final boolean demo;

    LoginController(LoginPages pages, Environment environment) {
        this.pages = pages;
        this.demo = environment.acceptsProfiles(Profiles.of("demo"));
    }

    @GetMapping(path = SmartAddresses.LOGIN, produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<String> login(HttpServletRequest request, CsrfToken csrf) {
        LoginPage.Message message = request.getParameterMap().keySet().stream()
                .flatMap(name -> LoginPage.Message.named(name).stream())
                .findFirst()
                .orElse(LoginPage.Message.NONE);
        return pages.page(
                request,
                csrf,
                message == LoginPage.Message.WAIT ? HttpStatus.TOO_MANY_REQUESTS : HttpStatus.OK,
                language -> LoginPage.login(language, message, pages.otherWays(language, SmartAddresses.LOGIN), demo));
    }

    @GetMapping(path = SmartAddresses.LOGOUT, produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<String> logout(HttpServletRequest request, CsrfToken csrf) {
        return pages.page(request, csrf, LoginPage::logout);
    }
}

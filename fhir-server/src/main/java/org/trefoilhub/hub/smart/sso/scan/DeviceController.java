package org.trefoilhub.hub.smart.sso.scan;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.trefoilhub.hub.app.HubProperties;
import org.trefoilhub.hub.smart.LoginPages;
import org.trefoilhub.hub.smart.PersonLogin;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.hub.smart.account.ClientAccount;
import org.trefoilhub.hub.smart.account.UserAccount;

/**
 * The page on the phone, the verification address of RFC 8628: who is logged in sees what waits where, and confirms or
 * refuses. Who is not logged in logs in first and comes back. Nothing is confirmed without the form of this page.
 */
@RestController
class DeviceController {

    static final String PATH = "/login/device";
    private static final String ASK = LoginPages.template(DeviceController.class, "ask.html");
    private static final String CONFIRM = LoginPages.template(DeviceController.class, "confirm.html");
    private static final String DONE = LoginPages.template(DeviceController.class, "done.html");
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");

    private final ScanCodes codes;
    private final LoginPages pages;
    private final PersonLogin logins;
    private final AccountStore accounts;
    private final ZoneId zone;
    private final HttpSessionRequestCache cameFor = new HttpSessionRequestCache();

    DeviceController(ScanCodes codes, LoginPages pages, PersonLogin logins, AccountStore accounts, HubProperties hub) {
        this.codes = codes;
        this.pages = pages;
        this.logins = logins;
        this.accounts = accounts;
        this.zone = hub.zone();
        // The parameter that Spring adds to the address would only confuse who reads it.
        this.cameFor.setMatchingRequestParameterName(null);
    }

    @GetMapping(path = PATH, produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<String> show(
            HttpServletRequest request,
            HttpServletResponse response,
            CsrfToken csrf,
            @RequestParam(name = "user_code", required = false) @Nullable String userCode) {
        PersonLogin.Current person = logins.current(request).orElse(null);
        if (person == null) {
            cameFor.saveRequest(request, response);
            return ScanController.redirect("/login");
        }
        Optional<ScanCodes.Open> open =
                userCode == null || userCode.isBlank() ? Optional.empty() : codes.look(person.user(), userCode);
        if (open.isEmpty()) {
            return pages.page(request, csrf, language -> ask(language, userCode != null));
        }
        return pages.page(request, csrf, language -> confirm(language, person, open.get()));
    }

    @PostMapping(path = PATH, produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<String> decide(
            HttpServletRequest request,
            CsrfToken csrf,
            @RequestParam("user_code") String userCode,
            @RequestParam("decision") String decision) {
        PersonLogin.Current person = logins.current(request).orElse(null);
        if (person == null) {
            return ScanController.redirect("/login?expired");
        }
        boolean confirmed = decision.equals("confirm");
        if (!codes.decide(person.user(), person.session(), userCode, confirmed)) {
            return pages.page(request, csrf, language -> ask(language, true));
        }
        if (!confirmed) {
            logins.refused(person.user(), "scan", ScanErrorCode.NO_SUCH_CODE.code());
        }
        return pages.page(
                request,
                csrf,
                language -> new LoginPages.Card(
                        PATH,
                        confirmed ? language.of("已确认", "Confirmed") : language.of("已拒绝", "Refused"),
                        DONE,
                        Map.of(
                                "lead",
                                confirmed
                                        ? language.of(
                                                "另一台设备正在登录，您可以关闭此页面。",
                                                "The other device is being signed in. You can close this page.")
                                        : language.of(
                                                "另一台设备不会登录。若不是您本人操作，请联系信息科。",
                                                "The other device stays out. If it was not you, tell the information department.")),
                        Map.of(),
                        List.of()));
    }

    private static LoginPages.Card ask(LoginPages.Language language, boolean wrong) {
        return new LoginPages.Card(
                PATH,
                language.of("确认设备登录", "Confirm a device"),
                ASK,
                Map.of(
                        "lead",
                        language.of("请输入另一台设备上显示的核对码。", "Enter the code that the other device shows."),
                        "user-code",
                        language.of("核对码", "Code"),
                        "next",
                        language.of("下一步", "Next")),
                Map.of(
                        "alert",
                        wrong
                                ? LoginPages.alert(
                                        true,
                                        language.of(
                                                "二维码或核对码无效、已过期或已使用，请在另一台设备上刷新。",
                                                "The code is not valid, has expired or was used. Show a new one on the other device."))
                                : ""),
                List.of());
    }

    private LoginPages.Card confirm(LoginPages.Language language, PersonLogin.Current person, ScanCodes.Open open) {
        String name = accounts.user(person.user()).map(UserAccount::displayName).orElse(person.user());
        String client = open.asker().client();
        String what = client == null
                ? language.of("影像枢纽登录页", "the hub's sign-in page")
                : accounts.client(client).map(ClientAccount::displayName).orElse(client);
        return new LoginPages.Card(
                PATH,
                language.of("确认登录", "Confirm the sign-in"),
                CONFIRM,
                Map.ofEntries(
                        Map.entry(
                                "lead",
                                language.of(
                                        "以下设备请求以您的身份登录。请核对两边显示的核对码一致，且是您本人在操作。",
                                        "This device wants to be signed in as you. Check that both show the same code and that it is you.")),
                        Map.entry("user-code", open.userCode()),
                        Map.entry("person-label", language.of("账号", "Account")),
                        Map.entry("person", name),
                        Map.entry("what-label", language.of("登录到", "Sign in to")),
                        Map.entry("what", what),
                        Map.entry("where-label", language.of("设备", "Device")),
                        Map.entry(
                                "where",
                                open.asker().browser() + "，" + open.asker().address()),
                        Map.entry("when-label", language.of("时间", "Time")),
                        Map.entry("when", TIME.format(open.since().atZone(zone))),
                        Map.entry("confirm", language.of("确认登录", "Confirm")),
                        Map.entry("refuse", language.of("不是我，拒绝", "It is not me, refuse"))),
                Map.of(),
                List.of());
    }
}

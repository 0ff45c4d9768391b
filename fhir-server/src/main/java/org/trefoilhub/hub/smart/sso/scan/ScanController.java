package org.trefoilhub.hub.smart.sso.scan;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.trefoilhub.hub.app.HubProperties;
import org.trefoilhub.hub.smart.LoginPages;
import org.trefoilhub.hub.smart.LoginProof;
import org.trefoilhub.hub.smart.PersonLogin;

/**
 * The page that waits. It shows the user code as a QR code; the device code stays in the browser session of the page, so
 * that nobody else can use what is confirmed. The page asks every second and sends its form when it may come in.
 */
@RestController
@ConditionalOnProperty(name = ScanConfiguration.ENABLED, matchIfMissing = true)
class ScanController {

    static final String PATH = "/login/scan";
    private static final String DEVICE_CODE = ScanController.class.getName();
    private static final String PAGE = LoginPages.template(ScanController.class, "scan.html");

    private final ScanCodes codes;
    private final LoginPages pages;
    private final PersonLogin logins;
    private final String publicUrl;

    ScanController(ScanCodes codes, LoginPages pages, PersonLogin logins, HubProperties hub) {
        this.codes = codes;
        this.pages = pages;
        this.logins = logins;
        this.publicUrl = hub.publicUrl().toString();
    }

    @GetMapping(path = PATH, produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<String> show(HttpServletRequest request, CsrfToken csrf) {
        HttpSession session = request.getSession(true);
        if (session.getAttribute(DEVICE_CODE) instanceof String previous) {
            codes.cancel(previous);
        }
        ScanCodes.Issued code = codes.issue(new ScanCodes.Asker(
                null, Set.of(), request.getRemoteAddr(), Browsers.name(request.getHeader(HttpHeaders.USER_AGENT))));
        session.setAttribute(DEVICE_CODE, code.deviceCode());
        String address = publicUrl + DeviceController.PATH + "?user_code=" + code.userCode();
        return pages.page(
                request,
                csrf,
                language -> new LoginPages.Card(
                        PATH,
                        language.of("扫码登录", "Sign in by scanning"),
                        PAGE,
                        Map.of(
                                "lead",
                                language.of(
                                        "请用已登录的手机扫描二维码，并在手机上确认。",
                                        "Scan the code with a phone that is signed in, and confirm there."),
                                "code-label",
                                language.of("核对码", "Code"),
                                "user-code",
                                code.userCode(),
                                "handle",
                                handle(code.deviceCode()),
                                "waiting",
                                language.of("等待扫描…", "Waiting for the phone…"),
                                "seen",
                                language.of("已扫描，请在手机上确认。", "Scanned. Please confirm on the phone."),
                                "confirmed",
                                language.of("已确认，正在登录…", "Confirmed, signing you in…"),
                                "refused",
                                language.of("手机上已拒绝本次登录。", "The sign-in was refused on the phone."),
                                "gone",
                                language.of("二维码已失效。", "The code is not valid any more."),
                                "refresh",
                                language.of("刷新二维码", "Show a new code")),
                        Map.of(
                                "qr",
                                QrCode.svg(address, language.of("登录二维码", "sign-in code")),
                                "other-ways",
                                pages.otherWays(language, PATH)),
                        List.of()));
    }

    /** How far the code of this page is; a page whose code another tab has replaced is told that its code is gone. */
    @GetMapping(path = PATH + "/state", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, String>> state(HttpServletRequest request, @RequestParam("handle") String handle) {
        String deviceCode = deviceCode(request, handle);
        ScanCodes.State state = deviceCode == null ? ScanCodes.State.GONE : codes.state(deviceCode);
        return ResponseEntity.ok()
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(Map.of("state", state.name().toLowerCase(Locale.ROOT)));
    }

    @PostMapping(PATH)
    @Nullable
    ResponseEntity<String> enter(
            HttpServletRequest request, HttpServletResponse response, @RequestParam("handle") String handle)
            throws IOException, ServletException {
        String deviceCode = deviceCode(request, handle);
        ScanCodes.Confirmed confirmed =
                deviceCode == null ? null : codes.take(deviceCode).orElse(null);
        if (confirmed == null) {
            logins.refused(request, null, "scan", ScanErrorCode.NO_SUCH_CODE.code());
            return redirect(PATH);
        }
        request.getSession().removeAttribute(DEVICE_CODE);
        if (!logins.begin(request, response, confirmed.user(), LoginProof.of("scan"))) {
            logins.refused(request, confirmed.user(), "scan", ScanErrorCode.NO_ACCOUNT.code());
            return redirect(logins.refusalPage(confirmed.user()));
        }
        return null;
    }

    static ResponseEntity<String> redirect(String path) {
        return ResponseEntity.status(302).header(HttpHeaders.LOCATION, path).build();
    }

    private static @Nullable String deviceCode(HttpServletRequest request, String handle) {
        HttpSession session = request.getSession(false);
        return session != null
                        && session.getAttribute(DEVICE_CODE) instanceof String code
                        && handle(code).equals(handle)
                ? code
                : null;
    }

    /** Names the code of one page to the session that holds it; worthless elsewhere. */
    private static String handle(String deviceCode) {
        return Digests.sha256(deviceCode).substring(0, 16);
    }
}

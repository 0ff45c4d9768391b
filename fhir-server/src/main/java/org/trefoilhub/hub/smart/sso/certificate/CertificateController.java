package org.trefoilhub.hub.smart.sso.certificate;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.context.annotation.Conditional;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
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
 * Page, challenge and answer. A challenge belongs to the browser session that asked for it and serves one answer, right or
 * wrong; what has to be signed names the hub, so that a signature made for another place is worth nothing here.
 */
@RestController
@Conditional(TrustAnchorsSet.class)
class CertificateController {

    static final String PATH = "/login/certificate";
    private static final String CHALLENGE = CertificateController.class.getName();
    private static final String PAGE = LoginPages.template(CertificateController.class, "certificate.html");
    private static final int LONGEST_BASE64 = 16 * 1024;
    private static final int LONGEST_CHAIN = 4;

    private final SecureRandom random = new SecureRandom();
    private final CertificateProof proofs;
    private final CertificateUsers users;
    private final CertificateProperties properties;
    private final LoginPages pages;
    private final PersonLogin logins;
    private final String publicUrl;
    private final Clock clock;

    /** A challenge of a browser session. */
    record Challenge(String nonce, Instant until) {}

    CertificateController(
            CertificateProof proofs,
            CertificateUsers users,
            CertificateProperties properties,
            LoginPages pages,
            PersonLogin logins,
            HubProperties hub,
            Clock clock) {
        this.proofs = proofs;
        this.users = users;
        this.properties = properties;
        this.pages = pages;
        this.logins = logins;
        this.publicUrl = hub.publicUrl().toString();
        this.clock = clock;
    }

    @GetMapping(path = PATH, produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<String> show(HttpServletRequest request, CsrfToken csrf) {
        return page(request, csrf, null);
    }

    /** What the page gives to the agent to sign, in Base64. */
    @PostMapping(path = PATH + "/challenge", produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, String>> challenge(HttpServletRequest request) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        String nonce = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        request.getSession(true)
                .setAttribute(CHALLENGE, new Challenge(nonce, clock.instant().plus(properties.challengeLifetime())));
        return ResponseEntity.ok()
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .body(Map.of("data", Base64.getEncoder().encodeToString(toBeSigned(nonce))));
    }

    @PostMapping(path = PATH, produces = MediaType.TEXT_HTML_VALUE)
    @Nullable
    ResponseEntity<String> enter(
            HttpServletRequest request,
            HttpServletResponse response,
            CsrfToken csrf,
            @RequestParam("certificate") String certificate,
            @RequestParam(name = "chain", defaultValue = "") String chain,
            @RequestParam("algorithm") String algorithm,
            @RequestParam("signature") String signature)
            throws IOException, ServletException {
        String user = null;
        try {
            byte[] data = toBeSigned(nonce(request));
            List<byte[]> between = new ArrayList<>();
            for (String one : chain.isBlank() ? new String[0] : chain.strip().split("\\s+", LONGEST_CHAIN + 1)) {
                between.add(decode(one));
            }
            X509Certificate holder = proofs.check(decode(certificate), between, algorithm, decode(signature), data);
            user = users.user(holder)
                    .orElseThrow(() -> new CertificateException(
                            CertificateErrorCode.UNBOUND, "nobody is bound to the certificate"));
            LoginProof proof = new LoginProof("certificate", null, CertificateUsers.serial(holder), null);
            if (!logins.begin(request, response, user, proof)) {
                throw logins.isDisabled(user)
                        ? new CertificateException(CertificateErrorCode.DISABLED, "the bound user is disabled")
                        : new CertificateException(CertificateErrorCode.UNBOUND, "the bound user has no account");
            }
            return null;
        } catch (CertificateException e) {
            logins.refused(request, user, "certificate", e.code().code());
            return page(request, csrf, e.code());
        }
    }

    private ResponseEntity<String> page(
            HttpServletRequest request, CsrfToken csrf, @Nullable CertificateErrorCode refused) {
        String agent = properties.agentUrl().toString();
        return pages.page(
                request,
                csrf,
                refused == null ? HttpStatus.OK : HttpStatus.FORBIDDEN,
                language -> new LoginPages.Card(
                        PATH,
                        language.of("证书登录", "Sign in with a certificate"),
                        PAGE,
                        Map.of(
                                "lead",
                                language.of(
                                        "请插入 USB-Key 或打开云证书助手，然后点击登录。",
                                        "Insert the USB key or open the cloud certificate agent, then sign in."),
                                "submit",
                                language.of("证书登录", "Sign in"),
                                "agent",
                                agent.endsWith("/") ? agent.substring(0, agent.length() - 1) : agent,
                                "signing",
                                language.of("正在签名，请在证书助手中确认…", "Signing, please confirm in the agent…"),
                                "no-agent",
                                language.of(
                                        "未检测到证书助手，请启动后重试。",
                                        "The certificate agent was not found. Start it and try again."),
                                "no-signature",
                                language.of("证书助手未能签名：", "The agent did not sign: "),
                                "no-challenge",
                                language.of("页面已过期，请刷新后重试。", "The page has expired. Please load it again.")),
                        Map.of(
                                "alert",
                                refused == null
                                        ? ""
                                        : LoginPages.alert(true, language.of(refused.chinese(), refused.english())),
                                "other-ways",
                                pages.otherWays(language, PATH)),
                        List.of(origin())));
    }

    private String origin() {
        String scheme = properties.agentUrl().getScheme();
        int port = properties.agentUrl().getPort();
        return scheme + "://" + properties.agentUrl().getHost() + (port < 0 ? "" : ":" + port);
    }

    /** Takes the challenge of the session away, so that it serves once. */
    private String nonce(HttpServletRequest request) {
        HttpSession session = request.getSession(true);
        Object held = session.getAttribute(CHALLENGE);
        session.removeAttribute(CHALLENGE);
        if (held instanceof Challenge challenge && clock.instant().isBefore(challenge.until())) {
            return challenge.nonce();
        }
        throw new CertificateException(
                CertificateErrorCode.NO_CHALLENGE, "the session has no challenge that can be answered");
    }

    private byte[] toBeSigned(String nonce) {
        return ("TREFOIL-LOGIN\n" + publicUrl + "\n" + nonce + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] decode(String base64) {
        if (base64.length() > LONGEST_BASE64) {
            throw new CertificateException(CertificateErrorCode.MALFORMED, "a certificate or signature is too long");
        }
        try {
            return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
        } catch (IllegalArgumentException e) {
            throw new CertificateException(
                    CertificateErrorCode.MALFORMED, "a certificate or signature is no Base64", e);
        }
    }
}

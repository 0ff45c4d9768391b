package org.trefoilhub.hub.smart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.trefoilhub.hub.smart.TestAuthority.Token;

/** Login with certificates of a real authority, RSA and SM2, and everything that must not let in. */
class CertificateLoginIT {

    @TempDir
    static Path home;

    private static final TestAuthority RSA = TestAuthority.rsa("Trefoil Test RSA Root");
    private static final TestAuthority HOSPITAL = RSA.below("Trefoil Test Hospital CA");
    private static final TestAuthority REVOKED_CA = RSA.below("Trefoil Test Revoked CA");
    private static final TestAuthority SM2 = TestAuthority.sm2("Trefoil Test SM2 Root");
    private static final TestAuthority STALE = TestAuthority.sm2("Trefoil Test Root With Old List");
    private static final TestAuthority SILENT = TestAuthority.sm2("Trefoil Test Root Without List");

    private static final Token RADIOLOGIST = HOSPITAL.issue("周明远");
    private static final Token SONOGRAPHER = SM2.issue("林晓岚");
    private static final Token REVOKED = SM2.issue("已吊销");
    private static final Token EXPIRED = SM2.issue(
            "已过期", KeyUsage.digitalSignature, 2048, TestAuthority.now().minus(TestAuthority.DAY), Duration.ofHours(1));
    private static final Token UNBOUND = SM2.issue("无账号");

    private static SmartFixture hub;
    private static Map<String, String> settings;

    @BeforeAll
    static void start() throws Exception {
        SM2.revoke(REVOKED.certificate());
        RSA.revoke(REVOKED_CA.certificate());
        Path anchors = Files.writeString(
                home.resolve("anchors.pem"),
                RSA.certificatePem() + SM2.certificatePem() + STALE.certificatePem() + SILENT.certificatePem());
        Path lists = Files.writeString(
                home.resolve("lists.pem"),
                RSA.crlPem()
                        + HOSPITAL.crlPem()
                        + REVOKED_CA.crlPem()
                        + SM2.crlPem()
                        + STALE.crlPem(TestAuthority.now().minus(TestAuthority.DAY), Duration.ofHours(1)));
        settings = new HashMap<>(Map.of(
                "trefoil.smart.certificate.trust-anchors", "file:" + anchors,
                "trefoil.smart.certificate.crls", "file:" + lists,
                "trefoil.smart.certificate.crl-refresh", "0s"));
        bind(RADIOLOGIST, HOSPITAL, "radiologist");
        bind(SONOGRAPHER, SM2, "sonographer");
        bind(REVOKED, SM2, "radiologist");
        bind(EXPIRED, SM2, "radiologist");
        hub = SmartFixture.start(home, SmartFixture.freePort(), "demo", settings);
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static void bind(Token token, TestAuthority issuer, String user) {
        settings.put("trefoil.smart.certificate.users[" + token.serial() + "@" + issuer.name() + "]", user);
    }

    private static String authorize() {
        return Browser.authorize("console", hub.base() + "/console/", "openid user/*.rs");
    }

    /** A page that has asked for a challenge. */
    private static final class Page {
        private final Browser browser = new Browser(hub.base());
        private final String csrf;
        private byte[] data;

        Page() {
            browser.get(authorize());
            csrf = Browser.csrf(browser.get("/login/certificate").body());
            challenge();
        }

        void challenge() {
            HttpResponse<String> answer = browser.post("/login/certificate/challenge", Map.of(), "X-CSRF-TOKEN", csrf);
            assertThat(answer.statusCode()).isEqualTo(200);
            data = Base64.getDecoder().decode(Browser.json(answer).path("data").asText());
        }

        HttpResponse<String> send(Token token, byte[] signature) {
            return send(token.certificateBase64(), token.chainBase64(), token.algorithm(), signature);
        }

        HttpResponse<String> send(String certificate, String chain, String algorithm, byte[] signature) {
            return browser.post(
                    "/login/certificate",
                    Map.of(
                            "_csrf",
                            csrf,
                            "certificate",
                            certificate,
                            "chain",
                            chain,
                            "algorithm",
                            algorithm,
                            "signature",
                            Base64.getEncoder().encodeToString(signature)));
        }

        HttpResponse<String> signAndSend(Token token) {
            return send(token, token.sign(data));
        }

        void assertOut() {
            assertThat(Browser.isTo(browser.get(authorize()), "/login")).isTrue();
        }

        String userAfter(HttpResponse<String> entered) {
            String code = Browser.parameter(browser.get(Browser.location(entered)), "code");
            JsonNode tokens = Browser.json(browser.trade("console", hub.base() + "/console/", code, Browser.VERIFIER));
            return Browser.json(browser.get(
                            "/fhir/Patient",
                            "Authorization",
                            "Bearer " + tokens.path("access_token").asText()))
                    .path("user")
                    .asText();
        }
    }

    private static void assertRefused(Page page, HttpResponse<String> answer, String message) {
        assertThat(answer.statusCode()).isEqualTo(403);
        assertThat(answer.body()).contains("role=\"alert\"").contains(message);
        page.assertOut();
    }

    @Test
    void shouldLetTheHolderOfAnRsaCertificateIn() {
        Page page = new Page();
        assertThat(new String(page.data, StandardCharsets.UTF_8)).startsWith("TREFOIL-LOGIN\n" + hub.base() + "\n");
        assertThat(page.userAfter(page.signAndSend(RADIOLOGIST))).isEqualTo("radiologist");
    }

    @Test
    void shouldLetTheHolderOfAnSm2CertificateInWithEitherEncoding() {
        Page der = new Page();
        assertThat(der.userAfter(der.signAndSend(SONOGRAPHER))).isEqualTo("sonographer");
        Page raw = new Page();
        assertThat(raw.userAfter(raw.send(SONOGRAPHER, SONOGRAPHER.signRaw(raw.data))))
                .isEqualTo("sonographer");
    }

    @Test
    void shouldRefuseARevokedCertificateAndOneOfARevokedAuthority() {
        Page page = new Page();
        assertRefused(page, page.signAndSend(REVOKED), "证书已被吊销");
        Page below = new Page();
        assertRefused(below, below.signAndSend(REVOKED_CA.issue("某医生")), "证书已被吊销");
    }

    @Test
    void shouldRefuseAnExpiredCertificate() {
        Page page = new Page();
        assertRefused(page, page.signAndSend(EXPIRED), "证书已过期");
    }

    @Test
    void shouldRefuseAForeignChainEvenUnderTheSameNames() {
        TestAuthority foreign = TestAuthority.sm2("Trefoil Test SM2 Root");
        Page page = new Page();
        assertRefused(page, page.signAndSend(foreign.issue("林晓岚")), "不是由受信任的机构签发");
    }

    @Test
    void shouldRefuseWhatAPersonalCertificateHasIssued() {
        Token issued = TestAuthority.pretending(SONOGRAPHER).issue("冒充者");
        Token withChain = new Token(
                issued.key(),
                issued.certificate(),
                List.of(SONOGRAPHER.certificate(), SM2.certificate()),
                issued.algorithm());
        Page page = new Page();
        assertRefused(page, page.signAndSend(withChain), "不是由受信任的机构签发");
    }

    @Test
    void shouldRefuseASignatureOverAnotherChallenge() {
        Page other = new Page();
        Page page = new Page();
        assertRefused(page, page.send(SONOGRAPHER, SONOGRAPHER.sign(other.data)), "签名与本次登录请求不符");
        Page stolen = new Page();
        assertRefused(stolen, stolen.send(SONOGRAPHER, RADIOLOGIST.sign(stolen.data)), "签名与本次登录请求不符");
    }

    @Test
    void shouldRefuseAReplayAndAChallengeThatIsTooOld() {
        Page page = new Page();
        byte[] wrong = SONOGRAPHER.sign(new byte[] {1});
        byte[] right = SONOGRAPHER.sign(page.data);
        page.send(SONOGRAPHER, wrong);
        // The wrong answer has used the challenge up.
        assertRefused(page, page.send(SONOGRAPHER, right), "已过期或已使用");

        Page old = new Page();
        hub.forward(Duration.ofMinutes(2));
        assertRefused(old, old.signAndSend(SONOGRAPHER), "已过期或已使用");
    }

    @Test
    void shouldRefuseWhoIsBoundToNoAccount() {
        Page page = new Page();
        assertRefused(page, page.signAndSend(UNBOUND), "未绑定");
    }

    @Test
    void shouldRefuseWhenTheRevocationListIsMissingOrOld() {
        Page silent = new Page();
        assertRefused(silent, silent.signAndSend(SILENT.issue("某医生")), "无法确认证书是否被吊销");
        Page stale = new Page();
        assertRefused(stale, stale.signAndSend(STALE.issue("某医生")), "无法确认证书是否被吊销");
    }

    @Test
    void shouldRefuseKeysThatAreWeakOrNotMeantForSignatures() {
        Page weak = new Page();
        Token small = HOSPITAL.issue("弱密钥", KeyUsage.digitalSignature, 1024, TestAuthority.now(), TestAuthority.DAY);
        assertRefused(weak, weak.signAndSend(small), "不能用于登录签名");
        Page encryption = new Page();
        Token cipher = SM2.issue("加密证书", KeyUsage.keyEncipherment, 2048, TestAuthority.now(), TestAuthority.DAY);
        assertRefused(encryption, encryption.signAndSend(cipher), "不能用于登录签名");
    }

    @Test
    void shouldRefuseWhatItCannotRead() {
        List<HttpResponse<String>> answers = new ArrayList<>();
        for (String certificate : new String[] {"%%%", "AAAA", "", "A".repeat(20_000)}) {
            answers.add(new Page().send(certificate, "", "SM3withSM2", new byte[64]));
        }
        Page page = new Page();
        answers.add(page.send(SONOGRAPHER.certificateBase64(), "AAAA", "SM3withSM2", new byte[64]));
        answers.add(new Page().send(SONOGRAPHER.certificateBase64(), "", "none", new byte[64]));
        answers.add(new Page().send(SONOGRAPHER.certificateBase64(), "", "SHA256withRSA", new byte[256]));
        answers.add(new Page().send(RADIOLOGIST.certificateBase64(), "", "SM3withSM2", new byte[0]));
        answers.add(new Page().send(SONOGRAPHER.certificateBase64(), "", "SM3withSM2", new byte[64]));
        assertThat(answers).allSatisfy(answer -> assertThat(answer.statusCode()).isEqualTo(403));
    }

    @Test
    void shouldOfferTheWayOnTheLoginPage() {
        assertThat(new Browser(hub.base()).get("/login").body()).contains("href=\"/login/certificate\"");
    }

    @Test
    void shouldMakeAnAddressWaitThatFailsAgainAndAgain(@TempDir Path other) {
        Map<String, String> strict = new HashMap<>(settings);
        strict.put("trefoil.smart.login-attempts", "1");
        try (SmartFixture braked = SmartFixture.start(other, SmartFixture.freePort(), "demo", strict)) {
            Browser guesser = new Browser(braked.base());
            String csrf = Browser.csrf(guesser.get("/login/certificate").body());
            Map<String, String> guess =
                    Map.of("_csrf", csrf, "certificate", "AAAA", "algorithm", "SHA256withRSA", "signature", "AAAA");
            for (int i = 0; i < 10; i++) {
                assertThat(guesser.post("/login/certificate", guess).statusCode())
                        .isEqualTo(403);
            }
            HttpResponse<String> held = guesser.post("/login/certificate", guess);
            assertThat(held.statusCode()).isEqualTo(429);
            assertThat(held.headers().firstValue("Retry-After")).isPresent();
            assertThat(held.body()).contains("尝试次数过多");
            assertThat(guesser.get("/login/scan").statusCode())
                    .as("another way in does not help")
                    .isEqualTo(429);
            braked.forward(Duration.ofMinutes(6));
            assertThat(guesser.post("/login/certificate", guess).statusCode()).isEqualTo(403);
        }
    }
}

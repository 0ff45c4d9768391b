package org.trefoilhub.hub.smart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.zxing.BinaryBitmap;
import com.google.zxing.LuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scan-code login over real HTTP: the desk shows, the phone confirms, the desk is in, and nobody else. */
class ScanLoginIT {

    private static final String SCOPE = "openid profile user/*.rs";

    @TempDir
    static Path home;

    private static SmartFixture hub;

    @BeforeAll
    static void start() {
        hub = SmartFixture.start(home, SmartFixture.freePort(), "demo", Map.of());
    }

    @AfterAll
    static void stop() {
        hub.close();
    }

    private static String authorize() {
        return Browser.authorize("console", hub.base() + "/console/", SCOPE);
    }

    /** A desk that wants to get into the console and shows a code. */
    private record Desk(Browser browser, String page) {
        static Desk open() {
            Browser browser = new Browser(hub.base());
            assertThat(Browser.isTo(browser.get(authorize()), "/login")).isTrue();
            return new Desk(browser, browser.get("/login/scan").body());
        }

        String state() {
            return Browser.json(browser.get("/login/scan/state?handle=" + handle()))
                    .path("state")
                    .asText();
        }

        HttpResponse<String> enter() {
            return enter(browser);
        }

        HttpResponse<String> enter(Browser other) {
            String csrf = other == browser
                    ? Browser.csrf(page)
                    : Browser.csrf(other.get("/login/scan").body());
            return other.post("/login/scan", Map.of("_csrf", csrf, "handle", handle()));
        }

        String handle() {
            return group("data-handle=\"([^\"]+)\"", page);
        }

        /** What a phone's camera reads. */
        String scanned() throws Exception {
            return QrPicture.read(page);
        }
    }

    private static Browser phone(String user) {
        Browser phone = new Browser(hub.base());
        phone.login(user, "trefoil-demo");
        return phone;
    }

    private static HttpResponse<String> decide(Browser phone, String scanned, String decision) {
        String path = scanned.substring(hub.base().length());
        String page = phone.get(path).body();
        String code = group("id=\"user-code\">([^<]+)<", page);
        return phone.post(
                "/login/device", Map.of("_csrf", Browser.csrf(page), "user_code", code, "decision", decision));
    }

    private static String group(String pattern, String text) {
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        if (!matcher.find()) {
            throw new IllegalStateException("no " + pattern + " in " + text);
        }
        return matcher.group(1);
    }

    @Test
    void shouldLogTheDeskInAsWhoConfirmedOnThePhone() throws Exception {
        Desk desk = Desk.open();
        assertThat(desk.state()).isEqualTo("waiting");
        assertThat(desk.scanned()).startsWith(hub.base() + "/login/device?user_code=");

        Browser phone = phone("radiologist");
        String confirm =
                phone.get(desk.scanned().substring(hub.base().length())).body();
        assertThat(confirm).contains("周明远").contains("确认登录");
        assertThat(desk.state()).isEqualTo("seen");
        // Before the confirmation the desk stays out.
        assertThat(Browser.location(desk.enter())).isEqualTo("/login/scan");
        assertThat(decide(phone, desk.scanned(), "confirm").body()).contains("已确认");
        assertThat(desk.state()).isEqualTo("confirmed");

        HttpResponse<String> entered = desk.enter();
        assertThat(Browser.location(entered)).contains("/oauth2/authorize");
        String code = Browser.parameter(desk.browser().get(Browser.location(entered)), "code");
        JsonNode tokens =
                Browser.json(desk.browser().trade("console", hub.base() + "/console/", code, Browser.VERIFIER));
        JsonNode subject = Browser.json(desk.browser()
                .get(
                        "/fhir/Patient",
                        "Authorization",
                        "Bearer " + tokens.path("access_token").asText()));
        assertThat(subject.path("user").asText()).isEqualTo("radiologist");

        // The desk's session is its own: the phone may go.
        phone.post("/logout", Map.of("_csrf", Browser.csrf(phone.get("/logout").body())));
        assertThat(desk.browser()
                        .get(
                                "/fhir/Patient",
                                "Authorization",
                                "Bearer " + tokens.path("access_token").asText())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void shouldServeOnce() throws Exception {
        Desk desk = Desk.open();
        Browser phone = phone("radiologist");
        decide(phone, desk.scanned(), "confirm");
        desk.enter();

        assertThat(phone.get(desk.scanned().substring(hub.base().length())).body())
                .contains("role=\"alert\"")
                .contains("已使用");
        Browser again = new Browser(hub.base());
        assertThat(Browser.location(desk.enter(again))).isEqualTo("/login/scan");
        assertThat(desk.state()).isEqualTo("gone");
    }

    @Test
    void shouldLetNobodyInButTheSessionWhosePageShowedTheCode() throws Exception {
        Desk desk = Desk.open();
        Desk other = Desk.open();
        decide(phone("radiologist"), desk.scanned(), "confirm");

        assertThat(Browser.location(desk.enter(other.browser()))).isEqualTo("/login/scan");
        assertThat(Browser.isTo(other.browser().get(authorize()), "/login")).isTrue();
        // A newer page of the same session replaces the code of the older one.
        Desk first = Desk.open();
        first.browser().get("/login/scan");
        assertThat(first.state()).isEqualTo("gone");
    }

    @Test
    void shouldStayOutWhenThePhoneRefuses() throws Exception {
        Desk desk = Desk.open();
        assertThat(decide(phone("radiologist"), desk.scanned(), "refuse").body())
                .contains("已拒绝");

        assertThat(desk.state()).isEqualTo("refused");
        assertThat(Browser.location(desk.enter())).isEqualTo("/login/scan");
        assertThat(Browser.isTo(desk.browser().get(authorize()), "/login")).isTrue();
    }

    @Test
    void shouldForgetACodeThatIsTooOld() throws Exception {
        Desk confirmed = Desk.open();
        Desk waiting = Desk.open();
        Browser phone = phone("radiologist");
        decide(phone, confirmed.scanned(), "confirm");
        hub.forward(Duration.ofMinutes(2));

        assertThat(confirmed.state()).isEqualTo("gone");
        assertThat(Browser.location(confirmed.enter())).isEqualTo("/login/scan");
        assertThat(phone.get(waiting.scanned().substring(hub.base().length())).body())
                .contains("已过期");
    }

    @Test
    void shouldAskAPhoneThatIsNotLoggedInToLogInFirst() throws Exception {
        Desk desk = Desk.open();
        Browser phone = new Browser(hub.base());
        String path = desk.scanned().substring(hub.base().length());
        assertThat(Browser.isTo(phone.get(path), "/login")).isTrue();

        String back = Browser.location(phone.login("radiologist", "trefoil-demo"));
        assertThat(URI.create(back).getPath()).isEqualTo("/login/device");
        assertThat(phone.get(back).body()).contains("确认登录");
        assertThat(desk.state()).isEqualTo("seen");
    }

    @Test
    void shouldConfirmNothingWithoutTheFormOfThePage() throws Exception {
        Desk desk = Desk.open();
        Browser phone = phone("radiologist");
        String path = desk.scanned().substring(hub.base().length());
        String code = path.substring(path.indexOf('=') + 1);

        phone.get(path);
        assertThat(Browser.location(phone.post("/login/device", Map.of("user_code", code, "decision", "confirm"))))
                .endsWith("/login?expired");
        assertThat(desk.state()).isEqualTo("seen");
    }

    @Test
    void shouldStopWhoGuessesCodes() throws Exception {
        Browser guesser = phone("researcher");
        for (int i = 0; i < 10; i++) {
            guesser.get("/login/device?user_code=BBBB-BBB" + "BCDFGHJKLM".charAt(i));
        }
        Desk desk = Desk.open();

        assertThat(guesser.get(desk.scanned().substring(hub.base().length())).body())
                .contains("role=\"alert\"");
        assertThat(desk.state()).isEqualTo("waiting");
    }

    /** Reads the QR code of a page as a camera would, from its picture. */
    private static final class QrPicture extends LuminanceSource {
        private static final int SCALE = 4;
        private final boolean[][] dark;

        private QrPicture(boolean[][] dark) {
            super(dark.length * SCALE, dark.length * SCALE);
            this.dark = dark;
        }

        static String read(String page) throws Exception {
            int size = Integer.parseInt(group("viewBox=\"0 0 (\\d+) \\d+\" role=\"img\" aria-label=\"登录二维码\"", page));
            boolean[][] dark = new boolean[size][size];
            Matcher run = Pattern.compile("M(\\d+) (\\d+)h(\\d+)v1H\\d+z").matcher(page);
            while (run.find()) {
                int x = Integer.parseInt(run.group(1));
                for (int i = 0; i < Integer.parseInt(run.group(3)); i++) {
                    dark[Integer.parseInt(run.group(2))][x + i] = true;
                }
            }
            return new QRCodeReader()
                    .decode(new BinaryBitmap(new HybridBinarizer(new QrPicture(dark))))
                    .getText();
        }

        @Override
        public byte[] getRow(int y, byte[] row) {
            byte[] luminance = row != null && row.length >= getWidth() ? row : new byte[getWidth()];
            for (int x = 0; x < getWidth(); x++) {
                luminance[x] = (byte) (dark[y / SCALE][x / SCALE] ? 0 : 255);
            }
            return luminance;
        }

        @Override
        public byte[] getMatrix() {
            byte[] matrix = new byte[getWidth() * getHeight()];
            for (int y = 0; y < getHeight(); y++) {
                System.arraycopy(getRow(y, null), 0, matrix, y * getWidth(), getWidth());
            }
            return matrix;
        }
    }
}

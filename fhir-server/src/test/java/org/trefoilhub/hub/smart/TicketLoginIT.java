package org.trefoilhub.hub.smart;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Login with tickets. No CAS server runs on this Java, so the other side is a small server written from CAS Protocol 3.0:
 * it issues a ticket for one service, tells once whose it is, and refuses in the protocol's words.
 */
class TicketLoginIT {

    @TempDir
    static Path home;

    private static TicketIssuer cas;
    private static SmartFixture hub;

    /** CAS Protocol 3.0, as far as a client sees it. */
    private static final class TicketIssuer {
        private final HttpServer server;
        private final Map<String, String[]> tickets = new ConcurrentHashMap<>();
        private volatile String answer = "";

        TicketIssuer() throws IOException {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/cas/p3/serviceValidate", this::validate);
            server.createContext("/cas/secret", exchange -> answer(exchange, "radiologist"));
            server.start();
        }

        String address() {
            return "http://127.0.0.1:" + server.getAddress().getPort() + "/cas";
        }

        /** A person is logged in there and asks for a service. */
        String ticket(String user, String staffNumber, String service) {
            String ticket = "ST-1-" + UUID.randomUUID();
            tickets.put(ticket, new String[] {user, staffNumber, service});
            return ticket;
        }

        /** Answers the next question with this text. */
        void answerNext(String text) {
            answer = text;
        }

        private void validate(HttpExchange exchange) throws IOException {
            Map<String, String> query = new HashMap<>();
            for (String pair : exchange.getRequestURI().getRawQuery().split("&")) {
                String[] parts = pair.split("=", 2);
                query.put(parts[0], URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
            }
            String given = answer;
            answer = "";
            if (!given.isEmpty()) {
                answer(exchange, given);
                return;
            }
            String[] issued = tickets.remove(query.get("ticket"));
            if (issued == null) {
                answer(exchange, failure("INVALID_TICKET"));
            } else if (!issued[2].equals(query.get("service"))) {
                answer(exchange, failure("INVALID_SERVICE"));
            } else {
                answer(exchange, success(issued[0], issued[1], ""));
            }
        }

        static String failure(String code) {
            return "<cas:serviceResponse xmlns:cas=\"http://www.yale.edu/tp/cas\">\n <cas:authenticationFailure code=\""
                    + code + "\">\n not recognized\n </cas:authenticationFailure>\n</cas:serviceResponse>";
        }

        static String success(String user, String staffNumber, String more) {
            return """
                    <cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">
                     <cas:authenticationSuccess>
                      <cas:user>%s</cas:user>
                      <cas:attributes>
                       <cas:authenticationDate>2026-03-01T08:00:00Z</cas:authenticationDate>
                       <cas:isFromNewLogin>true</cas:isFromNewLogin>
                       <cas:staffNumber>%s</cas:staffNumber>
                       <cas:memberOf>放射科</cas:memberOf>
                       <cas:memberOf>医师</cas:memberOf>
                      </cas:attributes>%s
                     </cas:authenticationSuccess>
                    </cas:serviceResponse>
                    """
                    .formatted(user, staffNumber, more);
        }

        private static void answer(HttpExchange exchange, String text) throws IOException {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().set("Content-Type", "application/xml;charset=UTF-8");
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        }
    }

    @BeforeAll
    static void start() throws Exception {
        cas = new TicketIssuer();
        hub = SmartFixture.start(
                home,
                SmartFixture.freePort(),
                "demo",
                Map.of(
                        "trefoil.smart.ticket.server", cas.address(),
                        "trefoil.smart.ticket.user-attribute", "staffNumber",
                        "trefoil.smart.ticket.users[1001]", "radiologist",
                        "trefoil.smart.ticket.users[1002]", "nobody-here"));
    }

    @AfterAll
    static void stop() {
        hub.close();
        cas.server.stop(0);
    }

    private static String service() {
        return hub.base() + "/login/ticket";
    }

    private static String authorize() {
        return Browser.authorize("console", hub.base() + "/console/", "openid user/*.rs");
    }

    private static HttpResponse<String> enter(Browser browser, String ticket) {
        return browser.get("/login/ticket?ticket=" + URLEncoder.encode(ticket, StandardCharsets.UTF_8));
    }

    private static boolean isAskedToLogIn(Browser browser) {
        return Browser.isTo(browser.get(authorize()), "/login");
    }

    private static void assertRefused(Browser browser, HttpResponse<String> answer) {
        assertThat(Browser.location(answer)).isEqualTo("/login?ticket-refused");
        assertThat(isAskedToLogIn(browser)).isTrue();
    }

    private static JsonNode tokens(Browser browser) {
        String code = Browser.parameter(browser.get(authorize()), "code");
        return Browser.json(browser.trade("console", hub.base() + "/console/", code, Browser.VERIFIER));
    }

    private static HttpResponse<String> reading(Browser browser, JsonNode tokens) {
        return browser.get(
                "/fhir/Patient",
                "Authorization",
                "Bearer " + tokens.path("access_token").asText());
    }

    @Test
    void ticketOfAWorkstationLetsItsPersonIn() {
        Browser browser = new Browser(hub.base());
        String ticket = cas.ticket("zhou.my", "1001", service());
        assertThat(Browser.location(enter(browser, ticket))).isEqualTo(hub.base() + "/console/");
        assertThat(Browser.json(reading(browser, tokens(browser))).path("user").asText())
                .isEqualTo("radiologist");

        assertRefused(new Browser(hub.base()), enter(new Browser(hub.base()), ticket));
    }

    @Test
    void loginPageSendsForATicketAndComesBackToWhatWasAskedFor() {
        Browser browser = new Browser(hub.base());
        browser.get(authorize());
        assertThat(browser.get("/login").body()).contains("工作站统一登录").contains("href=\"/login/ticket\"");
        assertThat(Browser.location(browser.get("/login/ticket")))
                .isEqualTo(cas.address() + "/login?service=" + URLEncoder.encode(service(), StandardCharsets.UTF_8));
        assertThat(Browser.location(enter(browser, cas.ticket("zhou.my", "1001", service()))))
                .contains("/oauth2/authorize");
    }

    @Test
    void ticketForAnotherServiceIsRefused() {
        Browser browser = new Browser(hub.base());
        assertRefused(browser, enter(browser, cas.ticket("zhou.my", "1001", "https://his.example.org/")));
        String named = URLEncoder.encode("https://his.example.org/", StandardCharsets.UTF_8);
        assertRefused(
                browser,
                browser.get("/login/ticket?service=" + named + "&ticket=" + cas.ticket("zhou.my", "1001", service())));
        String ours = URLEncoder.encode(service(), StandardCharsets.UTF_8);
        assertThat(Browser.location(new Browser(hub.base())
                        .get("/login/ticket?service=" + ours + "&ticket=" + cas.ticket("zhou.my", "1001", service()))))
                .isEqualTo(hub.base() + "/console/");
    }

    @Test
    void whatIsNoTicketIsNotAskedFor() {
        Browser browser = new Browser(hub.base());
        for (String ticket : new String[] {"", "ST 1", "ST-1&service=x", "ST-1\r\nX: y", "S".repeat(300), "<x/>"}) {
            cas.answerNext("");
            assertRefused(browser, enter(browser, ticket));
        }
        assertRefused(browser, enter(browser, "ST-1-" + UUID.randomUUID()));
    }

    @Test
    void personWithoutAccountReadsWhy() {
        Browser browser = new Browser(hub.base());
        assertThat(Browser.location(enter(browser, cas.ticket("xu", "1002", service()))))
                .isEqualTo("/login?no-account");
        assertThat(Browser.location(enter(browser, cas.ticket("he", "9999", service()))))
                .isEqualTo("/login?no-account");
        assertThat(isAskedToLogIn(browser)).isTrue();
    }

    @Test
    void answerThatIsNotTheProtocolsLetsNobodyIn() throws Exception {
        Path secret = Files.writeString(home.resolve("secret"), "radiologist");
        String[] answers = {
            "yes\nradiologist\n",
            "<html><body>radiologist</body></html>",
            "<serviceResponse><authenticationSuccess><user>radiologist</user></authenticationSuccess></serviceResponse>",
            TicketIssuer.success("zhou.my", "", ""),
            TicketIssuer.success("zhou.my", "1001", "<cas:proxies><cas:proxy>https://x</cas:proxy></cas:proxies>"),
            TicketIssuer.success("zhou.my", "1001", "").replace("</cas:serviceResponse>", ""),
            "<!DOCTYPE a [<!ENTITY e SYSTEM \"" + secret.toUri() + "\">]>" + TicketIssuer.success("zhou.my", "&e;", ""),
            "<!DOCTYPE a [<!ENTITY e \"1001\">]>" + TicketIssuer.success("zhou.my", "&e;", ""),
            "<!DOCTYPE a SYSTEM \"" + cas.address() + "/secret\">" + TicketIssuer.success("zhou.my", "&e;", ""),
            TicketIssuer.success("zhou.my", "1001", " ".repeat(300_000)),
        };
        for (String answer : answers) {
            Browser browser = new Browser(hub.base());
            cas.answerNext(answer);
            HttpResponse<String> entered = enter(browser, cas.ticket("zhou.my", "1001", service()));
            assertThat(Browser.location(entered))
                    .as(answer.substring(0, Math.min(200, answer.length())))
                    .startsWith("/login?");
            assertThat(isAskedToLogIn(browser)).isTrue();
        }
    }

    @Test
    void logoutAtTheServerEndsTheSessionOfItsTicket() {
        Browser one = new Browser(hub.base());
        Browser two = new Browser(hub.base());
        String ticket = cas.ticket("zhou.my", "1001", service());
        enter(one, ticket);
        enter(two, cas.ticket("zhou.my", "1001", service()));
        JsonNode first = tokens(one);
        JsonNode second = tokens(two);
        String logout =
                """
                <samlp:LogoutRequest xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="x" Version="2.0"
                  IssueInstant="2026-03-01T08:00:00Z"><saml:NameID xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">@NOT_USED@</saml:NameID>
                <samlp:SessionIndex>%s</samlp:SessionIndex></samlp:LogoutRequest>
                """;
        Browser server = new Browser(hub.base());
        for (String body : new String[] {logout.formatted("ST-1-" + UUID.randomUUID()), "", "<x", "y".repeat(20_000)}) {
            assertThat(server.post("/login/ticket", Map.of("logoutRequest", body))
                            .statusCode())
                    .isEqualTo(200);
        }
        assertThat(reading(one, first).statusCode()).isEqualTo(200);

        server.post("/login/ticket", Map.of("logoutRequest", logout.formatted(ticket)));
        assertThat(reading(one, first).statusCode()).isEqualTo(401);
        assertThat(isAskedToLogIn(one)).isTrue();
        assertThat(reading(two, second).statusCode()).as("the other session").isEqualTo(200);
    }
}

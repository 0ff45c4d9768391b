package org.trefoilhub.hub.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.trefoilhub.hub.fixture.HubFixture;
import org.trefoilhub.hub.fixture.KeycloakFixture;
import org.trefoilhub.hub.fixture.TestStudies;
import org.trefoilhub.hub.smart.SigningAgent;
import org.trefoilhub.hub.smart.TestAuthority;

/**
 * Starts the built hub with the demo hospital as a newcomer does and walks through it with a real browser: every Playwright test of
 * {@code viewer-static/console/e2e} shows here by its name. Pictures of every page stay under {@code viewer-static/target/e2e}.
 */
class BrowserE2E {

    private static final Logger log = LoggerFactory.getLogger(BrowserE2E.class);
    private static final Duration PROMISED = Duration.ofSeconds(2);
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Path CONSOLE = ROOT.resolve("viewer-static/console");
    private static final Path OUTPUT = ROOT.resolve("viewer-static/target/e2e");
    private static final Duration START_PATIENCE = Duration.ofMinutes(15);
    private static final Duration BROWSER_PATIENCE = Duration.ofMinutes(30);
    private static final long MEMORY_LIMIT_KIB = 3L * 1024 * 1024;

    private static Path home;
    private static int hubPort;
    private static Process hub;
    private static SigningAgent agent;
    private static JsonNode report;

    private record Outcome(String name, boolean passed, String message) {}

    @BeforeAll
    static void walkThroughTheHub() throws Exception {
        home = Files.createTempDirectory("trefoil-e2e-");
        KeycloakFixture keycloak = KeycloakFixture.shared();
        int port = keycloak.browserHubPort();
        hubPort = port;
        agent = SigningAgent.start("http://localhost:" + port);
        hub = startDemo(port, logins(keycloak));
        Files.createDirectories(OUTPUT);
        Path reportFile = OUTPUT.resolve("report.json");
        Files.deleteIfExists(reportFile);
        ProcessBuilder playwright = new ProcessBuilder("npx", "--no-install", "playwright", "test")
                .directory(CONSOLE.toFile())
                .redirectErrorStream(true)
                .redirectOutput(OUTPUT.resolve("playwright.log").toFile());
        playwright.environment().put("HUB_URL", "http://localhost:" + port);
        playwright.environment().put("E2E_OUTPUT", OUTPUT.toString());
        playwright.environment().put("E2E_AGENT", agent.address());
        playwright.environment().put("E2E_KEYCLOAK_PASSWORD", KeycloakFixture.PASSWORD);
        playwright.environment().put("CI", "true");
        Process browser = playwright.start();
        if (!browser.waitFor(BROWSER_PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            browser.destroyForcibly();
            fail("the browser tests did not end within " + BROWSER_PATIENCE.toMinutes() + " minutes");
        }
        assertThat(reportFile)
                .as("report of the browser tests; see playwright.log beside it")
                .exists();
        report = new ObjectMapper().readTree(reportFile.toFile());
    }

    @AfterAll
    static void stop() throws Exception {
        if (hub != null) {
            hub.destroy();
            if (!hub.waitFor(30, TimeUnit.SECONDS)) {
                hub.destroyForcibly();
            }
        }
        if (agent != null) {
            agent.close();
        }
        if (home != null) {
            try (Stream<Path> tree = Files.walk(home)) {
                for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> everyBrowserTest() {
        List<Outcome> outcomes = new ArrayList<>();
        report.path("suites").forEach(suite -> collect(suite, "", outcomes));
        assertThat(outcomes).as("browser tests that ran").hasSizeGreaterThan(5);
        return outcomes.stream()
                .map(o -> DynamicTest.dynamicTest(
                        o.name(), () -> assertThat(o.passed()).as(o.message()).isTrue()));
    }

    /** An idle hub, which this is once the browser is gone: one of many in the JVM of the other tests never is. */
    @Test
    void shouldShowAStoredStudyInFhirWithinTwoSeconds() throws Exception {
        HubFixture demo = HubFixture.at("http://localhost:" + hubPort);
        List<Long> millis = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            Thread.sleep(300L * (i % 4));
            String study = TestStudies.uid();
            HttpResponse<String> stored =
                    demo.store(TestStudies.slice(study, TestStudies.uid(), 1, "L-" + UUID.randomUUID()));
            assertThat(stored.statusCode()).as(stored.body()).isEqualTo(200);
            long acknowledged = System.nanoTime();
            ImagingStudies.await(demo, study, Duration.ofSeconds(30), one -> true);
            millis.add(Duration.ofNanos(System.nanoTime() - acknowledged).toMillis());
        }
        log.warn("ImagingStudies found after {} ms", millis);
        assertThat(millis.stream().sorted().toList().get(millis.size() - 2))
                .as("all but the slowest of %s ms; one may fall into a pause of a busy machine", millis)
                .isLessThan(PROMISED.toMillis());
    }

    @Test
    void shouldStayWithinTheMemoryOfTheDemo() throws IOException {
        assertThat(hub.isAlive()).isTrue();
        String status = Files.readString(Path.of("/proc", Long.toString(hub.pid()), "status"));
        long residentKib = status.lines()
                .filter(line -> line.startsWith("VmHWM:"))
                .map(line -> line.replaceAll("\\D", ""))
                .mapToLong(Long::parseLong)
                .findFirst()
                .orElseThrow();
        assertThat(residentKib).as("highest resident memory, KiB").isLessThan(MEMORY_LIMIT_KIB);
    }

    private static void collect(JsonNode suite, String path, List<Outcome> outcomes) {
        String name = path.isEmpty()
                ? suite.path("title").asText()
                : path + " › " + suite.path("title").asText();
        suite.path("suites").forEach(inner -> collect(inner, name, outcomes));
        for (JsonNode spec : suite.path("specs")) {
            StringBuilder message = new StringBuilder();
            spec.path("tests").forEach(test -> test.path("results").forEach(result -> result.path("errors")
                    .forEach(error ->
                            message.append(error.path("message").asText()).append('\n'))));
            boolean ran = spec.path("tests").size() > 0
                    && spec.path("tests").get(0).path("status").asText().equals("expected");
            outcomes.add(new Outcome(
                    name + " › " + spec.path("title").asText(),
                    spec.path("ok").asBoolean() && ran,
                    message.toString()));
        }
    }

    /** The hospital's login server, certificates of people with their agent, and codes that a test can see expire. */
    private static Path logins(KeycloakFixture keycloak) throws IOException {
        TestAuthority rsa = TestAuthority.rsa("Trefoil Browser RSA Root");
        TestAuthority sm2 = TestAuthority.sm2("Trefoil Browser SM2 Root");
        TestAuthority.Token radiologist = rsa.issue("周明远");
        TestAuthority.Token sonographer = sm2.issue("林晓岚");
        TestAuthority.Token revoked = sm2.issue("已吊销");
        sm2.revoke(revoked.certificate());
        agent.insert("rsa", radiologist);
        agent.insert("sm2", sonographer);
        agent.insert("revoked", revoked);
        Path anchors = Files.writeString(home.resolve("anchors.pem"), rsa.certificatePem() + sm2.certificatePem());
        Path lists = Files.writeString(home.resolve("lists.pem"), rsa.crlPem() + sm2.crlPem());
        return Files.writeString(
                home.resolve("logins.yaml"),
                """
                trefoil.smart:
                  oidc:
                    issuer: %s
                    client-id: trefoil-hub-browser
                    client-secret: %s
                  scan:
                    lifetime: 30s
                  certificate:
                    trust-anchors: ["file:%s"]
                    crls: ["file:%s"]
                    agent-url: %s
                    users:
                      "[%s@%s]": radiologist
                      "[%s@%s]": sonographer
                      "[%s@%s]": radiologist
                """
                        .formatted(
                                keycloak.issuer(),
                                KeycloakFixture.SECRET,
                                anchors,
                                lists,
                                agent.address(),
                                radiologist.serial(),
                                rsa.name(),
                                sonographer.serial(),
                                sm2.name(),
                                revoked.serial(),
                                sm2.name()));
    }

    /** As {@code ./trefoil demo} does, on its own port. */
    private static Process startDemo(int port, Path logins) throws Exception {
        Path jar = ROOT.resolve("fhir-server/target/hub/trefoil-hub-exec.jar");
        Path log = home.resolve("hub.log");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:MetaspaceSize=256m",
                        "-XX:TieredStopAtLevel=1",
                        "-Xss512k",
                        "-Xmx1536m",
                        "-Djava.awt.headless=true",
                        "-Dfile.encoding=UTF-8",
                        "-jar",
                        jar.toString(),
                        "--spring.profiles.active=demo",
                        "--server.port=" + port,
                        "--spring.config.additional-location=file:" + logins,
                        "--trefoil.tls.self-signed=false",
                        "--trefoil.dimse.port=0",
                        "--trefoil.hl7v2.port=0",
                        "--trefoil.home=" + home.resolve("data"),
                        "--trefoil.demo.data=" + ROOT.resolve("fhir-server/src/demo"))
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        long deadline = System.nanoTime() + START_PATIENCE.toNanos();
        while (!Files.readString(log).contains("READY in ")) {
            if (!process.isAlive() || System.nanoTime() > deadline) {
                process.destroyForcibly();
                String text = Files.readString(log);
                fail("the demo was not ready; the end of its log:\n"
                        + text.substring(Math.max(0, text.length() - 4000)));
            }
            Thread.sleep(300);
        }
        return process;
    }
}

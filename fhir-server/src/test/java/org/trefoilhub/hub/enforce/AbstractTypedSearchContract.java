package org.trefoilhub.hub.enforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.trefoilhub.hub.enforce.PolicyHub.client;
import static org.trefoilhub.hub.enforce.PolicyHub.permit;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Narrative;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.Condition;
import org.trefoilhub.access.policy.Obligation;
import org.trefoilhub.hub.fixture.HubFixture;

/**
 * Searching as Chinese users type: words without spaces, pinyin, initials, spaces in numbers. {@code his} sees patient
 * {@code masked} without the name and {@code hidden} not at all.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AbstractTypedSearchContract {

    private static final String SYSTEM = "https://trefoil-hub.org/fhir/sid/patient-id";
    /** Time in which the text index of another process shows what was written. */
    private static final Duration PATIENCE = Duration.ofSeconds(15);

    private final String mark = UUID.randomUUID().toString().substring(0, 8);
    private final String digits =
            String.valueOf(Math.abs(UUID.randomUUID().getMostSignificantBits() % 900_000 + 100_000));
    private final String card = "110101" + "19900307" + digits.substring(0, 3) + "X";
    private PolicyHub hub;
    private String shan;
    private String masked;
    private String hidden;
    private String report;
    private String reportOfHidden;

    abstract HubFixture hub();

    @BeforeAll
    void store() {
        hub = new PolicyHub(hub());
        hub.set();
        // 单 is Shan in names, 仇 is Qiu.
        shan = hub.create(person("單", "晓" + "東", "A" + mark));
        Patient carded = new Patient();
        carded.addName().setText("仇晓东");
        carded.addIdentifier()
                .setSystem("urn:oid:2.16.156.10011.1.3")
                .setValue(card.substring(0, 6) + " " + card.substring(6));
        masked = hub.create(carded);
        hidden = hub.create(person("查", "小冬", "H" + mark));
        report = hub.create(report(shan, "右侧气胸，压缩约百分之三十。Pneumothorax" + mark));
        reportOfHidden = hub.create(report(hidden, "左侧气胸。Pneumothorax" + mark));
        hub.set(
                permit("his", 0, client("his")),
                PolicyHub.masked(
                        "his-masked", 300, Obligation.MASK_NAME, client("his"), new Condition.Patient(Set.of(masked))),
                new AccessPolicy(
                        "his-hidden",
                        AccessPolicy.Effect.DENY,
                        300,
                        java.util.List.of(client("his"), new Condition.Patient(Set.of(hidden))),
                        Set.of()));
    }

    @AfterAll
    void restore() {
        hub.close();
    }

    private Patient person(String family, String given, String id) {
        Patient someone = new Patient();
        someone.addName().setFamily(family).addGiven(given);
        someone.addIdentifier().setSystem(SYSTEM).setValue(id);
        return someone;
    }

    private static DiagnosticReport report(String patient, String conclusion) {
        DiagnosticReport dr = new DiagnosticReport();
        dr.setStatus(DiagnosticReport.DiagnosticReportStatus.FINAL);
        dr.setCode(new CodeableConcept().setText("胸部CT"));
        dr.setSubject(new Reference(patient));
        dr.setConclusion(conclusion);
        Narrative text = new Narrative();
        text.setStatus(Narrative.NarrativeStatus.GENERATED);
        text.setDivAsString("<div>" + conclusion + "</div>");
        dr.setText(text);
        return dr;
    }

    private Set<String> found(String client, String type, String parameter, String value) {
        String query = type + "?" + parameter + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8) + "&_count=200";
        PolicyHub.Found found = hub.search(client, query);
        assertThat(hub.search(client, query + "&_summary=count").total())
                .as(query)
                .isEqualTo(found.total());
        return found.references();
    }

    private void await(String value, String parameter) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Set<String> found = found("conformance", "DiagnosticReport", parameter, value);
        while (!found.containsAll(Set.of(report, reportOfHidden)) && System.nanoTime() < deadline) {
            java.util.concurrent.locks.LockSupport.parkNanos(200_000_000);
            found = found("conformance", "DiagnosticReport", parameter, value);
        }
        assertThat(found).as("%s=%s", parameter, value).contains(report, reportOfHidden);
    }

    @Test
    void shouldFindChineseWordsInText() {
        for (String parameter : new String[] {"_content", "_text"}) {
            for (String value : new String[] {"气胸", "侧气胸", "Pneumothorax" + mark + " 气胸", "气胸 侧"}) {
                await(value, parameter);
                assertThat(found("his", "DiagnosticReport", parameter, value))
                        .as(value)
                        .contains(report)
                        .doesNotContain(reportOfHidden);
            }
            assertThat(found("conformance", "DiagnosticReport", parameter, "右侧气胸"))
                    .contains(report)
                    .doesNotContain(reportOfHidden);
            assertThat(found("conformance", "DiagnosticReport", parameter, "胸气"))
                    .doesNotContain(report, reportOfHidden);
            assertThat(found("conformance", "DiagnosticReport", parameter, "气胸 左侧"))
                    .contains(reportOfHidden)
                    .doesNotContain(report);
        }
    }

    @Test
    void shouldFindNamesInCharactersPinyinAndInitials() {
        for (String typed : new String[] {
            "單", "單晓東", "单晓东", "shanxiaodong", "Shan Xiaodong", "shan xiao", "danxiaodong", "sxd", "SX", "xiaodong"
        }) {
            assertThat(found("conformance", "Patient", "name", typed)).as(typed).contains(shan);
            assertThat(found("his", "Patient", "name", typed)).as(typed).contains(shan);
        }
        assertThat(found("conformance", "Patient", "phonetic", "shanxiaodong")).contains(shan);
        assertThat(found("conformance", "Patient", "name", "qiuxiaodong"))
                .contains(masked)
                .doesNotContain(shan);
        assertThat(found("conformance", "Patient", "name", "zhaxd")).contains(hidden);
        assertThat(found("conformance", "DiagnosticReport", "patient.name", "shanxiaodong"))
                .contains(report);
        assertThat(found("conformance", "Patient", "name:exact", "shanxiaodong"))
                .isEmpty();
        assertThat(hub.get("conformance", "/" + shan).body().toLowerCase(java.util.Locale.ROOT))
                .doesNotContain("shanxiaodong");
    }

    @Test
    void shouldNotFindMaskedNamesByPinyin() {
        for (String typed : new String[] {"仇", "仇晓东", "qiu", "qiuxiaodong", "qxd", "chouxiaodong", "xiaodong"}) {
            assertThat(found("conformance", "Patient", "name", typed)).as(typed).contains(masked);
            for (String parameter : new String[] {"name", "phonetic", "name:contains"}) {
                assertThat(found("his", "Patient", parameter, typed)).as(typed).doesNotContain(masked, hidden);
            }
        }
    }

    @Test
    void shouldFindNumbersTypedWithSpaces() {
        String grouped = card.substring(0, 6) + " " + card.substring(6, 14) + " " + card.substring(14);
        for (String typed : new String[] {
            card,
            grouped,
            card.toLowerCase(java.util.Locale.ROOT),
            card.substring(0, 6) + "\u3000" + card.substring(6),
            "urn:oid:2.16.156.10011.1.3|" + grouped,
            card.replace('1', '１')
        }) {
            assertThat(found("conformance", "Patient", "identifier", typed))
                    .as(typed)
                    .containsExactly(masked);
        }
        assertThat(found("his", "DiagnosticReport", "patient.identifier", " A " + mark))
                .containsExactly(report);
        assertThat(found("his", "Patient", "identifier", "H " + mark)).isEmpty();
    }
}

package org.trefoilhub.hub.enforce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.trefoilhub.hub.enforce.PolicyHub.client;
import static org.trefoilhub.hub.enforce.PolicyHub.deny;
import static org.trefoilhub.hub.enforce.PolicyHub.permit;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateType;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.Meta;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Condition;
import org.trefoilhub.hub.patientindex.PatientIndex;
import org.trefoilhub.hub.patientindex.PatientIndexHooks;
import org.trefoilhub.hub.patientindex.TypicalPersons;
import org.trefoilhub.interceptors.fhir.facts.FactStore;

/** The patient index at the FHIR door: links, golden records, review, merge, and the policy over all of it. */
class PatientIndexIT {

    private static final String CARD_SYSTEM = "urn:oid:2.16.156.10011.1.3";
    private static final String GOLDEN_TAG = "http://hapifhir.io/fhir/NamingSystem/mdm-record-status|GOLDEN_RECORD";
    private static PolicyHub hub;

    @BeforeAll
    static void open() {
        hub = new PolicyHub();
        policies();
        hub.hub.bean(PatientIndexHooks.class).automatic(true);
    }

    @AfterAll
    static void close() {
        hub.hub.bean(PatientIndexHooks.class).automatic(false);
        hub.close();
    }

    private static void policies() {
        hub.set(
                permit("his", 0, client("his")),
                permit("ris", 0, client("ris"), new Condition.Actions(Set.of(Action.VIEW))));
    }

    private static String mark() {
        return UUID.randomUUID().toString().substring(0, 8);
    }

    private static String cardNumber() {
        String digits = "110101" + "1975" + "0412" + String.format("%03d", (int) (Math.random() * 1000));
        int[] weights = {7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2};
        int sum = 0;
        for (int i = 0; i < 17; i++) {
            sum += (digits.charAt(i) - '0') * weights[i];
        }
        return digits + "10X98765432".charAt(sum % 11);
    }

    private static Patient person(String name, String card, String phone) {
        Patient patient = new Patient();
        patient.addName().setText(name);
        patient.setGender(AdministrativeGender.MALE);
        patient.setBirthDateElement(new DateType("1975-04-12"));
        patient.addIdentifier()
                .setSystem("https://trefoil-hub.org/fhir/sid/out-patient")
                .setValue(UUID.randomUUID().toString());
        if (!card.isEmpty()) {
            patient.addIdentifier().setSystem(CARD_SYSTEM).setValue(card);
        }
        if (!phone.isEmpty()) {
            patient.addTelecom()
                    .setSystem(org.hl7.fhir.r4.model.ContactPoint.ContactPointSystem.PHONE)
                    .setValue(phone);
        }
        return patient;
    }

    private static String report(String patient) {
        DiagnosticReport dr = new DiagnosticReport();
        dr.setStatus(DiagnosticReport.DiagnosticReportStatus.FINAL);
        dr.setCode(new CodeableConcept().setText("index"));
        dr.setSubject(new Reference(patient));
        return hub.create(dr);
    }

    private static void work() {
        while (hub.hub.bean(PatientIndex.class).work() > 0) {
            // The next batch.
        }
    }

    private record Link(String golden, String patient, String result, String source) {}

    private static List<Link> links(String client, String query) {
        List<Link> links = new ArrayList<>();
        Parameters answer =
                hub.get(client, "/$mdm-query-links?_count=200&" + query).as(Parameters.class);
        for (Parameters.ParametersParameterComponent one : answer.getParameter()) {
            if (one.getName().equals("link")) {
                Map<String, String> parts = new HashMap<>();
                one.getPart()
                        .forEach(part ->
                                parts.put(part.getName(), part.getValue().primitiveValue()));
                links.add(new Link(
                        parts.get("goldenResourceId"),
                        parts.get("sourceResourceId"),
                        parts.get("matchResult"),
                        parts.get("linkSource")));
            }
        }
        return links;
    }

    private static String golden(String patient) {
        return links("conformance", "resourceId=" + patient + "&matchResult=MATCH")
                .get(0)
                .golden();
    }

    private static PolicyHub.Answer decide(String client, String golden, String patient, String result) {
        Parameters in = new Parameters();
        in.addParameter("goldenResourceId", new StringType(golden));
        in.addParameter("resourceId", new StringType(patient));
        in.addParameter("matchResult", new StringType(result));
        return hub.post(client, "/$mdm-update-link", in);
    }

    private static Set<String> reports(String client, String patient) {
        PolicyHub.Found found = hub.search(client, "DiagnosticReport?subject:mdm=" + patient);
        assertThat(found.total()).isEqualTo(found.references().size());
        return found.references();
    }

    private static Clearance label(String patient) {
        return hub.hub.bean(FactStore.class).load(Set.of(patient)).get(patient).label();
    }

    @Test
    @Tag("EMPI-1")
    void EMPI_1_shouldMakeOnePersonOfFourSystemsAndTakeItApartAgain() {
        String name = "钟离" + mark();
        String card = cardNumber();
        List<String> patients = new ArrayList<>();
        Set<String> reports = new TreeSet<>();
        for (int i = 0; i < 4; i++) {
            patients.add(hub.create(person(name, card, "")));
            reports.add(report(patients.get(i)));
        }
        work();
        String golden = golden(patients.get(0));
        assertThat(links("conformance", "goldenResourceId=" + golden))
                .extracting(Link::patient)
                .containsExactlyInAnyOrderElementsOf(patients);
        Patient record = hub.get("conformance", "/" + golden).as(Patient.class);
        assertThat(record.getMeta().getTag()).extracting(Coding::getCode).contains("HAPI-MDM", "GOLDEN_RECORD");
        assertThat(record.getLink())
                .extracting(link -> link.getOther().getReference())
                .containsExactlyInAnyOrderElementsOf(patients);

        String byName = "Patient?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
        assertThat(hub.search("conformance", byName)).isEqualTo(new PolicyHub.Found(new TreeSet<>(patients), 4));
        assertThat(hub.search("conformance", byName + "&_summary=count").total())
                .isEqualTo(4);
        assertThat(hub.search("conformance", byName + "&_tag=" + URLEncoder.encode(GOLDEN_TAG, StandardCharsets.UTF_8))
                        .references())
                .containsExactly(golden);
        for (String patient : patients) {
            assertThat(reports("conformance", patient)).isEqualTo(reports);
        }
        assertThat(reports("conformance", golden)).isEqualTo(reports);

        String one = patients.get(3);
        String ofOne = hub.search("conformance", "DiagnosticReport?subject=" + one)
                .references()
                .iterator()
                .next();
        assertThat(decide("conformance", golden, one, "NO_MATCH").status()).isEqualTo(200);
        work();
        assertThat(reports("conformance", one)).containsExactly(ofOne);
        assertThat(reports("conformance", patients.get(0))).hasSize(3).doesNotContain(ofOne);
        assertThat(hub.get("conformance", "/" + ofOne)
                        .as(DiagnosticReport.class)
                        .getSubject()
                        .getReference())
                .isEqualTo(one);
        assertThat(decide("conformance", golden, one, "MATCH").status()).isEqualTo(200);
        work();
        assertThat(reports("conformance", one)).isEqualTo(reports);
    }

    @Test
    @Tag("EMPI-1")
    void EMPI_1_shouldPutThePossibleIntoReview() {
        String name = "赫连" + mark();
        String first = hub.create(person(name, "", "13911110001"));
        String second = hub.create(person(name, "", "13911110002"));
        work();
        List<Link> review = links("conformance", "resourceId=" + second + "&matchResult=POSSIBLE_MATCH");
        assertThat(review).hasSize(1);
        String golden = review.get(0).golden();
        assertThat(golden(first)).isEqualTo(golden);
        report(first);
        report(second);
        assertThat(reports("conformance", second)).hasSize(1);
        assertThat(decide("ris", golden, second, "MATCH").status()).isEqualTo(403);
        assertThat(hub.get("ris", "/$mdm-query-links?resourceId=" + second).status())
                .isEqualTo(403);
        assertThat(hub.get("conformance", "/$mdm-query-links?matchResult=PERHAPS")
                        .status())
                .isEqualTo(400);
        assertThat(decide("conformance", golden, second, "MATCH").status()).isEqualTo(200);
        assertThat(reports("conformance", second)).hasSize(2);
        assertThat(links("conformance", "resourceId=" + second))
                .containsExactly(new Link(golden, second, "MATCH", "MANUAL"));
    }

    @Test
    @Tag("EMPI-2")
    void EMPI_2_shouldMergeAsTheSourceDoesAndUndoIt() {
        String loser = hub.create(person("独孤" + mark(), "", ""));
        String survivor = hub.create(person("公冶" + mark(), "", ""));
        String ofLoser = report(loser);
        String ofSurvivor = report(survivor);
        work();
        Parameters in = new Parameters();
        in.addParameter().setName("source-patient").setValue(new Reference(loser));
        in.addParameter().setName("target-patient").setValue(new Reference(survivor));
        assertThat(hub.post("ris", "/Patient/$merge", in).status()).isEqualTo(403);
        assertThat(hub.post("conformance", "/Patient/$merge", in).status()).isEqualTo(200);
        work();
        Patient gone = hub.get("conformance", "/" + loser).as(Patient.class);
        assertThat(gone.getActive()).isFalse();
        assertThat(gone.getLinkFirstRep().getType()).isEqualTo(Patient.LinkType.REPLACEDBY);
        assertThat(reports("conformance", survivor)).containsExactlyInAnyOrder(ofLoser, ofSurvivor);
        assertThat(hub.get("conformance", "/" + ofLoser)
                        .as(DiagnosticReport.class)
                        .getSubject()
                        .getReference())
                .isEqualTo(loser);

        assertThat(decide("conformance", golden(survivor), loser, "NO_MATCH").status())
                .isEqualTo(200);
        work();
        Patient back = hub.get("conformance", "/" + loser).as(Patient.class);
        assertThat(back.getActive()).isTrue();
        assertThat(back.getLink()).isEmpty();
        assertThat(hub.get("conformance", "/" + survivor).as(Patient.class).getLink())
                .isEmpty();
        assertThat(reports("conformance", survivor)).containsExactly(ofSurvivor);
        assertThat(reports("conformance", loser)).containsExactly(ofLoser);
    }

    @Test
    @Tag("EMPI-2")
    void EMPI_2_shouldFollowAMergeThatASourceWrites() {
        String survivor = hub.create(person("澹台" + mark(), "", ""));
        Patient loser = person("申屠" + mark(), "", "");
        loser.setActive(false);
        loser.addLink().setType(Patient.LinkType.REPLACEDBY).setOther(new Reference(survivor));
        String old = hub.create(loser);
        String ofOld = report(old);
        work();
        assertThat(golden(old)).isEqualTo(golden(survivor));
        assertThat(reports("conformance", survivor)).containsExactly(ofOld);
    }

    @Test
    @Tag("EMPI-1")
    void EMPI_1_shouldKeepGoldenRecordsFromHands() {
        String card = cardNumber();
        String name = "夏侯" + mark();
        String one = hub.create(person(name, card, ""));
        hub.create(person(name, card, ""));
        work();
        String golden = golden(one);
        Patient record = hub.get("conformance", "/" + golden).as(Patient.class);
        assertThat(hub.send("PUT", "conformance", "/" + golden, record.setActive(false))
                        .status())
                .isEqualTo(405);
        assertThat(hub.send("DELETE", "conformance", "/" + golden, null).status())
                .isEqualTo(405);
        Patient forged = person("伪" + mark(), "", "");
        forged.getMeta().addTag("http://hapifhir.io/fhir/NamingSystem/mdm-record-status", "GOLDEN_RECORD", null);
        assertThat(hub.post("conformance", "/Patient", forged).status()).isEqualTo(405);
        Parameters tag = new Parameters();
        tag.addParameter(
                "meta",
                new Meta().addTag("http://hapifhir.io/fhir/NamingSystem/mdm-record-status", "GOLDEN_RECORD", null));
        assertThat(hub.post("conformance", "/" + one + "/$meta-add", tag).status())
                .isGreaterThanOrEqualTo(400);
        assertThat(hub.post("conformance", "/" + golden + "/$meta-delete", tag).status())
                .isGreaterThanOrEqualTo(400);
    }

    @Test
    @Tag("EMPI-1")
    void EMPI_1_shouldHideEveryIdentityOfAHiddenPerson() {
        String card = cardNumber();
        String name = "尉迟" + mark();
        String one = hub.create(person(name, card, ""));
        String two = hub.create(person(name, card, ""));
        String ofTwo = report(two);
        work();
        String golden = golden(one);
        try {
            hub.set(
                    permit("his", 0, client("his")),
                    deny("hidden", 300, client("his"), new Condition.Patient(Set.of(one))));
            for (String hidden : List.of(one, two, golden, ofTwo)) {
                assertThat(hub.get("his", "/" + hidden).status()).as(hidden).isEqualTo(404);
            }
            for (String query : List.of(
                    "Patient?_id=" + golden.substring(8),
                    "Patient?name=" + URLEncoder.encode(name, StandardCharsets.UTF_8),
                    "Patient?name=yuchi",
                    "DiagnosticReport?subject:mdm=" + one,
                    "DiagnosticReport?patient:mdm=" + golden)) {
                assertThat(hub.search("his", query).references()).as(query).doesNotContain(one, two, golden, ofTwo);
            }
            assertThat(hub.search("his", "DiagnosticReport?subject:mdm=" + one).total())
                    .isZero();
            assertThat(links("his", "resourceId=" + two)).isEmpty();
            assertThat(decide("his", golden, two, "NO_MATCH").status()).isEqualTo(404);
            assertThat(decide("his", "Patient/999999999", two, "NO_MATCH").status())
                    .isEqualTo(404);
        } finally {
            policies();
        }
    }

    @Test
    @Tag("EMPI-1")
    void EMPI_1_shouldHoldTheHighestLabelOverLinkedIdentities() {
        String card = cardNumber();
        String name = "拓跋" + mark();
        Patient special = person(name, card, "");
        special.getMeta().addSecurity("http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "V", null);
        String one = hub.create(special);
        String two = hub.create(person(name, card, ""));
        assertThat(label(two)).isEqualTo(Clearance.N);
        work();
        String golden = golden(one);
        assertThat(label(two)).isEqualTo(Clearance.V);
        assertThat(label(golden)).isEqualTo(Clearance.V);
        assertThat(decide("conformance", golden, one, "NO_MATCH").status()).isEqualTo(200);
        assertThat(label(two)).isEqualTo(Clearance.N);
        assertThat(label(one)).isEqualTo(Clearance.V);
    }

    private static String dated(String patient, String date) {
        DiagnosticReport dr = new DiagnosticReport();
        dr.setStatus(DiagnosticReport.DiagnosticReportStatus.FINAL);
        dr.setCode(new CodeableConcept().setText("timeline"));
        dr.setSubject(new Reference(patient));
        dr.setEffective(new org.hl7.fhir.r4.model.DateTimeType(date));
        return hub.create(dr);
    }

    private static List<String> page(String client, String path, List<String> links) {
        Bundle page = hub.get(client, path).as(Bundle.class);
        links.clear();
        if (page.getLink("next") != null) {
            String url = page.getLink("next").getUrl();
            links.add(url.substring(url.indexOf("/fhir/") + 5));
        }
        return page.getEntry().stream()
                .map(entry -> entry.getResource().fhirType() + "/"
                        + entry.getResource().getIdElement().getIdPart())
                .toList();
    }

    @Test
    @Tag("EMPI-1")
    void EMPI_1_shouldShowTheTimelineOverAllIdentities() {
        String card = cardNumber();
        String name = "淳于" + mark();
        String one = hub.create(person(name, card, ""));
        String two = hub.create(person(name, card, ""));
        List<String> expected = new ArrayList<>();
        for (int i = 9; i >= 1; i--) {
            expected.add(dated(i % 2 == 0 ? one : two, "2026-01-0" + i + "T10:00:00+08:00"));
        }
        String tie = dated(two, "2026-01-08T10:00:00+08:00");
        expected.add(2, tie);
        org.hl7.fhir.r4.model.Encounter stay = new org.hl7.fhir.r4.model.Encounter();
        stay.setStatus(org.hl7.fhir.r4.model.Encounter.EncounterStatus.FINISHED);
        stay.setClass_(new Coding()
                .setSystem("http://terminology.hl7.org/CodeSystem/v3-ActCode")
                .setCode("IMP"));
        stay.setSubject(new Reference(one));
        stay.getPeriod().setStartElement(new org.hl7.fhir.r4.model.DateTimeType("2025-12-01T08:00:00+08:00"));
        expected.add(hub.create(stay));
        work();
        for (String identity : List.of(one, two, golden(one))) {
            List<String> next = new ArrayList<>();
            List<String> all = new ArrayList<>(page("conformance", "/" + identity + "/$timeline?_count=2", next));
            assertThat(all).as("a page ends behind a moment").hasSize(3);
            while (!next.isEmpty()) {
                all.addAll(page("conformance", next.get(0), next));
            }
            assertThat(all).as(identity).isEqualTo(expected);
        }
        try {
            hub.set(
                    permit("his", 0, client("his")),
                    deny("no-encounters", 300, client("his"), new Condition.DataType(Set.of("Encounter"))),
                    permit("ris", 0, client("ris")),
                    deny("hidden", 300, client("ris"), new Condition.Patient(Set.of(two))));
            List<String> next = new ArrayList<>();
            assertThat(page("his", "/" + one + "/$timeline?_count=50", next))
                    .isEqualTo(expected.subList(0, expected.size() - 1));
            assertThat(hub.get("ris", "/" + one + "/$timeline").status()).isEqualTo(404);
        } finally {
            policies();
        }
        assertThat(hub.get("conformance", "/" + one + "/$timeline?before=yesterday")
                        .status())
                .isEqualTo(400);
    }

    /** The same persons as in the pure test of the rules, fewer, through the door. */
    @Test
    @Tag("EMPI-1")
    void EMPI_1_shouldLinkTypicalPersonsThroughTheDoor() {
        List<TypicalPersons.Known> persons = TypicalPersons.generate(60, 99, mark());
        Bundle bundle = new Bundle();
        persons.forEach(known -> bundle.addEntry()
                .setResource(known.patient())
                .getRequest()
                .setMethod(Bundle.HTTPVerb.POST)
                .setUrl("Patient"));
        List<String> stored = hub.transaction(bundle);
        long begun = System.nanoTime();
        work();
        System.getLogger("index")
                .log(
                        System.Logger.Level.INFO,
                        "indexed {0} in {1} ms",
                        stored.size(),
                        (System.nanoTime() - begun) / 1_000_000);
        Map<String, String> golden = new HashMap<>();
        for (Link link : hubLinks(stored)) {
            if (link.result().equals("MATCH")) {
                golden.put(link.patient(), link.golden());
            }
        }
        int right = 0;
        int wrong = 0;
        int missed = 0;
        for (int i = 0; i < stored.size(); i++) {
            for (int j = 0; j < i; j++) {
                boolean same = persons.get(i).person() == persons.get(j).person();
                String mine = golden.get(stored.get(i));
                boolean linked = mine != null && mine.equals(golden.get(stored.get(j)));
                right += linked && same ? 1 : 0;
                wrong += linked && !same ? 1 : 0;
                missed += !linked && same && persons.get(i).automatic() ? 1 : 0;
            }
        }
        assertThat(right / (double) (right + wrong)).as("precision").isGreaterThanOrEqualTo(0.99);
        assertThat(right / (double) (right + missed)).as("recall").isGreaterThanOrEqualTo(0.93);
    }

    private static Set<Link> hubLinks(List<String> patients) {
        Set<Link> links = new HashSet<>();
        patients.forEach(patient -> links.addAll(links("conformance", "resourceId=" + patient)));
        return links;
    }
}

package org.trefoilhub.interceptors.fhir.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.TimeType;
import org.hl7.fhir.r4.model.Timing;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.CareRelation;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Condition;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.FactKind;
import org.trefoilhub.access.policy.Obligation;
import org.trefoilhub.access.policy.UserMatch;

/** Every element of the profile, understood and misunderstood. */
class AccessPolicyMapperTest {

    private static final ZoneId ZONE = ZoneId.of("Asia/Shanghai");
    private static final String ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
    private static final String CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality";
    private static final String ACT_REASON = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
    private static final String CONSENT_ACTION = "http://terminology.hl7.org/CodeSystem/consentaction";
    private static final String DICOM = "http://dicom.nema.org/resources/ontology/DCM";

    private static final ActorDirectory DIRECTORY = reference -> switch (reference) {
        case "Device/7" -> List.of(identifier("source", "RIS"), identifier("client", "ris"));
        case "Practitioner/3" -> List.of(identifier("user", "radiologist"));
        case "Organization/5" -> List.of(identifier("department", "W1"));
        case "Device/8" -> List.of(identifier("source", "LIS"));
        default -> List.of();
    };

    private static final AccessPolicyMapper MAPPER = new AccessPolicyMapper(ZONE, DIRECTORY);

    static Stream<Arguments> understood() {
        return Stream.of(
                good("nothing", p -> {}),
                good(
                        "sources",
                        p -> {
                            p.addExtension(AccessPolicyMapper.SOURCE, sid("source", "RIS"));
                            p.addExtension(AccessPolicyMapper.SOURCE, sid("source", "UIS"));
                        },
                        new Condition.Coded(FactKind.SOURCE, Set.of("RIS", "UIS"))),
                good(
                        "interfaces",
                        p -> {
                            p.addExtension(AccessPolicyMapper.INTERFACE, new CodeType("fhir-rest"));
                            p.addExtension(AccessPolicyMapper.INTERFACE, new CodeType("dimse"));
                        },
                        new Condition.Interface(Set.of(Door.FHIR_REST, Door.DIMSE))),
                good(
                        "resource types",
                        p -> {
                            type(p, "Patient");
                            type(p, "Task");
                        },
                        new Condition.DataType(Set.of("Patient", "Task"))),
                good(
                        "data types",
                        p -> dataType(p, "image-unassigned"),
                        new Condition.Coded(FactKind.DATA_TYPE, Set.of("image-unassigned"))),
                good(
                        "resource types or data types",
                        p -> {
                            type(p, "ImagingStudy");
                            dataType(p, "report");
                        },
                        new Condition.AnyOf(List.of(
                                new Condition.DataType(Set.of("ImagingStudy")),
                                new Condition.Coded(FactKind.DATA_TYPE, Set.of("report"))))),
                good(
                        "type and category",
                        p -> {
                            type(p, "Observation");
                            p.addCode(concept("http://x.org/category", "laboratory"));
                        },
                        new Condition.DataType(Set.of("Observation")),
                        new Condition.Coded(FactKind.CATEGORY, Set.of("http://x.org/category|laboratory"))),
                good(
                        "exam item as code",
                        p -> p.addCode(concept(AccessPolicyMapper.EXAM_ITEM_SYSTEM, "CT-CHEST")),
                        new Condition.Coded(FactKind.EXAM_ITEM, Set.of("CT-CHEST"))),
                good(
                        "patient types",
                        p -> {
                            patientType(p, ACT_CODE, "EMER");
                            patientType(p, AccessPolicyMapper.PATIENT_TYPE_SYSTEM, "check-up");
                        },
                        new Condition.Coded(FactKind.PATIENT_TYPE, Set.of("EMER", "check-up"))),
                good(
                        "care relations",
                        p -> {
                            patientType(p, AccessPolicyMapper.PATIENT_TYPE_SYSTEM, "own-ward");
                            patientType(p, AccessPolicyMapper.PATIENT_TYPE_SYSTEM, "own-today");
                            patientType(p, AccessPolicyMapper.PATIENT_TYPE_SYSTEM, "attending");
                            patientType(p, AccessPolicyMapper.PATIENT_TYPE_SYSTEM, "treating");
                            patientType(p, AccessPolicyMapper.PATIENT_TYPE_SYSTEM, "examined");
                            patientType(p, AccessPolicyMapper.PATIENT_TYPE_SYSTEM, "other-dept");
                            patientType(p, AccessPolicyMapper.PATIENT_TYPE_SYSTEM, "not-author");
                            patientType(p, AccessPolicyMapper.PATIENT_TYPE_SYSTEM, "outside");
                        },
                        new Condition.Care(Set.of(CareRelation.values()), ZONE)),
                good(
                        "examined by a department",
                        p -> patientType(p, AccessPolicyMapper.DEPARTMENT, "radiology"),
                        new Condition.Coded(FactKind.EXAMINED_BY, Set.of("radiology"))),
                good(
                        "patient type or relation",
                        p -> {
                            patientType(p, ACT_CODE, "EMER");
                            patientType(p, AccessPolicyMapper.PATIENT_TYPE_SYSTEM, "own-ward");
                        },
                        new Condition.AnyOf(List.of(
                                new Condition.Coded(FactKind.PATIENT_TYPE, Set.of("EMER")),
                                new Condition.Care(Set.of(CareRelation.OWN_WARD), ZONE)))),
                good(
                        "labels",
                        p -> {
                            p.addSecurityLabel(new Coding(CONFIDENTIALITY, "R", null));
                            p.addSecurityLabel(new Coding(CONFIDENTIALITY, "V", null));
                        },
                        new Condition.LabelIn(Set.of(Clearance.R, Clearance.V))),
                good(
                        "sensitivity or label",
                        p -> {
                            p.addSecurityLabel(new Coding(ACT_CODE, "HIV", null));
                            p.addSecurityLabel(new Coding(CONFIDENTIALITY, "V", null));
                        },
                        new Condition.AnyOf(List.of(
                                new Condition.LabelIn(Set.of(Clearance.V)),
                                new Condition.Coded(FactKind.SENSITIVITY, Set.of("HIV"))))),
                good(
                        "patients",
                        p -> {
                            data(p, Consent.ConsentDataMeaning.INSTANCE, "Patient/1");
                            data(p, Consent.ConsentDataMeaning.DEPENDENTS, "Patient/2");
                        },
                        new Condition.Patient(Set.of("Patient/1", "Patient/2"))),
                good(
                        "patient or group",
                        p -> {
                            data(p, Consent.ConsentDataMeaning.INSTANCE, "Patient/1");
                            data(p, Consent.ConsentDataMeaning.DEPENDENTS, "Group/2");
                        },
                        new Condition.AnyOf(List.of(
                                new Condition.Patient(Set.of("Patient/1")),
                                new Condition.Coded(FactKind.GROUP, Set.of("Group/2"))))),
                good(
                        "exams",
                        p -> {
                            data(p, Consent.ConsentDataMeaning.RELATED, "ServiceRequest/1");
                            data(p, Consent.ConsentDataMeaning.RELATED, "ImagingStudy/2");
                            data(p, Consent.ConsentDataMeaning.RELATED, "DiagnosticReport/3");
                        },
                        new Condition.Exam(Set.of("ServiceRequest/1", "ImagingStudy/2", "DiagnosticReport/3"))),
                good(
                        "exam items, modalities, departments",
                        p -> {
                            p.addExtension(
                                    AccessPolicyMapper.EXAM_ITEM,
                                    concept(AccessPolicyMapper.EXAM_ITEM_SYSTEM, "CTA-CORONARY"));
                            p.addExtension(AccessPolicyMapper.EXAM_ITEM, concept(DICOM, "CT"));
                            p.addExtension(
                                    AccessPolicyMapper.EXAM_ITEM, concept(AccessPolicyMapper.DEPARTMENT, "radiology"));
                        },
                        new Condition.AnyOf(List.of(
                                new Condition.Coded(FactKind.EXAM_ITEM, Set.of("CTA-CORONARY")),
                                new Condition.Coded(FactKind.MODALITY, Set.of("CT")),
                                new Condition.Coded(FactKind.DEPARTMENT, Set.of("radiology"))))),
                good(
                        "data period of whole days, in the zone of the hospital",
                        p -> p.setDataPeriod(period("2024-01-01", "2024-12-31")),
                        new Condition.DataPeriod(
                                Instant.parse("2023-12-31T16:00:00Z"), Instant.parse("2024-12-31T16:00:00Z"))),
                good(
                        "data period of a month, open at the end",
                        p -> p.setDataPeriod(period("2024-02", null)),
                        new Condition.DataPeriod(Instant.parse("2024-01-31T16:00:00Z"), null)),
                good(
                        "data period up to a year",
                        p -> p.setDataPeriod(period(null, "2024")),
                        new Condition.DataPeriod(null, Instant.parse("2024-12-31T16:00:00Z"))),
                good(
                        "data period up to a second, which it includes",
                        p -> p.setDataPeriod(period(null, "2024-02-29T12:00:00+08:00")),
                        new Condition.DataPeriod(null, Instant.parse("2024-02-29T04:00:01Z"))),
                good(
                        "clients",
                        p -> {
                            actor(p, "system", logical("client", "his"));
                            actor(p, "system", new Reference("Device/7"));
                        },
                        new Condition.Client(Set.of("his", "ris"))),
                good(
                        "users",
                        p -> {
                            actor(p, "user", logical("user", "ward-doctor"));
                            actor(p, "user", logical("role", "nurse"));
                            actor(p, "user", logical("role", "doctor@W1"));
                            actor(p, "user", logical("department", "W2"));
                            actor(p, "user", new Reference("Practitioner/3"));
                            actor(p, "user", new Reference("Organization/5"));
                            actor(p, "user", new Reference("Group/9"));
                            actor(p, "user", new Reference("CareTeam/4"));
                        },
                        new Condition.User(Set.of(
                                new UserMatch.Named("ward-doctor"),
                                new UserMatch.InRole("nurse"),
                                new UserMatch.InRoleAt("doctor", "W1"),
                                new UserMatch.InDepartment("W2"),
                                new UserMatch.Named("radiologist"),
                                new UserMatch.InDepartment("W1"),
                                new UserMatch.InGroup("Group/9"),
                                new UserMatch.InGroup("CareTeam/4")))),
                good(
                        "clients and users",
                        p -> {
                            actor(p, "user", logical("user", "ward-doctor"));
                            actor(p, "system", logical("client", "console"));
                        },
                        new Condition.Client(Set.of("console")),
                        new Condition.User(Set.of(new UserMatch.Named("ward-doctor")))),
                good(
                        "authorisation period",
                        p -> p.setPeriod(period("2026-01-01T08:00:00+08:00", "2026-01-02T08:00:00+08:00")),
                        new Condition.AuthorisationPeriod(
                                Instant.parse("2026-01-01T00:00:00Z"),
                                Instant.parse("2026-01-02T00:00:01Z"),
                                Set.of(),
                                ZONE)),
                good(
                        "hours of work days within a period",
                        p -> {
                            p.setPeriod(period("2026-01-01", null));
                            p.addExtension(
                                    AccessPolicyMapper.HOURS,
                                    timing(
                                            "08:00:00",
                                            10,
                                            Timing.UnitsOfTime.H,
                                            Timing.DayOfWeek.MON,
                                            Timing.DayOfWeek.FRI));
                            p.addExtension(
                                    AccessPolicyMapper.HOURS,
                                    timing("22:30:00", 90, Timing.UnitsOfTime.MIN, Timing.DayOfWeek.SUN));
                        },
                        new Condition.AuthorisationPeriod(
                                Instant.parse("2025-12-31T16:00:00Z"),
                                null,
                                Set.of(
                                        new Condition.Hours(
                                                Set.of(DayOfWeek.MONDAY, DayOfWeek.FRIDAY),
                                                LocalTime.of(8, 0),
                                                Duration.ofHours(10)),
                                        new Condition.Hours(
                                                Set.of(DayOfWeek.SUNDAY),
                                                LocalTime.of(22, 30),
                                                Duration.ofMinutes(90))),
                                ZONE)),
                good(
                        "whole days",
                        p -> p.addExtension(
                                AccessPolicyMapper.HOURS,
                                timing(null, 0, null, Timing.DayOfWeek.SAT, Timing.DayOfWeek.SUN)),
                        new Condition.AuthorisationPeriod(
                                null,
                                null,
                                Set.of(new Condition.Hours(
                                        Set.of(DayOfWeek.SATURDAY, DayOfWeek.SUNDAY),
                                        LocalTime.MIDNIGHT,
                                        Duration.ofDays(1))),
                                ZONE)),
                good(
                        "actions",
                        p -> {
                            p.addAction(concept(AccessPolicyMapper.ACTION_SYSTEM, "print"));
                            p.addAction(concept(AccessPolicyMapper.ACTION_SYSTEM, "share"));
                        },
                        new Condition.Actions(Set.of(Action.PRINT, Action.SHARE))),
                good(
                        "actions of HL7",
                        p -> {
                            p.addAction(concept(CONSENT_ACTION, "use"));
                            p.addAction(concept(CONSENT_ACTION, "correct"));
                        },
                        new Condition.Actions(Set.of(Action.VIEW, Action.PRINT, Action.DOWNLOAD, Action.MODIFY))),
                good(
                        "purposes",
                        p -> p.addPurpose(new Coding(ACT_REASON, "ETREAT", null)),
                        new Condition.Purpose(Set.of("ETREAT"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void understood(String name, Consumer<Consent.ProvisionComponent> setting, List<Condition> expected) {
        Consent consent = consent();
        setting.accept(nested(consent));
        AccessPolicy policy = only(consent);
        assertThat(policy.id()).isEqualTo("rule#0");
        assertThat(policy.effect()).isEqualTo(AccessPolicy.Effect.PERMIT);
        assertThat(policy.priority()).isZero();
        assertThat(policy.obligations()).isEmpty();
        assertThat(policy.conditions()).containsExactlyInAnyOrderElementsOf(expected);

        Consent inherited = consent();
        setting.accept(inherited.getProvision());
        assertThat(only(inherited).conditions())
                .as("the same in the root provision")
                .containsExactlyInAnyOrderElementsOf(expected);
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                bad("unknown extension", p -> p.addExtension("urn:x", new BooleanType(true))),
                bad(
                        "element `modifierExtension`",
                        p -> p.addModifierExtension().setUrl("urn:x").setValue(new BooleanType(true))),
                bad("source that is no coding", p -> p.addExtension(AccessPolicyMapper.SOURCE, new CodeType("RIS"))),
                bad(
                        "source has a code of an unknown system",
                        p -> p.addExtension(AccessPolicyMapper.SOURCE, new Coding("urn:x", "RIS", null))),
                bad(
                        "without system or code",
                        p -> p.addExtension(AccessPolicyMapper.SOURCE, new Coding(null, "RIS", null))),
                bad(
                        "element `version`",
                        p -> p.addExtension(
                                AccessPolicyMapper.SOURCE, sid("source", "RIS").setVersion("1"))),
                bad(
                        "unknown interface `fhir-rset`",
                        p -> p.addExtension(AccessPolicyMapper.INTERFACE, new CodeType("fhir-rset"))),
                bad(
                        "interface that is no code",
                        p -> p.addExtension(AccessPolicyMapper.INTERFACE, new StringType("dimse"))),
                bad("class has a code of an unknown system", p -> p.addClass_(new Coding("urn:x", "Patient", null))),
                bad("without system or code", p -> p.addClass_(new Coding(null, "Patient", null))),
                bad("0 codings", p -> p.addCode(new CodeableConcept().setText("CT"))),
                bad("2 codings", p -> p.addCode(concept("urn:a", "1").addCoding(new Coding("urn:b", "2", null)))),
                bad("mixes exam items and categories", p -> {
                    p.addCode(concept("urn:a", "1"));
                    p.addCode(concept(AccessPolicyMapper.EXAM_ITEM_SYSTEM, "CT-CHEST"));
                }),
                bad(
                        "patient type that is no concept",
                        p -> p.addExtension(AccessPolicyMapper.PATIENT_TYPE, new CodeType("IMP"))),
                bad("patient type has a code of an unknown system", p -> patientType(p, "urn:x", "IMP")),
                bad("unknown label `U`", p -> p.addSecurityLabel(new Coding(CONFIDENTIALITY, "U", null))),
                bad(
                        "security label has a code of an unknown system",
                        p -> p.addSecurityLabel(new Coding("urn:x", "V", null))),
                bad("no patient or group", p -> data(p, Consent.ConsentDataMeaning.INSTANCE, "Observation/1")),
                bad(
                        "no patient or group",
                        p -> data(p, Consent.ConsentDataMeaning.INSTANCE, "http://elsewhere.org/Patient/1")),
                bad("no patient or group", p -> data(p, Consent.ConsentDataMeaning.INSTANCE, "Patient/1/_history/2")),
                bad("no patient or group", p -> data(p, Consent.ConsentDataMeaning.INSTANCE, "Patient?identifier=1")),
                bad("no order, study or report", p -> data(p, Consent.ConsentDataMeaning.RELATED, "Patient/1")),
                bad(
                        "meaning that is not understood",
                        p -> data(p, Consent.ConsentDataMeaning.AUTHOREDBY, "Practitioner/1")),
                bad("element `identifier`", p -> p.addData()
                        .setMeaning(Consent.ConsentDataMeaning.INSTANCE)
                        .setReference(logical("patient-id", "P1"))),
                bad("no literal reference", p -> p.addData()
                        .setMeaning(Consent.ConsentDataMeaning.INSTANCE)
                        .getReference()
                        .setDisplay("somebody")),
                bad(
                        "exam item has a code of an unknown system",
                        p -> p.addExtension(AccessPolicyMapper.EXAM_ITEM, concept("urn:x", "CT"))),
                bad(
                        "exam item that is no concept",
                        p -> p.addExtension(AccessPolicyMapper.EXAM_ITEM, new CodeType("CT"))),
                bad(
                        "neither start nor end",
                        p -> p.getDataPeriod().getStartElement().addExtension("urn:x", new BooleanType(true))),
                bad("system actor that is no client", p -> actor(p, "system", logical("user", "his"))),
                bad("system actor that is no client", p -> actor(p, "system", new Reference("Device/8"))),
                bad("actor that nobody knows", p -> actor(p, "system", new Reference("Device/99"))),
                bad("actor that nobody knows", p -> actor(p, "user", new Reference("PractitionerRole/1"))),
                bad("user actor of an unknown kind", p -> actor(p, "user", logical("client", "his"))),
                bad(
                        "half an identifier",
                        p -> actor(p, "user", new Reference().setIdentifier(new Identifier().setValue("x")))),
                bad("without an identifier", p -> actor(p, "user", new Reference().setDisplay("x"))),
                bad("unknown actor role `person`", p -> actor(p, "person", logical("user", "x"))),
                bad(
                        "actor role of an unknown system",
                        p -> p.addActor().setRole(concept("urn:x", "user")).setReference(logical("user", "x"))),
                bad("hours that are no timing", p -> p.addExtension(AccessPolicyMapper.HOURS, new StringType("08:00"))),
                bad(
                        "element `event`",
                        p -> p.addExtension(AccessPolicyMapper.HOURS, new Timing().addEvent(new java.util.Date(0)))),
                bad("element `frequency`", p -> {
                    Timing timing = timing("08:00:00", 1, Timing.UnitsOfTime.H);
                    timing.getRepeat().setFrequency(2);
                    p.addExtension(AccessPolicyMapper.HOURS, timing);
                }),
                bad("time without a duration", p -> {
                    Timing timing = new Timing();
                    timing.getRepeat().addTimeOfDay("08:00:00");
                    p.addExtension(AccessPolicyMapper.HOURS, timing);
                }),
                bad(
                        "duration in no unit",
                        p -> p.addExtension(AccessPolicyMapper.HOURS, timing("08:00:00", 1, Timing.UnitsOfTime.WK))),
                bad(
                        "no time of day",
                        p -> p.addExtension(AccessPolicyMapper.HOURS, timing("25:00:00", 1, Timing.UnitsOfTime.H))),
                bad("unknown action `peek`", p -> p.addAction(concept(AccessPolicyMapper.ACTION_SYSTEM, "peek"))),
                bad("unknown action `view`", p -> p.addAction(concept(CONSENT_ACTION, "view"))),
                bad("action has a code of an unknown system", p -> p.addAction(concept("urn:x", "view"))),
                bad("purpose has a code of an unknown system", p -> p.addPurpose(new Coding("urn:x", "TREAT", null))),
                bad("two priorities", p -> {
                    p.addExtension(AccessPolicyMapper.PRIORITY, new IntegerType(1));
                    p.addExtension(AccessPolicyMapper.PRIORITY, new IntegerType(2));
                }),
                bad(
                        "priority that is no integer",
                        p -> p.addExtension(AccessPolicyMapper.PRIORITY, new StringType("1"))),
                bad("unknown mask `face`", p -> p.addExtension(AccessPolicyMapper.MASK, new CodeType("face"))),
                bad("two masks", p -> {
                    p.addExtension(AccessPolicyMapper.MASK, new CodeType("name"));
                    p.addExtension(AccessPolicyMapper.MASK, new CodeType("none"));
                }),
                bad("masks what it denies", p -> {
                    p.setType(Consent.ConsentProvisionType.DENY);
                    p.addExtension(AccessPolicyMapper.MASK, new CodeType("name"));
                }),
                bad("neither permit nor deny", p -> type(p.setType(null), "Patient")),
                bad("provisions of its own", p -> p.addProvision().setType(Consent.ConsentProvisionType.DENY)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refused(String problem, Consumer<Consent.ProvisionComponent> setting) {
        Consent consent = consent();
        setting.accept(nested(consent));
        assertThatThrownBy(() -> MAPPER.map(consent))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem);
    }

    static Stream<Arguments> refusedConsents() {
        return Stream.of(
                badConsent("no id", c -> c.setId((String) null)),
                badConsent("does not claim the profile", c -> c.setMeta(null)),
                badConsent("not active", c -> c.setStatus(Consent.ConsentState.DRAFT)),
                badConsent(
                        "another scope", c -> c.getScope().getCodingFirstRep().setCode("treatment")),
                badConsent("another scope", c -> c.getScope().addCoding(new Coding("urn:x", "y", null))),
                badConsent("another rule", c -> c.setPolicyRule(null)),
                badConsent("element `patient`", c -> c.setPatient(new Reference("Patient/1"))),
                badConsent("element `extension`", c -> c.addExtension("urn:x", new BooleanType(true))),
                badConsent("element `modifierExtension`", c -> c.addModifierExtension()
                        .setUrl("urn:x")),
                badConsent("element `verification`", c -> c.addVerification().setVerified(true)),
                badConsent("element `policy`", c -> c.addPolicy().setUri("urn:x")),
                badConsent("no provision", c -> c.setProvision(null)),
                badConsent("no nested provision", c -> type(c.getProvision().setProvision(null), "Patient")),
                badConsent("type in its root provision", c -> c.getProvision()
                        .setType(Consent.ConsentProvisionType.PERMIT)),
                badConsent("priority or a mask in its root", c -> c.getProvision()
                        .addExtension(AccessPolicyMapper.PRIORITY, new IntegerType(1))),
                badConsent("priority or a mask in its root", c -> c.getProvision()
                        .addExtension(AccessPolicyMapper.MASK, new CodeType("name"))));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    void refusedConsents(String problem, Consumer<Consent> setting) {
        Consent consent = consent();
        setting.accept(consent);
        assertThatThrownBy(() -> MAPPER.map(consent))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(problem);
    }

    @Test
    void shouldReadEffectPriorityAndMask() {
        Consent consent = consent();
        Consent.ProvisionComponent permit = nested(consent);
        permit.addExtension(AccessPolicyMapper.PRIORITY, new IntegerType(300));
        permit.addExtension(AccessPolicyMapper.MASK, new CodeType("name"));
        Consent.ProvisionComponent second = consent.getProvision().addProvision();
        second.setType(Consent.ConsentProvisionType.PERMIT);
        second.addExtension(AccessPolicyMapper.MASK, new CodeType("demographics"));
        Consent.ProvisionComponent third = consent.getProvision().addProvision();
        third.setType(Consent.ConsentProvisionType.DENY);
        third.addExtension(AccessPolicyMapper.PRIORITY, new IntegerType(900));
        third.addExtension(AccessPolicyMapper.MASK, new CodeType("none"));
        assertThat(MAPPER.map(consent))
                .containsExactly(
                        new AccessPolicy(
                                "rule#0", AccessPolicy.Effect.PERMIT, 300, List.of(), Set.of(Obligation.MASK_NAME)),
                        new AccessPolicy(
                                "rule#1",
                                AccessPolicy.Effect.PERMIT,
                                0,
                                List.of(),
                                Set.of(Obligation.MASK_DEMOGRAPHICS)),
                        new AccessPolicy("rule#2", AccessPolicy.Effect.DENY, 900, List.of(), Set.of()));
    }

    @Test
    void shouldJoinWhatIsInheritedWithAnd() {
        Consent consent = consent();
        type(consent.getProvision(), "ImagingStudy");
        dataType(nested(consent), "image-unassigned");
        assertThat(only(consent).conditions())
                .containsExactlyInAnyOrder(
                        new Condition.DataType(Set.of("ImagingStudy")),
                        new Condition.Coded(FactKind.DATA_TYPE, Set.of("image-unassigned")));
    }

    @Test
    void shouldTellAccessPoliciesFromPatientsConsents() {
        assertThat(AccessPolicyMapper.isAccessPolicy(consent())).isTrue();
        Consent profileOnly = consent();
        profileOnly.setScope(null);
        assertThat(AccessPolicyMapper.isAccessPolicy(profileOnly)).isTrue();
        Consent scopeOnly = consent();
        scopeOnly.setMeta(null);
        assertThat(AccessPolicyMapper.isAccessPolicy(scopeOnly)).isTrue();
        assertThat(AccessPolicyMapper.isAccessPolicy(new Consent())).isFalse();
    }

    private static Arguments good(String name, Consumer<Consent.ProvisionComponent> setting, Condition... expected) {
        return Arguments.of(name, setting, List.of(expected));
    }

    private static Arguments bad(String problem, Consumer<Consent.ProvisionComponent> setting) {
        return Arguments.of(problem, setting);
    }

    private static Arguments badConsent(String problem, Consumer<Consent> setting) {
        return Arguments.of(problem, setting);
    }

    private static AccessPolicy only(Consent consent) {
        List<AccessPolicy> policies = MAPPER.map(consent);
        assertThat(policies).hasSize(1);
        return policies.get(0);
    }

    private static Consent consent() {
        Consent consent = new Consent();
        consent.setId("rule");
        consent.getMeta().addProfile(AccessPolicyMapper.PROFILE);
        consent.setStatus(Consent.ConsentState.ACTIVE);
        consent.setScope(concept(AccessPolicyMapper.SCOPE_SYSTEM, AccessPolicyMapper.SCOPE));
        consent.addCategory(concept("http://loinc.org", "57016-8"));
        consent.setPolicyRule(concept(AccessPolicyMapper.RULE_SYSTEM, AccessPolicyMapper.RULE));
        consent.getProvision().addProvision().setType(Consent.ConsentProvisionType.PERMIT);
        return consent;
    }

    private static Consent.ProvisionComponent nested(Consent consent) {
        return consent.getProvision().getProvisionFirstRep();
    }

    private static void type(Consent.ProvisionComponent provision, String type) {
        provision.addClass_(new Coding(AccessPolicyMapper.TYPE_SYSTEM, type, null));
    }

    private static void dataType(Consent.ProvisionComponent provision, String type) {
        provision.addClass_(new Coding(AccessPolicyMapper.DATA_TYPE_SYSTEM, type, null));
    }

    private static void patientType(Consent.ProvisionComponent provision, String system, String code) {
        provision.addExtension(AccessPolicyMapper.PATIENT_TYPE, concept(system, code));
    }

    private static void data(
            Consent.ProvisionComponent provision, Consent.ConsentDataMeaning meaning, String reference) {
        provision.addData().setMeaning(meaning).setReference(new Reference(reference));
    }

    private static void actor(Consent.ProvisionComponent provision, String role, Reference reference) {
        provision
                .addActor()
                .setRole(concept(AccessPolicyMapper.ACTOR_ROLE_SYSTEM, role))
                .setReference(reference);
    }

    private static Reference logical(String system, String value) {
        return new Reference().setIdentifier(identifier(system, value));
    }

    private static Identifier identifier(String system, String value) {
        return new Identifier()
                .setSystem(AccessPolicyMapper.BASE + "/sid/" + system)
                .setValue(value);
    }

    private static Coding sid(String system, String value) {
        return new Coding(AccessPolicyMapper.BASE + "/sid/" + system, value, null);
    }

    private static CodeableConcept concept(String system, String code) {
        return new CodeableConcept().addCoding(new Coding(system, code, null));
    }

    private static Period period(String start, String end) {
        Period period = new Period();
        if (start != null) {
            period.setStartElement(new DateTimeType(start));
        }
        if (end != null) {
            period.setEndElement(new DateTimeType(end));
        }
        return period;
    }

    private static Timing timing(String time, long duration, Timing.UnitsOfTime unit, Timing.DayOfWeek... days) {
        Timing timing = new Timing();
        for (Timing.DayOfWeek day : days) {
            timing.getRepeat().addDayOfWeek(day);
        }
        if (time != null) {
            timing.getRepeat().getTimeOfDay().add(new TimeType(time));
            timing.getRepeat().setDuration(duration).setDurationUnit(unit);
        }
        return timing;
    }
}

package org.trefoilhub.hub.corpus;

import ca.uhn.fhir.context.FhirContext;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Timing;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.PolicyCorpus;
import org.trefoilhub.interceptors.fhir.policy.AccessPolicyMapper;

/** Writes policies of the corpus as the Consents that a steward would store. */
final class CorpusConsents {

    private static final FhirContext R4 = FhirContext.forR4Cached();
    private static final String V3 = "http://terminology.hl7.org/CodeSystem/";
    private static final Set<String> MASKS = Set.of("mask-name", "mask-demographics");

    private final UnaryOperator<String> references;

    /**
     * @param references what a reference of the corpus is called in the hub
     */
    CorpusConsents(UnaryOperator<String> references) {
        this.references = references;
    }

    /** Whether a Consent can say all that the policies of the set say; unknown obligations it cannot. */
    static boolean canSay(PolicyCorpus.SetText set) {
        return set.policies().stream().allMatch(policy -> MASKS.containsAll(all(policy.obligations())));
    }

    /** A Consent for each policy, under the policy's id, read back from its JSON. */
    List<Consent> of(PolicyCorpus.SetText set) {
        List<Consent> consents = new ArrayList<>();
        for (PolicyCorpus.PolicyText policy : set.policies()) {
            String json = R4.newJsonParser().encodeResourceToString(consent(policy));
            consents.add(R4.newJsonParser().parseResource(Consent.class, json));
        }
        return consents;
    }

    private Consent consent(PolicyCorpus.PolicyText policy) {
        Consent consent = new Consent();
        consent.setId(policy.id());
        consent.getMeta().addProfile(AccessPolicyMapper.PROFILE);
        consent.setStatus(Consent.ConsentState.ACTIVE);
        consent.setScope(concept(AccessPolicyMapper.SCOPE_SYSTEM, AccessPolicyMapper.SCOPE));
        consent.addCategory(concept("http://loinc.org", "57016-8"));
        consent.setPolicyRule(concept(AccessPolicyMapper.RULE_SYSTEM, AccessPolicyMapper.RULE));
        Consent.ProvisionComponent provision = consent.getProvision().addProvision();
        provision.setType(Consent.ConsentProvisionType.fromCode(policy.effect()));
        provision.addExtension(AccessPolicyMapper.PRIORITY, new IntegerType(policy.priority()));
        for (String obligation : all(policy.obligations())) {
            provision.addExtension(AccessPolicyMapper.MASK, new CodeType(obligation.substring("mask-".length())));
        }
        actors(provision, policy);
        dimensions(provision, policy);
        exams(consent, provision, policy);
        times(provision, policy);
        return consent;
    }

    private void actors(Consent.ProvisionComponent provision, PolicyCorpus.PolicyText policy) {
        all(policy.clients()).forEach(value -> actor(provision, "system", identified("client", value)));
        all(policy.users()).forEach(value -> actor(provision, "user", identified("user", value)));
        all(policy.roles()).forEach(value -> actor(provision, "user", identified("role", value)));
        all(policy.roleAt()).forEach(value -> actor(provision, "user", identified("role", value)));
        all(policy.departments()).forEach(value -> actor(provision, "user", identified("department", value)));
        all(policy.groups()).forEach(value -> actor(provision, "user", new Reference(references.apply(value))));
    }

    private void dimensions(Consent.ProvisionComponent provision, PolicyCorpus.PolicyText policy) {
        all(policy.sources())
                .forEach(value -> provision.addExtension(
                        AccessPolicyMapper.SOURCE, new Coding(AccessPolicyMapper.SOURCE_SYSTEM, value, null)));
        all(policy.interfaces())
                .forEach(value -> provision.addExtension(AccessPolicyMapper.INTERFACE, new CodeType(value)));
        all(policy.types())
                .forEach(value -> provision.addClass_(new Coding(AccessPolicyMapper.TYPE_SYSTEM, value, null)));
        all(policy.dataTypes())
                .forEach(value -> provision.addClass_(new Coding(AccessPolicyMapper.DATA_TYPE_SYSTEM, value, null)));
        for (String category : all(policy.categories())) {
            String[] both = category.split("\\|");
            provision.addCode(concept(both[0], both[1]));
        }
        all(policy.actions()).forEach(value -> provision.addAction(concept(AccessPolicyMapper.ACTION_SYSTEM, value)));
        all(policy.purposes()).forEach(value -> provision.addPurpose(new Coding(V3 + "v3-ActReason", value, null)));
        all(policy.patients())
                .forEach(value -> data(provision, Consent.ConsentDataMeaning.INSTANCE, references.apply(value)));
        all(policy.patientGroups())
                .forEach(value -> data(provision, Consent.ConsentDataMeaning.INSTANCE, references.apply(value)));
        Clearance lowest = policy.labelAtLeast();
        if (lowest != null) {
            for (Clearance label : Clearance.values()) {
                if (label.covers(lowest)) {
                    label(provision, "v3-Confidentiality", label.name());
                }
            }
        }
        if (policy.labels() != null) {
            policy.labels().forEach(value -> label(provision, "v3-Confidentiality", value.name()));
        }
        all(policy.sensitivities()).forEach(value -> label(provision, "v3-ActCode", value));
        for (String type : all(policy.patientTypes())) {
            boolean hl7 = type.equals(type.toUpperCase(Locale.ROOT));
            concept(
                    provision,
                    AccessPolicyMapper.PATIENT_TYPE,
                    hl7 ? V3 + "v3-ActCode" : AccessPolicyMapper.PATIENT_TYPE_SYSTEM,
                    type);
        }
        for (String relation : all(policy.care())) {
            String code = relation.equals("other-department") ? "other-dept" : relation;
            concept(provision, AccessPolicyMapper.PATIENT_TYPE, AccessPolicyMapper.PATIENT_TYPE_SYSTEM, code);
        }
    }

    /** Items and departments are two conditions, and one extension carries both: the root takes the second. */
    private void exams(Consent consent, Consent.ProvisionComponent provision, PolicyCorpus.PolicyText policy) {
        all(policy.exams())
                .forEach(value -> data(provision, Consent.ConsentDataMeaning.RELATED, references.apply(value)));
        for (String item : all(policy.examItems())) {
            concept(provision, AccessPolicyMapper.EXAM_ITEM, AccessPolicyMapper.EXAM_ITEM_SYSTEM, item);
        }
        for (String modality : all(policy.modalities())) {
            concept(provision, AccessPolicyMapper.EXAM_ITEM, "http://dicom.nema.org/resources/ontology/DCM", modality);
        }
        for (String department : all(policy.examDepartments())) {
            concept(consent.getProvision(), AccessPolicyMapper.EXAM_ITEM, AccessPolicyMapper.DEPARTMENT, department);
        }
    }

    private static void times(Consent.ProvisionComponent provision, PolicyCorpus.PolicyText policy) {
        if (policy.dataPeriod() != null) {
            provision.setDataPeriod(period(policy.dataPeriod()));
        }
        if (policy.period() != null) {
            provision.setPeriod(period(policy.period()));
        }
        List<PolicyCorpus.HoursText> hours = policy.hours();
        for (PolicyCorpus.HoursText text : hours == null ? List.<PolicyCorpus.HoursText>of() : hours) {
            Timing timing = new Timing();
            if (text.days() != null) {
                text.days().stream().sorted().forEach(day -> timing.getRepeat()
                        .addDayOfWeek(Timing.DayOfWeek.fromCode(
                                day.name().substring(0, 3).toLowerCase(Locale.ROOT))));
            }
            timing.getRepeat().addTimeOfDay(text.start() + ":00");
            timing.getRepeat().setDuration(Duration.parse(text.length()).toMinutes());
            timing.getRepeat().setDurationUnit(Timing.UnitsOfTime.MIN);
            provision.addExtension(AccessPolicyMapper.HOURS, timing);
        }
    }

    /** The corpus excludes its end; FHIR includes the whole of the last second. */
    private static Period period(PolicyCorpus.PeriodText text) {
        Period period = new Period();
        if (text.from() != null) {
            period.setStartElement(new DateTimeType(text.from()));
        }
        if (text.until() != null) {
            OffsetDateTime last = OffsetDateTime.parse(text.until()).minusSeconds(1);
            period.setEndElement(
                    new DateTimeType(java.time.format.DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(last)));
        }
        return period;
    }

    private static void actor(Consent.ProvisionComponent provision, String role, Reference who) {
        provision
                .addActor()
                .setRole(concept(AccessPolicyMapper.ACTOR_ROLE_SYSTEM, role))
                .setReference(who);
    }

    private static Reference identified(String system, String value) {
        return new Reference()
                .setIdentifier(new Identifier()
                        .setSystem(AccessPolicyMapper.BASE + "/sid/" + system)
                        .setValue(value));
    }

    private static void data(
            Consent.ProvisionComponent provision, Consent.ConsentDataMeaning meaning, String reference) {
        provision.addData().setMeaning(meaning).setReference(new Reference(reference));
    }

    private static void label(Consent.ProvisionComponent provision, String system, String code) {
        provision.addSecurityLabel(new Coding(V3 + system, code, null));
    }

    private static void concept(Consent.ProvisionComponent provision, String extension, String system, String code) {
        Type value = concept(system, code);
        provision.addExtension(extension, value);
    }

    private static CodeableConcept concept(String system, String code) {
        return new CodeableConcept().addCoding(new Coding(system, code, null));
    }

    private static List<String> all(@Nullable List<String> values) {
        return values == null ? List.of() : values;
    }
}

package org.trefoilhub.hub.access.approval;

import ca.uhn.fhir.model.api.TemporalPrecisionEnum;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.TimeZone;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Narrative;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Reference;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.Condition;
import org.trefoilhub.access.policy.UserMatch;
import org.trefoilhub.interceptors.fhir.policy.AccessPolicyMapper;

/**
 * Access for one person to one patient for some hours, as an access policy.
 *
 * <p>Priority 400 when somebody approved it, 500 when it was taken in an emergency. It ends by its period.
 */
final class Grants {

    /** Priority of what was approved. */
    static final int APPROVED = 400;

    /** Priority of what was taken in an emergency; from here on a permit passes the label gate. */
    static final int EMERGENCY = 500;

    /** What may be seen of the patient: all but Tasks about access itself. */
    private static final List<String> TYPES = List.of(
            "Patient",
            "RelatedPerson",
            "Encounter",
            "EpisodeOfCare",
            "Condition",
            "AllergyIntolerance",
            "Procedure",
            "ServiceRequest",
            "Appointment",
            "ImagingStudy",
            "Media",
            "DiagnosticReport",
            "Observation",
            "Specimen",
            "DocumentReference",
            "DocumentManifest",
            "Composition",
            "Binary",
            "MedicationRequest",
            "MedicationStatement",
            "MedicationAdministration",
            "Immunization",
            "Communication",
            "QuestionnaireResponse",
            "CarePlan",
            "CareTeam",
            "Flag",
            "DetectedIssue",
            "ClinicalImpression",
            "RiskAssessment",
            "BodyStructure",
            "FamilyMemberHistory",
            "Goal");

    private static final List<String> TASKS = List.of("status", "critical");

    private static final TimeZone UTC = TimeZone.getTimeZone(ZoneId.of("UTC"));

    private Grants() {}

    /**
     * A grant of access.
     *
     * @param user who may see
     * @param patient whom, as a reference
     * @param priority {@link #APPROVED} or {@link #EMERGENCY}
     * @param from first instant
     * @param hours how long
     * @param dataTypes codes of the code system data-type to which it is limited, empty for everything clinical
     * @param task the Task behind it, as a reference
     * @return an active access policy without id
     */
    static Consent consent(
            Reference user,
            String patient,
            int priority,
            Instant from,
            int hours,
            Collection<String> dataTypes,
            String task) {
        Consent consent = new Consent();
        consent.getMeta().addProfile(AccessPolicyMapper.PROFILE);
        consent.getText()
                .setStatus(Narrative.NarrativeStatus.ADDITIONAL)
                .setDivAsString(
                        priority == EMERGENCY
                                ? "<div><p>紧急访问。</p><p>Access taken in an emergency.</p></div>"
                                : "<div><p>经审批的访问。</p><p>Approved access.</p></div>");
        consent.addIdentifier()
                .setSystem(Words.BASE + "/sid/access-grant")
                .setValue(task.substring(task.indexOf('/') + 1));
        consent.setStatus(Consent.ConsentState.ACTIVE);
        consent.setScope(Words.concept(AccessPolicyMapper.SCOPE_SYSTEM, AccessPolicyMapper.SCOPE));
        consent.addCategory(Words.concept("http://loinc.org", "57016-8"));
        consent.setPolicyRule(Words.concept(AccessPolicyMapper.RULE_SYSTEM, AccessPolicyMapper.RULE));
        consent.setDateTime(Date.from(from));
        consent.setSource(new Reference(task));
        Consent.ProvisionComponent permit = consent.getProvision().addProvision();
        permit.setType(Consent.ConsentProvisionType.PERMIT);
        permit.addExtension(new Extension(AccessPolicyMapper.PRIORITY, new IntegerType(priority)));
        permit.addActor()
                .setRole(Words.concept(AccessPolicyMapper.ACTOR_ROLE_SYSTEM, "user"))
                .setReference(new Reference()
                        .setType("Practitioner")
                        .setIdentifier(new Identifier()
                                .setSystem(AccessPolicyMapper.USER)
                                .setValue(user.getIdentifier().getValue())));
        permit.addAction(Words.concept(AccessPolicyMapper.ACTION_SYSTEM, "view"));
        if (dataTypes.isEmpty()) {
            TYPES.forEach(type -> permit.addClass_(new Coding(AccessPolicyMapper.TYPE_SYSTEM, type, null)));
            TASKS.forEach(type -> permit.addClass_(new Coding(AccessPolicyMapper.DATA_TYPE_SYSTEM, type, null)));
        } else {
            permit.addClass_(new Coding(AccessPolicyMapper.TYPE_SYSTEM, "Patient", null));
            permit.addClass_(new Coding(AccessPolicyMapper.TYPE_SYSTEM, "Encounter", null));
            dataTypes.forEach(type -> permit.addClass_(new Coding(AccessPolicyMapper.DATA_TYPE_SYSTEM, type, null)));
        }
        permit.addData().setMeaning(Consent.ConsentDataMeaning.INSTANCE).setReference(new Reference(patient));
        // A period includes its last second.
        permit.setPeriod(new Period()
                .setStartElement(seconds(from))
                .setEndElement(seconds(end(from, hours).minusSeconds(1))));
        return consent;
    }

    /** First instant after a grant. */
    static Instant end(Instant from, int hours) {
        return from.truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofHours(hours));
    }

    private static DateTimeType seconds(Instant instant) {
        return new DateTimeType(Date.from(instant.truncatedTo(ChronoUnit.SECONDS)), TemporalPrecisionEnum.SECOND, UTC);
    }

    /** What a policy grants, when it is a grant of this package. */
    record Given(String kind, Instant until) {}

    /**
     * Tells whether a policy is a grant, by its shape: a permit of one person for one patient that ends.
     *
     * @param policy any policy
     * @return its kind, {@code approved} or {@code break-glass}, and its end
     */
    static Optional<Given> given(AccessPolicy policy) {
        if (policy.effect() != AccessPolicy.Effect.PERMIT
                || (policy.priority() != APPROVED && policy.priority() != EMERGENCY)) {
            return Optional.empty();
        }
        boolean onePerson = false;
        boolean onePatient = false;
        List<Instant> ends = new ArrayList<>();
        for (Condition condition : policy.conditions()) {
            if (condition instanceof Condition.User user) {
                onePerson = user.anyOf().size() == 1 && user.anyOf().iterator().next() instanceof UserMatch.Named;
            } else if (condition instanceof Condition.Patient patient) {
                onePatient = patient.patients().size() == 1;
            } else if (condition instanceof Condition.AuthorisationPeriod period && period.until() != null) {
                ends.add(period.until());
            }
        }
        return onePerson && onePatient && ends.size() == 1
                ? Optional.of(new Given(policy.priority() == EMERGENCY ? "break-glass" : "approved", ends.get(0)))
                : Optional.empty();
    }
}

package org.trefoilhub.interceptors.fhir.policy;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.IntegerType;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.Condition;
import org.trefoilhub.access.policy.Obligation;

/**
 * Maps one Consent of profile AccessPolicy to policies, one for each nested provision.
 *
 * <p>The root provision holds conditions that every nested one inherits, and neither type nor priority nor mask. How the
 * eleven dimensions are carried is told at {@link ProvisionConditions}. Whatever is not understood refuses the whole
 * Consent, because an overlooked element could widen a permit or narrow a deny. Stateless and thread-safe.
 */
public final class AccessPolicyMapper {

    /** Canonical base of the hub. */
    public static final String BASE = "https://trefoil-hub.org/fhir";

    /** Profile of access policies. */
    public static final String PROFILE = BASE + "/StructureDefinition/AccessPolicy";

    /** Code system of {@code Consent.scope}. */
    public static final String SCOPE_SYSTEM = BASE + "/CodeSystem/consent-scope";

    /** Code of {@code Consent.scope} that makes a Consent an access policy. */
    public static final String SCOPE = "access-policy";

    /** Code system of {@code Consent.policyRule}. */
    public static final String RULE_SYSTEM = BASE + "/CodeSystem/policy-rule";

    /** Code of {@code Consent.policyRule}. */
    public static final String RULE = "hub-11d";

    /** Extension: source systems (valueCoding, repeats). */
    public static final String SOURCE = BASE + "/StructureDefinition/policy-source";

    /** Extension: interfaces (valueCode, repeats). */
    public static final String INTERFACE = BASE + "/StructureDefinition/policy-interface";

    /** Extension: kinds of patient and relations to the user (valueCodeableConcept, repeats). */
    public static final String PATIENT_TYPE = BASE + "/StructureDefinition/policy-patient-type";

    /** Extension: exam items, modalities and performing departments (valueCodeableConcept, repeats). */
    public static final String EXAM_ITEM = BASE + "/StructureDefinition/policy-exam-item";

    /** Extension: hours of the week (valueTiming, repeats). */
    public static final String HOURS = BASE + "/StructureDefinition/policy-hours";

    /** Extension: priority (valueInteger, at most one). */
    public static final String PRIORITY = BASE + "/StructureDefinition/policy-priority";

    /** Extension: what a permit masks (valueCode: none, name, demographics; at most one). */
    public static final String MASK = BASE + "/StructureDefinition/policy-mask";

    /** Code system of actions. */
    public static final String ACTION_SYSTEM = BASE + "/CodeSystem/report-action";

    /** Code system of actor roles: {@code system} and {@code user}. */
    public static final String ACTOR_ROLE_SYSTEM = BASE + "/CodeSystem/policy-actor-role";

    /** Code system of resource types in {@code provision.class}. */
    public static final String TYPE_SYSTEM = "http://hl7.org/fhir/resource-types";

    /** Code system of data types in {@code provision.class}. */
    public static final String DATA_TYPE_SYSTEM = BASE + "/CodeSystem/data-type";

    /** Code system of our own kinds of patient and of relations to the user. */
    public static final String PATIENT_TYPE_SYSTEM = BASE + "/CodeSystem/patient-type";

    /** Code system of the exam dictionary. */
    public static final String EXAM_ITEM_SYSTEM = BASE + "/CodeSystem/exam-item";

    /** Identifier system of client systems (Device). */
    public static final String CLIENT = BASE + "/sid/client";

    /** Identifier system of users (Practitioner). */
    public static final String USER = BASE + "/sid/user";

    /** Identifier system of roles (PractitionerRole): {@code doctor} or {@code doctor@radiology}. */
    public static final String ROLE = BASE + "/sid/role";

    /** Identifier system of departments (Organization). */
    public static final String DEPARTMENT = BASE + "/sid/department";

    /** Identifier system of source systems (Device). */
    public static final String SOURCE_SYSTEM = BASE + "/sid/source";

    private static final Set<String> CONSENT_ELEMENTS = Set.of(
            "id",
            "meta",
            "implicitRules",
            "language",
            "text",
            "identifier",
            "status",
            "scope",
            "category",
            "dateTime",
            "performer",
            "organization",
            "source[x]",
            "policyRule",
            "provision");

    private static final Set<String> ROOT_ONLY_NESTED = Set.of(PRIORITY, MASK);

    private final ZoneId zone;
    private final ActorDirectory directory;

    /**
     * Maps for one hospital.
     *
     * @param zone zone of the hospital, in which dates and hours are meant
     * @param directory who literal references of actors mean
     */
    public AccessPolicyMapper(ZoneId zone, ActorDirectory directory) {
        this.zone = zone;
        this.directory = directory;
    }

    /**
     * Tells whether a Consent is an access policy at all, active or not.
     *
     * @param consent any Consent
     * @return true when its scope or its profile says so; a patient's own consent is none of ours
     */
    public static boolean isAccessPolicy(Consent consent) {
        return consent.getScope().hasCoding(SCOPE_SYSTEM, SCOPE)
                || consent.getMeta().hasProfile(PROFILE);
    }

    /**
     * Maps a Consent.
     *
     * @param consent the resource, with an id
     * @return one policy for each nested provision, with id {@code <consent id>#<index>}
     * @throws IllegalArgumentException with what is wrong, in a sentence that names the Consent
     */
    public List<AccessPolicy> map(Consent consent) {
        String name = consent.getIdElement().getIdPart();
        if (name == null || name.isBlank()) {
            throw new IllegalArgumentException("an access policy has no id");
        }
        return map(consent, name);
    }

    /**
     * Maps a Consent that has no id yet.
     *
     * @param consent the resource
     * @param name what stands for its id
     * @return one policy for each nested provision, with id {@code <name>#<index>}
     * @throws IllegalArgumentException with what is wrong, in a sentence that names the Consent
     */
    public List<AccessPolicy> map(Consent consent, String name) {
        String where = "policy `" + name + "`";
        Understood.children(consent, CONSENT_ELEMENTS, where);
        Understood.expect(
                consent.getMeta().hasProfile(PROFILE), where + " does not claim the profile of access policies");
        Understood.expect(consent.getStatus() == Consent.ConsentState.ACTIVE, where + " is not active");
        Understood.expect(
                Understood.is(consent.getScope(), SCOPE_SYSTEM, SCOPE),
                where + " has another scope than access-policy");
        Understood.expect(
                Understood.is(consent.getPolicyRule(), RULE_SYSTEM, RULE), where + " has another rule than hub-11d");
        Understood.expect(consent.hasProvision(), where + " has no provision");
        Consent.ProvisionComponent root = consent.getProvision();
        String rootWhere = where + " root provision";
        Understood.expect(!root.hasType(), where + " has a type in its root provision");
        for (Extension extension : root.getExtension()) {
            Understood.expect(
                    !ROOT_ONLY_NESTED.contains(String.valueOf(extension.getUrl())),
                    where + " has a priority or a mask in its root provision");
        }
        Understood.expect(root.hasProvision(), where + " has no nested provision");
        ProvisionConditions conditions = new ProvisionConditions(zone, directory);
        List<Condition> inherited = conditions.of(root, rootWhere);
        List<AccessPolicy> policies = new ArrayList<>();
        for (int i = 0; i < root.getProvision().size(); i++) {
            policies.add(nested(root.getProvision().get(i), name + "#" + i, inherited, conditions));
        }
        return policies;
    }

    private static AccessPolicy nested(
            Consent.ProvisionComponent provision,
            String id,
            List<Condition> inherited,
            ProvisionConditions provisionConditions) {
        String where = "provision `" + id + "`";
        Understood.expect(!provision.hasProvision(), where + " has provisions of its own");
        Understood.expect(
                provision.getType() == Consent.ConsentProvisionType.PERMIT
                        || provision.getType() == Consent.ConsentProvisionType.DENY,
                where + " says neither permit nor deny");
        List<Condition> conditions = new ArrayList<>(inherited);
        conditions.addAll(provisionConditions.of(provision, where));
        AccessPolicy.Effect effect = provision.getType() == Consent.ConsentProvisionType.PERMIT
                ? AccessPolicy.Effect.PERMIT
                : AccessPolicy.Effect.DENY;
        return new AccessPolicy(
                id, effect, priority(provision, where), conditions, obligations(provision, effect, where));
    }

    private static int priority(Consent.ProvisionComponent provision, String where) {
        List<Extension> found = provision.getExtensionsByUrl(PRIORITY);
        Understood.expect(found.size() <= 1, where + " has two priorities");
        if (found.isEmpty()) {
            return 0;
        }
        IntegerType value =
                Understood.value(found.get(0), IntegerType.class, where + " has a priority that is no integer");
        Understood.expect(value.hasValue(), where + " has a priority that is no integer");
        return value.getValue();
    }

    private static Set<Obligation> obligations(
            Consent.ProvisionComponent provision, AccessPolicy.Effect effect, String where) {
        List<Extension> found = provision.getExtensionsByUrl(MASK);
        Understood.expect(found.size() <= 1, where + " has two masks");
        if (found.isEmpty()) {
            return Set.of();
        }
        String code =
                String.valueOf(Understood.value(found.get(0), CodeType.class, where + " has a mask that is no code")
                        .getValue());
        Set<Obligation> obligations =
                switch (code) {
                    case "none" -> Set.of();
                    case "name" -> Set.of(Obligation.MASK_NAME);
                    case "demographics" -> Set.of(Obligation.MASK_DEMOGRAPHICS);
                    default -> throw new IllegalArgumentException(where + " has the unknown mask `" + code + "`");
                };
        Understood.expect(
                obligations.isEmpty() || effect == AccessPolicy.Effect.PERMIT, where + " masks what it denies");
        return obligations;
    }
}

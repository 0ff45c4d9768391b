package org.trefoilhub.interceptors.fhir.policy;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Property;
import org.hl7.fhir.r4.model.Reference;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Condition;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.UserMatch;

/**
 * Maps one Consent of profile AccessPolicy to policies, one for each nested provision.
 *
 * <p>Understood: system and user actors (by logical reference), interface, data type as resource type, action, effect and
 * priority. The root provision holds conditions that every nested one inherits, and has no type. Stateless and
 * thread-safe.
 */
public final class AccessPolicyMapper {

    /** Canonical base of the hub. */
    public static final String BASE = "https://trefoil-hub.org/fhir";

    /** Profile of access policies. */
    public static final String PROFILE = BASE + "/StructureDefinition/AccessPolicy";

    /** Extension: interfaces (valueCode, repeats). */
    public static final String INTERFACE = BASE + "/StructureDefinition/policy-interface";

    /** Extension: priority (valueInteger, at most one). */
    public static final String PRIORITY = BASE + "/StructureDefinition/policy-priority";

    /** Code system of actions. */
    public static final String ACTION_SYSTEM = BASE + "/CodeSystem/report-action";

    /** Code system of actor roles: {@code system} and {@code user}. */
    public static final String ACTOR_ROLE_SYSTEM = BASE + "/CodeSystem/policy-actor-role";

    /** Code system of resource types in {@code provision.class}. */
    public static final String TYPE_SYSTEM = "http://hl7.org/fhir/resource-types";

    /** Identifier system of client systems (Device). */
    public static final String CLIENT = BASE + "/sid/client";

    /** Identifier system of users (Practitioner). */
    public static final String USER = BASE + "/sid/user";

    /** Identifier system of roles (PractitionerRole): {@code doctor} or {@code doctor@radiology}. */
    public static final String ROLE = BASE + "/sid/role";

    /** Identifier system of departments (Organization). */
    public static final String DEPARTMENT = BASE + "/sid/department";

    private static final String SCOPE_SYSTEM = BASE + "/CodeSystem/consent-scope";
    private static final String RULE_SYSTEM = BASE + "/CodeSystem/policy-rule";

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
            "organization",
            "policyRule",
            "provision");

    private static final Set<String> PROVISION_ELEMENTS =
            Set.of("id", "extension", "type", "actor", "action", "class", "provision");

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
        String where = "policy `" + name + "`";
        known(consent, CONSENT_ELEMENTS, where);
        expect(consent.getMeta().hasProfile(PROFILE), where + " does not claim the profile of access policies");
        expect(consent.getStatus() == Consent.ConsentState.ACTIVE, where + " is not active");
        expect(has(consent.getScope(), SCOPE_SYSTEM, "access-policy"), where + " has another scope than access-policy");
        expect(has(consent.getPolicyRule(), RULE_SYSTEM, "hub-11d"), where + " has another rule than hub-11d");
        expect(consent.hasProvision(), where + " has no provision");
        Consent.ProvisionComponent root = consent.getProvision();
        known(root, PROVISION_ELEMENTS, where + " root provision");
        expect(!root.hasType(), where + " has a type in its root provision");
        expect(root.getExtensionsByUrl(PRIORITY).isEmpty(), where + " has a priority in its root provision");
        expect(root.hasProvision(), where + " has no nested provision");
        List<Condition> inherited = conditions(root, where + " root provision");
        List<AccessPolicy> policies = new ArrayList<>();
        for (int i = 0; i < root.getProvision().size(); i++) {
            policies.add(nested(root.getProvision().get(i), name + "#" + i, inherited));
        }
        return policies;
    }

    private static AccessPolicy nested(Consent.ProvisionComponent provision, String id, List<Condition> inherited) {
        String where = "provision `" + id + "`";
        known(provision, PROVISION_ELEMENTS, where);
        expect(!provision.hasProvision(), where + " has provisions of its own");
        expect(provision.hasType(), where + " says neither permit nor deny");
        List<Condition> conditions = new ArrayList<>(inherited);
        conditions.addAll(conditions(provision, where));
        AccessPolicy.Effect effect = provision.getType() == Consent.ConsentProvisionType.PERMIT
                ? AccessPolicy.Effect.PERMIT
                : AccessPolicy.Effect.DENY;
        return new AccessPolicy(id, effect, priority(provision, where), conditions, Set.of());
    }

    private static int priority(Consent.ProvisionComponent provision, String where) {
        List<Extension> found = provision.getExtensionsByUrl(PRIORITY);
        expect(found.size() <= 1, where + " has two priorities");
        if (found.isEmpty()) {
            return 0;
        }
        if (found.get(0).getValue() instanceof IntegerType value && value.hasValue()) {
            return value.getValue();
        }
        throw new IllegalArgumentException(where + " has a priority that is no integer");
    }

    private static List<Condition> conditions(Consent.ProvisionComponent provision, String where) {
        List<Condition> conditions = new ArrayList<>();
        interfaces(provision, where).ifPresent(conditions::add);
        actors(provision, where, conditions);
        if (provision.hasAction()) {
            Set<Action> actions = EnumSet.noneOf(Action.class);
            for (CodeableConcept action : provision.getAction()) {
                Coding coding = only(action.getCoding(), where + " action");
                expect(ACTION_SYSTEM.equals(coding.getSystem()), where + " has an action of an unknown system");
                actions.add(Action.ofCode(String.valueOf(coding.getCode()))
                        .orElseThrow(() -> new IllegalArgumentException(
                                where + " has the unknown action `" + coding.getCode() + "`")));
            }
            conditions.add(new Condition.Actions(actions));
        }
        if (provision.hasClass_()) {
            Set<String> types = new HashSet<>();
            for (Coding coding : provision.getClass_()) {
                expect(TYPE_SYSTEM.equals(coding.getSystem()), where + " has a data type of an unknown system");
                expect(coding.hasCode(), where + " has a data type without a code");
                types.add(coding.getCode());
            }
            conditions.add(new Condition.DataType(types));
        }
        return conditions;
    }

    private static Optional<Condition> interfaces(Consent.ProvisionComponent provision, String where) {
        Set<Door> doors = EnumSet.noneOf(Door.class);
        for (Extension extension : provision.getExtension()) {
            if (PRIORITY.equals(extension.getUrl())) {
                continue;
            }
            expect(
                    INTERFACE.equals(extension.getUrl()),
                    where + " has the unknown extension `" + extension.getUrl() + "`");
            if (!(extension.getValue() instanceof CodeType code) || !code.hasValue()) {
                throw new IllegalArgumentException(where + " has an interface that is no code");
            }
            doors.add(Door.ofCode(code.getValue())
                    .orElseThrow(() -> new IllegalArgumentException(
                            where + " has the unknown interface `" + code.getValue() + "`")));
        }
        return doors.isEmpty() ? Optional.empty() : Optional.of(new Condition.Interface(doors));
    }

    private static void actors(Consent.ProvisionComponent provision, String where, List<Condition> conditions) {
        Set<String> clients = new HashSet<>();
        Set<UserMatch> users = new HashSet<>();
        for (Consent.provisionActorComponent actor : provision.getActor()) {
            known(actor, Set.of("id", "role", "reference"), where + " actor");
            Coding role = only(actor.getRole().getCoding(), where + " actor role");
            expect(ACTOR_ROLE_SYSTEM.equals(role.getSystem()), where + " has an actor role of an unknown system");
            Identifier identifier = logical(actor.getReference(), where);
            switch (String.valueOf(role.getCode())) {
                case "system" -> {
                    expect(CLIENT.equals(identifier.getSystem()), where + " has a system actor that is no client");
                    clients.add(identifier.getValue());
                }
                case "user" -> users.add(user(identifier, where));
                default ->
                    throw new IllegalArgumentException(where + " has the unknown actor role `" + role.getCode() + "`");
            }
        }
        if (!clients.isEmpty()) {
            conditions.add(new Condition.Client(clients));
        }
        if (!users.isEmpty()) {
            conditions.add(new Condition.User(users));
        }
    }

    private static UserMatch user(Identifier identifier, String where) {
        String value = identifier.getValue();
        return switch (String.valueOf(identifier.getSystem())) {
            case USER -> new UserMatch.Named(value);
            case DEPARTMENT -> new UserMatch.InDepartment(value);
            case ROLE -> {
                int at = value.indexOf('@');
                yield at < 0
                        ? new UserMatch.InRole(value)
                        : new UserMatch.InRoleAt(value.substring(0, at), value.substring(at + 1));
            }
            default -> throw new IllegalArgumentException(where + " has a user actor of an unknown kind");
        };
    }

    private static Identifier logical(Reference reference, String where) {
        expect(!reference.hasReference() && reference.hasIdentifier(), where + " has an actor without an identifier");
        Identifier identifier = reference.getIdentifier();
        expect(identifier.hasSystem() && identifier.hasValue(), where + " has an actor with half an identifier");
        return identifier;
    }

    private static Coding only(List<Coding> codings, String where) {
        expect(codings.size() == 1, where + " has " + codings.size() + " codings but one was expected");
        return codings.get(0);
    }

    private static boolean has(CodeableConcept concept, String system, String code) {
        return concept.getCoding().size() == 1
                && system.equals(concept.getCodingFirstRep().getSystem())
                && code.equals(concept.getCodingFirstRep().getCode());
    }

    private static void known(Base element, Set<String> names, String where) {
        for (Property property : element.children()) {
            if (property.hasValues() && !names.contains(property.getName())) {
                throw new IllegalArgumentException(
                        where + " has the element `" + property.getName() + "`, which is not understood");
            }
        }
    }

    private static void expect(boolean holds, String problem) {
        if (!holds) {
            throw new IllegalArgumentException(problem);
        }
    }
}

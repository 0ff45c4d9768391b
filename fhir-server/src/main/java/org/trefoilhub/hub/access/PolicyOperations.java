package org.trefoilhub.hub.access;

import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.annotation.ResourceParam;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.hl7.fhir.r4.model.BaseDateTimeType;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.Consent;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Parameters.ParametersParameterComponent;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessErrorCode;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.AccessRequest;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.CurrentPolicies;
import org.trefoilhub.access.policy.Dimension;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Environment;
import org.trefoilhub.access.policy.Explanation;
import org.trefoilhub.access.policy.Obligation;
import org.trefoilhub.access.policy.PolicyDecision;
import org.trefoilhub.access.policy.PolicyInvalidException;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.access.policy.ResourceKind;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.hub.smart.Memberships;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.hub.smart.account.ClientAccount;
import org.trefoilhub.hub.smart.account.UserAccount;
import org.trefoilhub.interceptors.fhir.error.Refusals;
import org.trefoilhub.interceptors.fhir.facts.FactSource;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;

/**
 * {@code $explain-access}: why somebody may or may not do something; {@code $simulate-access}: what a draft policy would
 * show and hide. Both are for those who may read the access policies; nothing is changed.
 *
 * <p>A resource above the clearance of who asks answers as one that does not exist.
 */
public final class PolicyOperations {

    private static final String DRAFT = "draft";

    private final CurrentPolicies current;
    private final LivePolicies live;
    private final RequestSubjects subjects;
    private final AccountStore accounts;
    private final Actors actors;
    private final FactSource facts;
    private final AccessSimulation simulation;
    private final JdbcClient jdbc;
    private final Clock clock;

    /**
     * Puts the operations together.
     *
     * @param current policies in force
     * @param live compiles drafts
     * @param subjects who asks
     * @param accounts everybody who could ask
     * @param facts facts of stored resources
     * @param jdbc the hub's database
     * @param clock time of requests
     */
    PolicyOperations(
            CurrentPolicies current,
            LivePolicies live,
            RequestSubjects subjects,
            AccountStore accounts,
            Memberships memberships,
            FactSource facts,
            JdbcClient jdbc,
            Clock clock) {
        this.current = current;
        this.live = live;
        this.subjects = subjects;
        this.accounts = accounts;
        this.actors = new Actors(accounts, memberships);
        this.facts = facts;
        this.simulation = new AccessSimulation(jdbc);
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * Explains one decision.
     *
     * @param question {@code user}, {@code client} or both; {@code interface}; {@code action}; {@code resource} or
     *     {@code study}; optionally {@code purpose} and {@code instant}
     * @param request who asks
     * @return {@code decision}, {@code reason}, the deciding {@code policy} with its provision, every
     *     {@code considered} policy with the verdict of each dimension
     */
    @Operation(name = "$explain-access")
    public Parameters explain(@ResourceParam Parameters question, RequestDetails request) {
        Subject asker = reader(request);
        Subject subject = actors.subject(text(question, "user"), text(question, "client"))
                .orElseThrow(() -> new InvalidRequestException("expected a known user, a known client or both"));
        if (text(question, "user") == null && text(question, "client") == null) {
            throw new InvalidRequestException("expected a user, a client or both");
        }
        Door door = Door.ofCode(String.valueOf(text(question, "interface")))
                .orElseThrow(() -> new InvalidRequestException("expected the code of an interface"));
        Action action = Action.ofCode(String.valueOf(text(question, "action")))
                .orElseThrow(() -> new InvalidRequestException("expected the code of an action"));
        ResourceFacts known = facts(question, asker);
        String purpose = text(question, "purpose");
        AccessRequest asked = new AccessRequest(
                subject,
                action,
                known,
                purpose == null ? Set.of() : Set.of(purpose),
                new Environment(door, instant(question)));
        return answer(current.current().explain(asked));
    }

    /**
     * Counts what a draft would change.
     *
     * @param question {@code policy}: an access policy of any status; with the id of a stored one it takes its place
     * @param request who asks
     * @return {@code appear} and {@code vanish} over all, and for each {@code client} and {@code user} by resource type
     */
    @Operation(name = "$simulate-access")
    public Parameters simulate(@ResourceParam Parameters question, RequestDetails request) {
        reader(request);
        Consent draft = question.getParameter().stream()
                .map(ParametersParameterComponent::getResource)
                .filter(Consent.class::isInstance)
                .map(Consent.class::cast)
                .findFirst()
                .orElseThrow(() -> new InvalidRequestException("expected an access policy"));
        String id = draft.getIdElement().getIdPart();
        String rule = id == null ? DRAFT : id;
        List<AccessPolicy> policies;
        try {
            policies = live.compileDraft(draft, rule);
        } catch (PolicyInvalidException e) {
            throw Refusals.unprocessable(e);
        }
        List<Subject> everybody = new ArrayList<>();
        for (ClientAccount client : accounts.clients()) {
            actors.subject(null, client.id())
                    .filter(each -> !each.scopes().isEmpty())
                    .ifPresent(everybody::add);
        }
        for (UserAccount user : accounts.users()) {
            actors.subject(user.name(), null).ifPresent(everybody::add);
        }
        List<AccessPolicy> touched = new ArrayList<>(policies);
        current.set().policies().stream()
                .filter(policy -> policy.rule().equals(rule))
                .forEach(touched::add);
        List<AccessSimulation.Effect> effects =
                simulation.effects(current.set(), live.with(rule, policies), touched, everybody, instant(question));
        return answer(effects);
    }

    /** Whoever may read the policies may ask what they mean. */
    private Subject reader(RequestDetails request) {
        Subject asker = subjects.of(request);
        AccessScope readable = current.current()
                .scope(
                        asker,
                        Action.VIEW,
                        new ResourceKind("Consent"),
                        new Environment(Door.FHIR_REST, clock.instant()));
        if (readable instanceof AccessScope.None) {
            throw Refusals.of(new AccessDeniedException(
                    AccessErrorCode.DENIED, "this is for those who may read the access policies", null));
        }
        return asker;
    }

    private ResourceFacts facts(Parameters question, Subject asker) {
        String reference = text(question, "resource");
        String study = text(question, "study");
        if ((reference == null) == (study == null)) {
            throw new InvalidRequestException("expected either a resource or a study");
        }
        String literal = reference == null ? study(String.valueOf(study)) : reference;
        ResourceFacts found =
                literal == null ? null : facts.load(Set.of(literal)).get(literal);
        Clearance label = found == null ? null : found.label();
        if (found == null || label == null || !asker.clearance().covers(label)) {
            throw Refusals.notFound();
        }
        return found;
    }

    private @Nullable String study(String uid) {
        String bare = uid.startsWith("urn:oid:") ? uid.substring("urn:oid:".length()) : uid;
        return jdbc
                .sql("select res_id from trefoil.access_resource where study_uid = ? and res_type = 'ImagingStudy'"
                        + " order by res_pid")
                .param(bare)
                .query(String.class)
                .list()
                .stream()
                .findFirst()
                .map(id -> "ImagingStudy/" + id)
                .orElse(null);
    }

    private Instant instant(Parameters question) {
        Type value = value(question, "instant");
        if (value == null) {
            return clock.instant();
        }
        if (value instanceof BaseDateTimeType time && time.getValue() != null) {
            return time.getValue().toInstant();
        }
        throw new InvalidRequestException("expected an instant");
    }

    private static @Nullable String text(Parameters question, String name) {
        Type value = value(question, name);
        if (value == null) {
            return null;
        }
        String text;
        if (value instanceof Reference reference) {
            text = reference.hasReference()
                    ? reference.getReference()
                    : reference.getIdentifier().getValue();
        } else {
            text = value.primitiveValue();
        }
        if (text == null || text.isBlank()) {
            throw new InvalidRequestException("expected a value for the parameter `" + name + "`");
        }
        return text;
    }

    private static @Nullable Type value(Parameters question, String name) {
        List<ParametersParameterComponent> found = question.getParameter().stream()
                .filter(parameter -> name.equals(parameter.getName()))
                .toList();
        if (found.size() > 1) {
            throw new InvalidRequestException("expected the parameter `" + name + "` once");
        }
        return found.isEmpty() ? null : found.get(0).getValue();
    }

    private static Parameters answer(Explanation explanation) {
        PolicyDecision decision = explanation.decision();
        Parameters answer = new Parameters();
        answer.addParameter("decision", new CodeType(code(decision.outcome().name())));
        answer.addParameter("reason", new StringType(decision.reason()));
        answer.addParameter("policy-version", new StringType(Long.toString(decision.setVersion())));
        answer.addParameter("scopes", new CodeType(code(explanation.scopes().name())));
        decision.obligations().stream()
                .map(Obligation::code)
                .sorted()
                .forEach(obligation -> answer.addParameter("obligation", new CodeType(obligation)));
        decision.errors().forEach(error -> answer.addParameter("error", new StringType(error)));
        decision.policies().stream().sorted().forEach(policy -> {
            ParametersParameterComponent part = answer.addParameter().setName("policy");
            name(part, policy);
            explanation.policies().stream()
                    .filter(line -> line.policy().id().equals(policy))
                    .forEach(line -> dimensions(part, line));
        });
        for (Explanation.Line line : explanation.policies()) {
            ParametersParameterComponent part = answer.addParameter().setName("considered");
            name(part, line.policy().id());
            part.addPart()
                    .setName("effect")
                    .setValue(new CodeType(code(line.policy().effect().name())));
            part.addPart()
                    .setName("priority")
                    .setValue(new IntegerType(line.policy().priority()));
            part.addPart()
                    .setName("verdict")
                    .setValue(new CodeType(code(line.verdict().name())));
            part.addPart()
                    .setName("label-gate")
                    .setValue(new CodeType(code(line.labelGate().name())));
            dimensions(part, line);
        }
        return answer;
    }

    private static void name(ParametersParameterComponent part, String policy) {
        int at = policy.lastIndexOf('#');
        String rule = at < 0 ? policy : policy.substring(0, at);
        part.addPart().setName("reference").setValue(new Reference("Consent/" + rule));
        if (at >= 0) {
            part.addPart().setName("provision").setValue(new IntegerType(policy.substring(at + 1)));
        }
    }

    private static void dimensions(ParametersParameterComponent part, Explanation.Line line) {
        for (Dimension dimension : Dimension.values()) {
            if (line.dimensions().containsKey(dimension)) {
                ParametersParameterComponent verdict = part.addPart().setName("dimension");
                verdict.addPart().setName("code").setValue(new CodeType(dimension.code()));
                verdict.addPart()
                        .setName("verdict")
                        .setValue(new CodeType(
                                code(line.dimensions().get(dimension).name())));
            }
        }
    }

    private static Parameters answer(List<AccessSimulation.Effect> effects) {
        Map<String, List<AccessSimulation.Effect>> bySubject = new LinkedHashMap<>();
        effects.stream()
                .sorted(Comparator.comparing(effect -> effect.subject().id()))
                .forEach(effect -> bySubject
                        .computeIfAbsent(effect.subject().id(), key -> new ArrayList<>())
                        .add(effect));
        Parameters answer = new Parameters();
        answer.addParameter("affected", new IntegerType(new HashSet<>(bySubject.keySet()).size()));
        for (List<AccessSimulation.Effect> own : bySubject.values()) {
            Subject subject = own.get(0).subject();
            String user = subject.user();
            ParametersParameterComponent part = answer.addParameter().setName(user == null ? "client" : "user");
            part.addPart().setName("name").setValue(new StringType(user == null ? subject.client() : user));
            part.addPart()
                    .setName("interface")
                    .setValue(new CodeType(own.get(0).door().code()));
            part.addPart()
                    .setName("action")
                    .setValue(new CodeType(own.get(0).action().code()));
            counts(
                    part,
                    own.stream().mapToLong(AccessSimulation.Effect::appear).sum(),
                    own.stream().mapToLong(AccessSimulation.Effect::vanish).sum());
            for (AccessSimulation.Effect effect : own) {
                ParametersParameterComponent type = part.addPart().setName("type");
                type.addPart().setName("name").setValue(new CodeType(effect.type()));
                counts(type, effect.appear(), effect.vanish());
            }
        }
        return answer;
    }

    private static void counts(ParametersParameterComponent part, long appear, long vanish) {
        part.addPart().setName("appear").setValue(new IntegerType(Math.toIntExact(appear)));
        part.addPart().setName("vanish").setValue(new IntegerType(Math.toIntExact(vanish)));
    }

    private static String code(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

package org.trefoilhub.hub.patientindex;

import ca.uhn.fhir.rest.annotation.Operation;
import ca.uhn.fhir.rest.annotation.OperationParam;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.StringType;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessRequest;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.CurrentPolicies;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Environment;
import org.trefoilhub.access.policy.PolicyDecision;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.error.Refusals;
import org.trefoilhub.interceptors.fhir.facts.FactSource;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;

/**
 * The operations of the patient index, in the shapes of HAPI MDM: the review queue and what humans decide about links, and the
 * merge of one source Patient into another.
 *
 * <p>They need the right {@code label} for every patient concerned, because a link decides which level holds for a patient.
 * Links of patients for whom it is missing are absent.
 */
public final class PatientIndexOperations {

    private static final int MOST = 200;

    private final PatientIndex index;
    private final RequestSubjects subjects;
    private final CurrentPolicies policies;
    private final FactSource facts;
    private final Clock clock;

    PatientIndexOperations(
            PatientIndex index, RequestSubjects subjects, CurrentPolicies policies, FactSource facts, Clock clock) {
        this.index = index;
        this.subjects = subjects;
        this.policies = policies;
        this.facts = facts;
        this.clock = clock;
    }

    /**
     * Lists links, oldest first.
     *
     * @param golden only of this golden record
     * @param resource only of this source Patient
     * @param result only with this result; {@code POSSIBLE_MATCH} is the review queue
     * @param source only {@code AUTO} or {@code MANUAL}
     * @param offset links to leave out
     * @param count links of the page, at most 200
     * @param request who asks
     * @return {@code total} and one {@code link} each
     */
    @Operation(name = "$mdm-query-links", idempotent = true)
    public Parameters query(
            @OperationParam(name = "goldenResourceId", min = 0, max = 1) @Nullable StringType golden,
            @OperationParam(name = "resourceId", min = 0, max = 1) @Nullable StringType resource,
            @OperationParam(name = "matchResult", min = 0, max = 1) @Nullable StringType result,
            @OperationParam(name = "linkSource", min = 0, max = 1) @Nullable StringType source,
            @OperationParam(name = "_offset", min = 0, max = 1) @Nullable IntegerType offset,
            @OperationParam(name = "_count", min = 0, max = 1) @Nullable IntegerType count,
            RequestDetails request) {
        require(request);
        Subject asker = asker(request);
        String goldenId = id(golden);
        String resourceId = id(resource);
        List<PersonLink> found = index.links(goldenId, resourceId, grade(result)).stream()
                .filter(link -> source == null || source.getValue().equals(link.source()))
                .toList();
        Set<String> concerned = new LinkedHashSet<>();
        found.forEach(link -> concerned.addAll(references(link)));
        Set<String> permitted = permitted(asker, concerned);
        List<PersonLink> shown = found.stream()
                .filter(link -> permitted.containsAll(references(link)))
                .toList();
        Parameters answer = new Parameters();
        answer.addParameter("total", new IntegerType(shown.size()));
        shown.stream()
                .skip(offset == null ? 0 : Math.max(0, offset.getValue()))
                .limit(count == null ? MOST : Math.min(MOST, Math.max(0, count.getValue())))
                .forEach(link -> add(answer, link));
        return answer;
    }

    /** Says that a source Patient is ({@code MATCH}) or is not ({@code NO_MATCH}) the person of a golden record. */
    @Operation(name = "$mdm-update-link")
    public Parameters update(
            @OperationParam(name = "goldenResourceId", min = 1, max = 1) @Nullable StringType golden,
            @OperationParam(name = "resourceId", min = 1, max = 1) @Nullable StringType resource,
            @OperationParam(name = "matchResult", min = 1, max = 1) @Nullable StringType result,
            RequestDetails request) {
        String goldenId = required(golden, "goldenResourceId");
        String resourceId = required(resource, "resourceId");
        String wanted = result == null ? "" : String.valueOf(result.getValue());
        if (!wanted.equals("MATCH") && !wanted.equals("NO_MATCH")) {
            throw new InvalidRequestException("expected `MATCH` or `NO_MATCH` as `matchResult`");
        }
        require(request, goldenId, resourceId);
        Parameters answer = new Parameters();
        add(answer, index.decide(goldenId, resourceId, Match.Grade.valueOf(wanted)));
        return answer;
    }

    /** Makes one person of two golden records; the first becomes an address of the second. */
    @Operation(name = "$mdm-merge-golden-resources")
    public Parameters mergeGolden(
            @OperationParam(name = "fromGoldenResourceId", min = 1, max = 1) @Nullable StringType from,
            @OperationParam(name = "toGoldenResourceId", min = 1, max = 1) @Nullable StringType to,
            RequestDetails request) {
        String fromId = required(from, "fromGoldenResourceId");
        String toId = required(to, "toGoldenResourceId");
        require(request, fromId, toId);
        index.mergeGolden(fromId, toId);
        Parameters answer = new Parameters();
        answer.addParameter("goldenResourceId", new StringType("Patient/" + toId));
        return answer;
    }

    /**
     * Merges one source Patient into another; taken back by {@code $mdm-update-link} with {@code NO_MATCH}.
     *
     * @param source becomes inactive and replaced by the other; everything that refers to it stays
     * @param target stays
     * @param preview not served
     * @param request who asks
     * @return {@code result}: the target
     */
    @Operation(name = "$merge", typeName = "Patient")
    public Parameters merge(
            @OperationParam(name = "source-patient", min = 1, max = 1) @Nullable Reference source,
            @OperationParam(name = "target-patient", min = 1, max = 1) @Nullable Reference target,
            @OperationParam(name = "preview", min = 0, max = 1) @Nullable BooleanType preview,
            RequestDetails request) {
        if (source == null || target == null || (preview != null && preview.booleanValue())) {
            throw new InvalidRequestException("expected `source-patient` and `target-patient`, and no `preview`");
        }
        String sourceId = required(new StringType(source.getReference()), "source-patient");
        String targetId = required(new StringType(target.getReference()), "target-patient");
        require(request, sourceId, targetId);
        Patient merged = index.mergeSource(sourceId, targetId);
        Parameters answer = new Parameters();
        answer.addParameter()
                .setName("result")
                .setValue(new Reference("Patient/" + merged.getIdElement().getIdPart()));
        return answer;
    }

    private static void add(Parameters answer, PersonLink link) {
        Parameters.ParametersParameterComponent part = answer.addParameter().setName("link");
        part.addPart().setName("goldenResourceId").setValue(new StringType("Patient/" + link.golden()));
        part.addPart().setName("sourceResourceId").setValue(new StringType("Patient/" + link.patient()));
        part.addPart()
                .setName("matchResult")
                .setValue(new StringType(link.result().name()));
        part.addPart().setName("linkSource").setValue(new StringType(link.source()));
        part.addPart().setName("rule").setValue(new StringType(link.rule()));
        part.addPart()
                .setName("linkUpdated")
                .setValue(new DecimalType(link.updated().toEpochMilli()));
    }

    private static List<String> references(PersonLink link) {
        return List.of("Patient/" + link.golden(), "Patient/" + link.patient());
    }

    private static Match.@Nullable Grade grade(@Nullable StringType given) {
        if (given == null) {
            return null;
        }
        return Stream.of(Match.Grade.values())
                .filter(grade -> grade.name().equals(given.getValue()))
                .findFirst()
                .orElseThrow(() -> new InvalidRequestException(
                        "expected `MATCH`, `POSSIBLE_MATCH` or `NO_MATCH` as `matchResult`"));
    }

    private static @Nullable String id(@Nullable StringType given) {
        return given == null || given.getValue() == null ? null : new IdType(given.getValue()).getIdPart();
    }

    private static String required(@Nullable StringType given, String name) {
        String id = id(given);
        if (id == null || id.isBlank()) {
            throw new InvalidRequestException("expected a Patient in `" + name + "`");
        }
        return id;
    }

    private Subject asker(RequestDetails request) {
        try {
            return subjects.of(request);
        } catch (AccessDeniedException e) {
            throw Refusals.of(e);
        }
    }

    /** Refuses with 403 when the right is missing altogether, else as if a patient did not exist. */
    private void require(RequestDetails request, String... ids) {
        Subject asker = asker(request);
        PolicyDecision any = decide(asker, FactSource.of("Patient"));
        if (any.errors().isEmpty() && !any.permitted(Set.of())) {
            throw Refusals.of(AccessDeniedException.of(any));
        }
        Set<String> references = new LinkedHashSet<>();
        Stream.of(ids).forEach(id -> references.add("Patient/" + id));
        if (!permitted(asker, references).containsAll(references)) {
            throw Refusals.notFound();
        }
    }

    private Set<String> permitted(Subject asker, Set<String> references) {
        Set<String> permitted = new LinkedHashSet<>();
        for (List<String> some : chunks(List.copyOf(references))) {
            Map<String, ResourceFacts> known = facts.load(some);
            known.forEach((reference, each) -> {
                if (decide(asker, each).permitted(Set.of())) {
                    permitted.add(reference);
                }
            });
        }
        return permitted;
    }

    private static List<List<String>> chunks(List<String> all) {
        List<List<String>> chunks = new ArrayList<>();
        for (int i = 0; i < all.size(); i += MOST) {
            chunks.add(all.subList(i, Math.min(all.size(), i + MOST)));
        }
        return chunks;
    }

    private PolicyDecision decide(Subject asker, ResourceFacts known) {
        Environment here = new Environment(Door.FHIR_REST, clock.instant());
        return policies.current().decide(AccessRequest.of(asker, Action.LABEL, known, here));
    }
}

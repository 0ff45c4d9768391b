package org.trefoilhub.access.policy;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known about the resource a request is about.
 *
 * <p>Every part but the kind is either <em>not known</em> (null, or for codes no entry of the kind) or known, and then
 * perhaps empty. A policy that needs a part that is not known is an evaluation error, and errors deny; a policy that
 * needs a part that is known to be empty does not apply. Immutable. Start from {@link #of} (nothing known) or
 * {@link #complete} (everything known and empty).
 *
 * @param kind type of the resource
 * @param id logical id or Study Instance UID; no policy asks for it, a scope may
 * @param patients references such as {@code Patient/12} of the patients the resource is about, over all linked identities
 * @param label highest confidentiality label over those patients, {@link Clearance#N} when there are none
 * @param codes coded facts by kind
 * @param exams references of the exam it belongs to, itself included: the chain of {@code basedOn} over ServiceRequest,
 *     ImagingStudy and DiagnosticReport
 * @param care encounters of those patients
 * @param date the one documented date of the type
 */
public record ResourceFacts(
        ResourceKind kind,
        @Nullable String id,
        @Nullable Set<String> patients,
        @Nullable Clearance label,
        Map<FactKind, Set<String>> codes,
        @Nullable Set<String> exams,
        @Nullable Set<CareFact> care,
        @Nullable DocumentedDate date) {

    /** Copies the collections. */
    public ResourceFacts {
        patients = patients == null ? null : Set.copyOf(patients);
        EnumMap<FactKind, Set<String>> copy = new EnumMap<>(FactKind.class);
        codes.forEach((fact, values) -> copy.put(fact, Set.copyOf(values)));
        codes = Map.copyOf(copy);
        exams = exams == null ? null : Set.copyOf(exams);
        care = care == null ? null : Set.copyOf(care);
    }

    /**
     * Facts of a resource of which only the type is known.
     *
     * @param kind type of the resource
     * @return facts with everything else not known
     */
    public static ResourceFacts of(ResourceKind kind) {
        return new ResourceFacts(kind, null, null, null, Map.of(), null, null, null);
    }

    /**
     * Facts of a resource of which only the type is known.
     *
     * @param type FHIR resource type
     * @return facts with everything else not known
     */
    public static ResourceFacts of(String type) {
        return of(new ResourceKind(type));
    }

    /**
     * Facts of a resource that is about no patient and has neither codes, exam nor date; add what it has.
     *
     * @param kind type of the resource
     * @return facts in which everything is known
     */
    public static ResourceFacts complete(ResourceKind kind) {
        Map<FactKind, Set<String>> none = new EnumMap<>(FactKind.class);
        for (FactKind fact : FactKind.values()) {
            none.put(fact, Set.of());
        }
        return new ResourceFacts(kind, null, Set.of(), Clearance.N, none, Set.of(), Set.of(), DocumentedDate.NONE);
    }

    /**
     * The same facts with an id.
     *
     * @param value logical id or Study Instance UID
     * @return a copy
     */
    public ResourceFacts withId(String value) {
        return new ResourceFacts(kind, value, patients, label, codes, exams, care, date);
    }

    /**
     * The same facts with the patients concerned.
     *
     * @param values patient references over all linked identities, empty when the resource is about no patient
     * @return a copy
     */
    public ResourceFacts withPatients(Set<String> values) {
        return new ResourceFacts(kind, id, values, label, codes, exams, care, date);
    }

    /**
     * The same facts with a label.
     *
     * @param value highest label over the patients concerned
     * @return a copy
     */
    public ResourceFacts withLabel(Clearance value) {
        return new ResourceFacts(kind, id, patients, value, codes, exams, care, date);
    }

    /**
     * The same facts with codes of one kind.
     *
     * @param fact kind of the codes
     * @param values all of them, empty when there are none
     * @return a copy
     */
    public ResourceFacts withCodes(FactKind fact, Set<String> values) {
        Map<FactKind, Set<String>> more = new EnumMap<>(FactKind.class);
        more.putAll(codes);
        more.put(fact, values);
        return new ResourceFacts(kind, id, patients, label, more, exams, care, date);
    }

    /**
     * The same facts with the exam.
     *
     * @param references references of the chain, empty when the resource belongs to no exam
     * @return a copy
     */
    public ResourceFacts withExams(Set<String> references) {
        return new ResourceFacts(kind, id, patients, label, codes, references, care, date);
    }

    /**
     * The same facts with encounters.
     *
     * @param encounters encounters of the patients concerned
     * @return a copy
     */
    public ResourceFacts withCare(Set<CareFact> encounters) {
        return new ResourceFacts(kind, id, patients, label, codes, exams, encounters, date);
    }

    /**
     * The same facts with a date.
     *
     * @param value the documented date, or {@link DocumentedDate#NONE}
     * @return a copy
     */
    public ResourceFacts withDate(DocumentedDate value) {
        return new ResourceFacts(kind, id, patients, label, codes, exams, care, value);
    }

    /**
     * The same facts with an exact date.
     *
     * @param instant the documented date
     * @return a copy
     */
    public ResourceFacts withDate(Instant instant) {
        return withDate(new DocumentedDate(instant, instant));
    }

    /** Names the type only: ids and patients are identifying. */
    @Override
    public String toString() {
        return "ResourceFacts[" + kind.type() + "]";
    }
}

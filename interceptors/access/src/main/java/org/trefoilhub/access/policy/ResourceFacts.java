package org.trefoilhub.access.policy;

import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is known about the resource a request is about.
 *
 * <p>Everything but the kind is optional: null or an empty set means <em>not known</em>, never <em>known to be
 * absent</em>. A policy that depends on a fact that is not known is an evaluation error, and errors deny. Immutable.
 *
 * @param kind type of the resource
 * @param id logical id or Study Instance UID
 * @param patients references of the patients the resource is about, over all linked identities
 * @param label highest confidentiality label over those patients
 * @param sensitivities sensitivity codes (HIV, PSY, ...) over those patients
 * @param modalities DICOM modalities
 * @param sources codes of the source systems the resource came from
 * @param departments codes of the performing departments
 * @param date the one documented date of the type, such as the start of a study
 */
public record ResourceFacts(
        ResourceKind kind,
        @Nullable String id,
        Set<String> patients,
        @Nullable Clearance label,
        Set<String> sensitivities,
        Set<String> modalities,
        Set<String> sources,
        Set<String> departments,
        @Nullable Instant date) {

    /** Copies the sets. */
    public ResourceFacts {
        patients = Set.copyOf(patients);
        sensitivities = Set.copyOf(sensitivities);
        modalities = Set.copyOf(modalities);
        sources = Set.copyOf(sources);
        departments = Set.copyOf(departments);
    }

    /**
     * Facts of a resource of which only the type is known.
     *
     * @param kind type of the resource
     * @return facts with everything else unknown
     */
    public static ResourceFacts of(ResourceKind kind) {
        return new ResourceFacts(kind, null, Set.of(), null, Set.of(), Set.of(), Set.of(), Set.of(), null);
    }

    /**
     * Facts of a resource of which only the type is known.
     *
     * @param type FHIR resource type
     * @return facts with everything else unknown
     */
    public static ResourceFacts of(String type) {
        return of(new ResourceKind(type));
    }

    /**
     * The same facts with an id.
     *
     * @param value logical id or Study Instance UID
     * @return a copy
     */
    public ResourceFacts withId(String value) {
        return new ResourceFacts(kind, value, patients, label, sensitivities, modalities, sources, departments, date);
    }

    /**
     * The same facts with the patients concerned.
     *
     * @param values patient references
     * @return a copy
     */
    public ResourceFacts withPatients(Set<String> values) {
        return new ResourceFacts(kind, id, values, label, sensitivities, modalities, sources, departments, date);
    }

    /**
     * The same facts with a label.
     *
     * @param value highest label over the patients concerned
     * @return a copy
     */
    public ResourceFacts withLabel(Clearance value) {
        return new ResourceFacts(kind, id, patients, value, sensitivities, modalities, sources, departments, date);
    }

    /**
     * The same facts with modalities.
     *
     * @param values DICOM modality codes
     * @return a copy
     */
    public ResourceFacts withModalities(Set<String> values) {
        return new ResourceFacts(kind, id, patients, label, sensitivities, values, sources, departments, date);
    }

    /**
     * The same facts with sources.
     *
     * @param values source system codes
     * @return a copy
     */
    public ResourceFacts withSources(Set<String> values) {
        return new ResourceFacts(kind, id, patients, label, sensitivities, modalities, values, departments, date);
    }

    /** Names the type only: ids and patients are identifying. */
    @Override
    public String toString() {
        return "ResourceFacts[" + kind.type() + "]";
    }
}

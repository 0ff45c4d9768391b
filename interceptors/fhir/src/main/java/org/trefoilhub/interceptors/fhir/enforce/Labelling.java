package org.trefoilhub.interceptors.fhir.enforce;

import ca.uhn.fhir.rest.api.server.RequestDetails;
import java.util.Set;
import org.hl7.fhir.r4.model.Meta;
import org.hl7.fhir.r4.model.Parameters;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.Action;

/** Tells a change of a patient's level, which has a right of its own, from other changes. */
final class Labelling {

    private static final Set<String> OPERATIONS = Set.of("$meta-add", "$meta-delete");

    private Labelling() {}

    /** {@code label} for an operation that adds or takes security labels of a Patient and nothing else, else {@code modify}. */
    static Action change(@Nullable RequestDetails request) {
        return request != null
                        && "Patient".equals(request.getResourceName())
                        && OPERATIONS.contains(String.valueOf(request.getOperation()))
                        && request.getResource() instanceof Parameters parameters
                        && labelsOnly(parameters)
                ? Action.LABEL
                : Action.MODIFY;
    }

    private static boolean labelsOnly(Parameters parameters) {
        return !parameters.getParameter().isEmpty()
                && parameters.getParameter().stream()
                        .allMatch(parameter -> parameter.getValue() instanceof Meta meta
                                && meta.hasSecurity()
                                && !meta.hasTag()
                                && !meta.hasProfile());
    }
}

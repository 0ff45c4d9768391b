package org.trefoilhub.interceptors.fhir.policy;

import java.util.List;
import org.hl7.fhir.r4.model.Identifier;

/**
 * Tells who or what a literal reference in a policy means: the stored identifiers of a Device, Practitioner or
 * Organization.
 *
 * <p>Asked when a Consent is mapped, not when a request is decided. Logical references need no directory.
 */
@FunctionalInterface
public interface ActorDirectory {

    /** Knows nobody: literal references are then refused. */
    ActorDirectory EMPTY = reference -> List.of();

    /**
     * The identifiers of a stored resource.
     *
     * @param reference relative reference such as {@code Device/12}
     * @return its identifiers; empty when there is no such resource
     */
    List<Identifier> identifiers(String reference);
}

package org.trefoilhub.interceptors.fhir.enforce;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hl7.fhir.r4.model.OperationOutcome;
import org.hl7.fhir.r4.model.Resource;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.PolicyDecision;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.mask.HiddenReferences;
import org.trefoilhub.interceptors.fhir.mask.Identities;
import org.trefoilhub.interceptors.fhir.mask.IdentityMask;
import org.trefoilhub.interceptors.fhir.mask.MaskLevel;

/**
 * What a subject sees of resources that it may see: identities masked where the decision on the resource or on a patient in
 * it says so, and no reference to what is hidden from it.
 *
 * <p>A reference is taken out when the subject sees some resources of its type but not this one; a reference into a type
 * that is closed to it altogether stays, because 403 is no secret. The patient a resource is about stays named by its
 * reference too: a result that nobody could assign would be dangerous.
 */
final class Veil {

    private final PolicyDesk desk;
    private final HiddenReferences references;
    private final Identities identities;

    Veil(PolicyDesk desk, HiddenReferences references, Identities identities) {
        this.desk = desk;
        this.references = references;
        this.identities = identities;
    }

    /** Who asks for what; remembers the answers about types for one look. */
    private final class Look {
        private final Subject subject;
        private final Action action;
        private final Door door;
        private final Map<String, AccessScope> scopes = new HashMap<>();
        private final Map<String, Boolean> masked = new HashMap<>();

        Look(Subject subject, Action action, Door door) {
            this.subject = subject;
            this.action = action;
            this.door = door;
        }

        AccessScope scope(String type) {
            return scopes.computeIfAbsent(type, each -> desk.scope(subject, action, each, door));
        }

        boolean isPartial(String type) {
            return !(scope(type) instanceof AccessScope.All) && !(scope(type) instanceof AccessScope.None);
        }

        boolean mayMask(String type) {
            return masked.computeIfAbsent(type, each -> PolicyDesk.FULFILLED.stream()
                    .anyMatch(obligation ->
                            !(desk.obliged(subject, action, each, door, obligation) instanceof AccessScope.None)));
        }
    }

    /** The resource as the subject sees it; the same object when nothing is kept back. */
    Resource show(Subject subject, Action action, Door door, Resource resource) {
        return show(subject, action, door, List.of(resource)).get(0);
    }

    /** The resources as the subject sees them, in order, with one load of facts for all. */
    List<Resource> show(Subject subject, Action action, Door door, List<? extends Resource> resources) {
        Look look = new Look(subject, action, door);
        Map<Resource, Set<String>> named = new java.util.IdentityHashMap<>();
        Set<String> asked = new LinkedHashSet<>();
        Set<String> own = new LinkedHashSet<>();
        boolean patientsPartly = !(look.scope("Patient") instanceof AccessScope.All) || look.mayMask("Patient");
        for (Resource resource : resources) {
            if (resource instanceof OperationOutcome) {
                continue;
            }
            Set<String> inside = references.in(resource);
            named.put(resource, inside);
            boolean partial = false;
            for (String reference : inside) {
                String type = typeOf(reference);
                if (look.isPartial(type) || (type.equals("Patient") && patientsPartly)) {
                    asked.add(reference);
                    partial = true;
                }
            }
            if (hasId(resource) && (partial || patientsPartly || look.mayMask(resource.fhirType()))) {
                own.add(StorageNet.reference(resource));
            }
        }
        if (asked.isEmpty() && own.isEmpty()) {
            return List.copyOf(resources);
        }
        Map<String, Set<String>> about = desk.patients(own);
        asked.addAll(own);
        if (patientsPartly) {
            about.values().forEach(asked::addAll);
        }
        Map<String, PolicyDecision> decisions = desk.decide(subject, action, asked, door);
        List<Resource> shown = new ArrayList<>();
        for (Resource resource : resources) {
            Set<String> inside = named.get(resource);
            shown.add(
                    inside == null
                            ? resource
                            : show(
                                    resource,
                                    inside,
                                    hasId(resource)
                                            ? about.getOrDefault(StorageNet.reference(resource), Set.of())
                                            : Set.of(),
                                    decisions,
                                    look,
                                    patientsPartly));
        }
        return shown;
    }

    private Resource show(
            Resource resource,
            Set<String> inside,
            Set<String> about,
            Map<String, PolicyDecision> decisions,
            Look look,
            boolean patientsPartly) {
        String self = hasId(resource) ? StorageNet.reference(resource) : "";
        Resource without = references.without(
                resource,
                reference -> !reference.equals(self)
                        && !about.contains(reference)
                        && look.isPartial(typeOf(reference))
                        && !PolicyDesk.isPermitted(decisions.get(reference)));
        PolicyDecision decided = decisions.get(self);
        MaskLevel level = decided == null ? MaskLevel.NONE : MaskLevel.of(decided);
        if (patientsPartly) {
            Set<String> patients = new HashSet<>(about);
            inside.stream().filter(each -> typeOf(each).equals("Patient")).forEach(patients::add);
            if (!self.isEmpty() && resource.fhirType().equals("Patient")) {
                // Its other identities are decided for themselves when they are shown.
                patients.removeAll(about);
                patients.add(self);
            }
            level = level.or(level(decisions, patients));
        }
        if (level == MaskLevel.NONE) {
            return without;
        }
        Set<String> people = new LinkedHashSet<>(about);
        inside.stream().filter(each -> typeOf(each).equals("Patient")).forEach(people::add);
        return new IdentityMask(level, identities.of(people)).mask(without);
    }

    /** A permit of a resource covers what the resource says of a Patient that is not permitted itself. */
    private static MaskLevel level(Map<String, PolicyDecision> decisions, Collection<String> references) {
        MaskLevel level = MaskLevel.NONE;
        for (String reference : references) {
            PolicyDecision decision = decisions.get(reference);
            if (decision != null) {
                level = level.or(MaskLevel.of(decision));
            }
        }
        return level;
    }

    /** How much of a stored resource is masked for the subject, by the resource or by the patients it is about. */
    MaskLevel level(Subject subject, Action action, Door door, String reference) {
        Set<String> asked = new LinkedHashSet<>(Set.of(reference));
        if (mayMask(subject, action, door, typeOf(reference))) {
            asked.addAll(desk.patients(Set.of(reference)).getOrDefault(reference, Set.of()));
        } else {
            return MaskLevel.NONE;
        }
        MaskLevel level = MaskLevel.NONE;
        for (PolicyDecision decision : desk.decide(subject, action, asked, door).values()) {
            level = level.or(MaskLevel.of(decision));
        }
        return level;
    }

    private boolean mayMask(Subject subject, Action action, Door door, String type) {
        Look look = new Look(subject, action, door);
        return look.mayMask(type) || look.mayMask("Patient");
    }

    private static boolean hasId(Resource resource) {
        return resource.getIdElement().hasIdPart();
    }

    private static String typeOf(String reference) {
        return reference.substring(0, reference.indexOf('/'));
    }
}

package org.trefoilhub.interceptors.fhir.enforce;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Obligation;
import org.trefoilhub.access.policy.Subject;

/**
 * The rows that a search may find when its parameters look at identities: not those whose identity is masked, or guessing
 * would find out what the mask hides.
 */
final class UnmaskedPart {

    /** No resource is about this patient: ids of the storage count from one. */
    static final AccessScope NOTHING = new AccessScope.Compartment(Set.of("Patient/0"));

    private final PolicyDesk desk;
    private final SearchReach reach;

    UnmaskedPart(PolicyDesk desk, SearchReach reach) {
        this.desk = desk;
        this.reach = reach;
    }

    /**
     * The conditions that such a search adds.
     *
     * @throws AccessDeniedException when they have no translation into conditions on the rows
     */
    List<AccessScope> of(Subject subject, Action action, Door door, String type, Map<String, String[]> parameters) {
        Set<AccessScope> excluded = new LinkedHashSet<>();
        for (SearchReach.Looked looked : reach.identifying(type, parameters)) {
            if (looked.shared() && !(desk.scope(subject, action, "Patient", door) instanceof AccessScope.All)) {
                // Such texts speak of several patients, some of them hidden; none of them is found.
                return List.of(NOTHING);
            }
            List<Obligation> masks = looked.identity() == SearchReach.Identity.DEMOGRAPHICS
                    ? List.of(Obligation.MASK_DEMOGRAPHICS)
                    : List.of(Obligation.MASK_NAME, Obligation.MASK_DEMOGRAPHICS);
            for (Obligation mask : masks) {
                AccessScope carrier = desk.obliged(subject, action, looked.type(), door, mask);
                AccessScope patients = desk.obliged(subject, action, "Patient", door, mask);
                switch (looked.how()) {
                    case SHOWN -> {
                        excluded.add(carrier);
                        if (!looked.type().equals("Patient")) {
                            excluded.add(PatientPart.of(patients));
                        }
                    }
                    case SAME_PATIENT -> {
                        excluded.add(PatientPart.of(carrier));
                        excluded.add(PatientPart.of(patients));
                    }
                    case PROBED -> {
                        if (!(carrier instanceof AccessScope.None) || !(patients instanceof AccessScope.None)) {
                            throw AccessDeniedException.untranslatable(
                                    "it looks at the identity of other patients, some of which are masked");
                        }
                    }
                }
            }
        }
        List<AccessScope> kept = new ArrayList<>();
        for (AccessScope part : excluded) {
            if (part instanceof AccessScope.All) {
                throw AccessDeniedException.untranslatable("what it searches by is masked");
            }
            if (!(part instanceof AccessScope.None)) {
                kept.add(new AccessScope.Not(part));
            }
        }
        return kept;
    }
}

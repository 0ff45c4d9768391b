package org.trefoilhub.access.policy;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.Set;

/**
 * How the person who asks stands to the patient, by the patient's encounters, care teams and exams, or to a report.
 *
 * <p>A client without a user stands in no relation; {@link #OTHER_DEPARTMENT} then holds for every patient in care.
 */
public enum CareRelation {
    /** The patient has a current in-patient encounter in one of the person's departments. */
    OWN_WARD {
        @Override
        AccessScope region(Subject subject, Instant now, ZoneId zone) {
            return ofDepartments(subject, Set.of("IMP"));
        }
    },
    /**
     * The patient has an outpatient or emergency encounter that begins today, or an emergency encounter that goes on, in
     * one of the person's departments or with the person.
     */
    OWN_TODAY {
        @Override
        AccessScope region(Subject subject, Instant now, ZoneId zone) {
            if (subject.user() == null) {
                return nobody();
            }
            LocalDate day = now.atZone(zone).toLocalDate();
            Instant morning = day.atStartOfDay(zone).toInstant();
            Instant midnight = day.plusDays(1).atStartOfDay(zone).toInstant();
            Set<String> departments = subject.departments();
            String user = subject.user();
            return ScopeAlgebra.union(
                    new AccessScope.Care(Set.of("AMB", "EMER"), departments, user, false, morning, midnight),
                    new AccessScope.Care(Set.of("EMER"), departments, user, true, null, null));
        }
    },
    /** The person takes part in a current encounter of the patient, or in an active care team that is about the patient. */
    ATTENDING {
        @Override
        AccessScope region(Subject subject, Instant now, ZoneId zone) {
            return subject.user() == null
                    ? nobody()
                    : new AccessScope.Care(Set.of(), Set.of(), subject.user(), true, null, null);
        }
    },
    /** {@link #ATTENDING} or {@link #OWN_WARD}. */
    TREATING {
        @Override
        AccessScope region(Subject subject, Instant now, ZoneId zone) {
            return ScopeAlgebra.union(ATTENDING.region(subject, now, zone), OWN_WARD.region(subject, now, zone));
        }
    },
    /** One of the person's departments performs or performed an exam of the patient. */
    EXAMINED {
        @Override
        AccessScope region(Subject subject, Instant now, ZoneId zone) {
            return subject.user() == null || subject.departments().isEmpty()
                    ? nobody()
                    : new AccessScope.Coded(FactKind.EXAMINED_BY, subject.departments());
        }
    },
    /** The patient has a current encounter, and none of the current ones is in one of the person's departments. */
    OTHER_DEPARTMENT {
        @Override
        AccessScope region(Subject subject, Instant now, ZoneId zone) {
            return ScopeAlgebra.intersection(
                    new AccessScope.Care(Set.of(), Set.of(), null, true, null, null),
                    ScopeAlgebra.complement(ofDepartments(subject, Set.of())));
        }
    },
    /** Somebody else wrote the report; for drafts. The hub itself is never somebody else. */
    NOT_AUTHOR {
        @Override
        AccessScope region(Subject subject, Instant now, ZoneId zone) {
            return isHub(subject) ? nobody() : ScopeAlgebra.complement(authored(subject));
        }
    },
    /** Another department performs the exam, and somebody else wrote the report; for reports that are not released. */
    OUTSIDE {
        @Override
        AccessScope region(Subject subject, Instant now, ZoneId zone) {
            if (isHub(subject)) {
                return nobody();
            }
            AccessScope inside = subject.user() == null || subject.departments().isEmpty()
                    ? authored(subject)
                    : ScopeAlgebra.union(
                            authored(subject), new AccessScope.Coded(FactKind.DEPARTMENT, subject.departments()));
            return ScopeAlgebra.complement(inside);
        }
    };

    private static boolean isHub(Subject subject) {
        return subject.user() == null && subject.client().equals(Subject.HUB_CLIENT);
    }

    private static AccessScope authored(Subject subject) {
        String author = subject.user() == null ? "client:" + subject.client() : "user:" + subject.user();
        return new AccessScope.Coded(FactKind.AUTHOR, Set.of(author));
    }

    /** The patients who stand in this relation to a person now; the zone says when today begins. */
    abstract AccessScope region(Subject subject, Instant now, ZoneId zone);

    private static AccessScope ofDepartments(Subject subject, Set<String> classes) {
        return subject.user() == null || subject.departments().isEmpty()
                ? nobody()
                : new AccessScope.Care(classes, subject.departments(), null, true, null, null);
    }

    private static AccessScope nobody() {
        return new AccessScope.None("no patient is in the care of the subject");
    }
}

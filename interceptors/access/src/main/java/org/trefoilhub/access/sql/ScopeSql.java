package org.trefoilhub.access.sql;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.FactKind;

/**
 * Turns an access scope into a condition on the rows of a door.
 *
 * <p>Every atom becomes a condition of two values, so that a complement is exact. A row of which a fact that the scope asks
 * for is not known is not shown, whatever the rest says: fail closed. Facts of patients come from the shared tables, over
 * all linked identities.
 */
public final class ScopeSql {

    private ScopeSql() {}

    /**
     * Translates a scope.
     *
     * @param scope what may be seen
     * @param tables where the facts are
     * @return two-valued condition, {@link SqlCondition#TRUE} for everything
     * @throws AccessDeniedException when the scope is {@link AccessScope.None}
     */
    public static SqlCondition translate(AccessScope scope, FactTables tables) {
        if (scope instanceof AccessScope.None none) {
            throw AccessDeniedException.of(none);
        }
        Translation translation = new Translation(tables);
        SqlCondition inside = scope.accept(translation);
        return SqlCondition.and(List.of(translation.known(), inside));
    }

    /**
     * Translates a scope for a door that owes something for what lies in it, such as masking.
     *
     * @param scope for what the door owes it
     * @param tables where the facts are
     * @return two-valued condition that holds unless a row is known to lie outside; {@link SqlCondition#FALSE} for {@link
     *     AccessScope.None}
     */
    public static SqlCondition possibly(AccessScope scope, FactTables tables) {
        Translation translation = new Translation(tables);
        SqlCondition inside = scope.accept(translation);
        return inside.equals(SqlCondition.FALSE)
                ? inside
                : SqlCondition.or(List.of(translation.known().not(), inside));
    }

    /** One walk through a scope, which notes what is asked for. */
    private static final class Translation implements AccessScope.Visitor<SqlCondition> {
        private final FactTables tables;
        private final Set<FactKind> asked = EnumSet.noneOf(FactKind.class);
        private boolean exams;
        private boolean patients;

        Translation(FactTables tables) {
            this.tables = tables;
        }

        private SqlCondition known() {
            List<SqlCondition> conditions = new ArrayList<>();
            conditions.add(tables.known(asked, exams));
            if (patients) {
                // INVARIANT: whoever writes a Patient writes its row; one without a row is a fault, not a patient like
                // all others.
                conditions.add(SqlCondition.of("(" + tables.patient() + " is null or exists (select 1 from"
                        + " trefoil.access_patient p where p.patient_ref = " + tables.patient() + "))"));
            }
            return SqlCondition.and(conditions);
        }

        @Override
        public SqlCondition all(AccessScope.All scope) {
            return SqlCondition.TRUE;
        }

        @Override
        public SqlCondition none(AccessScope.None scope) {
            return SqlCondition.FALSE;
        }

        @Override
        public SqlCondition anyOf(AccessScope.AnyOf scope) {
            return SqlCondition.or(all(scope.parts()));
        }

        @Override
        public SqlCondition allOf(AccessScope.AllOf scope) {
            return SqlCondition.and(all(scope.parts()));
        }

        private List<SqlCondition> all(List<AccessScope> parts) {
            return parts.stream().map(part -> part.accept(this)).toList();
        }

        @Override
        public SqlCondition not(AccessScope.Not scope) {
            return scope.part().accept(this).not();
        }

        @Override
        public SqlCondition compartment(AccessScope.Compartment scope) {
            patients = true;
            return SqlCondition.in("named.patient_ref", scope.patients().stream())
                    .wrap(
                            "exists (select 1 from trefoil.access_patient p join trefoil.access_patient named"
                                    + " on named.person_key = p.person_key where p.patient_ref = " + tables.patient()
                                    + " and ",
                            ")");
        }

        @Override
        public SqlCondition label(AccessScope.Label scope) {
            List<String> above = Arrays.stream(Clearance.values())
                    .filter(label -> !scope.highest().covers(label))
                    .map(Clearance::name)
                    .toList();
            if (above.isEmpty()) {
                return SqlCondition.TRUE;
            }
            patients = true;
            return SqlCondition.in("p.label", above.stream())
                    .wrap(
                            "not exists (select 1 from trefoil.access_patient p where p.patient_ref = "
                                    + tables.patient() + " and ",
                            ")");
        }

        @Override
        public SqlCondition coded(AccessScope.Coded scope) {
            FactKind kind = scope.kind();
            if (!kind.ofPatient()) {
                asked.add(kind);
                return scope.values().isEmpty() ? SqlCondition.FALSE : tables.coded(kind, scope.values());
            }
            patients = true;
            return SqlCondition.in("f.code", scope.values().stream())
                    .wrap(
                            "exists (select 1 from trefoil.access_patient_code f where f.patient_ref = "
                                    + tables.patient() + " and f.kind = '" + kind.name() + "' and ",
                            ")");
        }

        @Override
        public SqlCondition exam(AccessScope.Exam scope) {
            exams = true;
            return scope.exams().isEmpty() ? SqlCondition.FALSE : tables.exam(scope.exams());
        }

        @Override
        public SqlCondition dataPeriod(AccessScope.DataPeriod scope) {
            List<SqlCondition> conditions = new ArrayList<>();
            conditions.add(SqlCondition.of(tables.from() + " is not null"));
            conditions.addAll(between(tables.from(), scope.from(), scope.until()));
            return SqlCondition.and(conditions);
        }

        @Override
        public SqlCondition care(AccessScope.Care scope) {
            patients = true;
            List<SqlCondition> conditions = new ArrayList<>();
            if (scope.current()) {
                conditions.add(SqlCondition.of("c.is_current"));
            }
            if (!scope.classes().isEmpty()) {
                conditions.add(SqlCondition.in("c.encounter_class", scope.classes().stream()));
            }
            List<SqlCondition> people = new ArrayList<>();
            if (!scope.departments().isEmpty()) {
                people.add(SqlCondition.in("c.department", scope.departments().stream()));
            }
            if (scope.user() != null) {
                people.add(SqlCondition.of(
                        "exists (select 1 from trefoil.access_care_user u where u.encounter_ref = c.encounter_ref"
                                + " and u.user_name = ?)",
                        scope.user()));
            }
            if (!people.isEmpty()) {
                conditions.add(SqlCondition.or(people));
            }
            conditions.addAll(between("c.start_at", scope.startFrom(), scope.startUntil()));
            return SqlCondition.and(conditions)
                    .wrap(
                            "exists (select 1 from trefoil.access_patient p join trefoil.access_patient linked"
                                    + " on linked.person_key = p.person_key join trefoil.access_care c"
                                    + " on c.patient_ref = linked.patient_ref where p.patient_ref = " + tables.patient()
                                    + " and ",
                            ")");
        }

        /** Null where the expression is; the caller keeps that apart. */
        private static List<SqlCondition> between(String expression, @Nullable Instant from, @Nullable Instant until) {
            List<SqlCondition> conditions = new ArrayList<>();
            if (from != null) {
                conditions.add(SqlCondition.of(expression + " >= ?", from.atOffset(ZoneOffset.UTC)));
            }
            if (until != null) {
                conditions.add(SqlCondition.of(expression + " < ?", until.atOffset(ZoneOffset.UTC)));
            }
            return conditions;
        }
    }
}

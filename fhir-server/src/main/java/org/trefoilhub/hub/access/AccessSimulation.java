package org.trefoilhub.hub.access;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Condition;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Environment;
import org.trefoilhub.access.policy.PolicySet;
import org.trefoilhub.access.policy.ResourceKind;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.access.sql.FactTables;
import org.trefoilhub.access.sql.ScopeSql;
import org.trefoilhub.access.sql.SqlCondition;

/**
 * Counts what a changed set of policies would show and hide, with the scopes and the facts that searches use.
 *
 * <p>Scopes that are equal in both sets are not counted, so that a rule about one client costs little.
 */
final class AccessSimulation {

    private static final String ROWS = "select count(*) from trefoil.access_resource r where r.res_type = ? and ";

    private final JdbcClient jdbc;

    AccessSimulation(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * One difference.
     *
     * @param subject who
     * @param type FHIR resource type
     * @param door through which interface
     * @param action what they may do
     * @param appear number of resources that come in sight
     * @param vanish number of resources that go out of sight
     */
    record Effect(Subject subject, String type, Door door, Action action, long appear, long vanish) {}

    /** Every difference that is not zero. */
    List<Effect> effects(
            PolicySet before,
            PolicySet after,
            List<AccessPolicy> draft,
            Collection<Subject> subjects,
            Instant instant) {
        Set<Door> doors = EnumSet.noneOf(Door.class);
        Set<Action> actions = EnumSet.noneOf(Action.class);
        for (AccessPolicy policy : draft) {
            for (Condition condition : policy.conditions()) {
                if (condition instanceof Condition.Interface named) {
                    doors.addAll(named.doors());
                } else if (condition instanceof Condition.Actions named) {
                    actions.addAll(named.actions());
                }
            }
        }
        Door door = doors.isEmpty() || doors.contains(Door.FHIR_REST)
                ? Door.FHIR_REST
                : doors.iterator().next();
        Action action = actions.isEmpty() || actions.contains(Action.VIEW)
                ? Action.VIEW
                : actions.iterator().next();
        Environment environment = new Environment(door, instant);
        List<String> types = jdbc.sql("select distinct res_type from trefoil.access_resource order by res_type")
                .query(String.class)
                .list();
        List<Effect> effects = new ArrayList<>();
        for (Subject subject : subjects) {
            for (String type : types) {
                ResourceKind kind = new ResourceKind(type);
                AccessScope old = before.engine().scope(subject, action, kind, environment);
                AccessScope now = after.engine().scope(subject, action, kind, environment);
                if (old.equals(now) || (old instanceof AccessScope.None && now instanceof AccessScope.None)) {
                    continue;
                }
                long appear = count(type, now, old);
                long vanish = count(type, old, now);
                if (appear > 0 || vanish > 0) {
                    effects.add(new Effect(subject, type, door, action, appear, vanish));
                }
            }
        }
        return effects;
    }

    /** Resources of a type that lie in one scope and not in the other. */
    private long count(String type, AccessScope in, AccessScope notIn) {
        SqlCondition condition =
                SqlCondition.and(List.of(condition(in), condition(notIn).not()));
        List<Object> parameters = new ArrayList<>();
        parameters.add(type);
        parameters.addAll(condition.parameters());
        return jdbc.sql(ROWS + condition.sql())
                .params(parameters)
                .query(Long.class)
                .single();
    }

    private static SqlCondition condition(AccessScope scope) {
        return scope instanceof AccessScope.None
                ? SqlCondition.FALSE
                : ScopeSql.translate(scope, FactTables.ofResources("r"));
    }
}

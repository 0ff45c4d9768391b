package org.trefoilhub.interceptors.fhir.narrow;

import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.model.api.IQueryParameterType;
import ca.uhn.fhir.rest.param.TokenParam;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;
import org.hl7.fhir.instance.model.api.IAnyResource;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.sql.FactTables;
import org.trefoilhub.access.sql.ScopeSql;
import org.trefoilhub.access.sql.SqlCondition;

/**
 * The permitted part of a type as a value of the search parameter {@code _id}. Blank to everybody but {@link
 * ScopedIdPredicateBuilder}; serializable, because HAPI stores the parameters of searches that go on later.
 */
public final class ScopeParam extends TokenParam {

    private static final long serialVersionUID = 1L;

    private final String sql;
    private final ArrayList<Object> parameters;

    private ScopeParam(String sql, List<Object> parameters) {
        super(null, "");
        this.sql = sql;
        this.parameters = new ArrayList<>(parameters);
    }

    /**
     * Narrows a search, further when it is narrowed already. A search has one such parameter at most: HAPI asserts that no
     * parameter is repeated with the same value, and to HAPI they are all blank.
     *
     * @param search parameters of the search, changed by this
     * @param scope what may be found; neither everything nor nothing
     * @throws AccessDeniedException when the scope has no translation
     */
    public static void add(SearchParameterMap search, AccessScope scope) {
        SqlCondition condition = ScopeSql.translate(scope, FactTables.ofResources("f0"));
        ScopeParam added = new ScopeParam(condition.sql(), condition.parameters());
        List<List<IQueryParameterType>> all = search.get(IAnyResource.SP_RES_ID);
        for (ScopeParam before : in(all)) {
            added = before.and(added);
            all.removeIf(values -> values.contains(before));
        }
        search.add(IAnyResource.SP_RES_ID, added);
    }

    private ScopeParam and(ScopeParam other) {
        List<Object> both = new ArrayList<>(parameters);
        both.addAll(other.parameters);
        return new ScopeParam("(" + sql + ") and (" + other.sql + ")", both);
    }

    /** The conditions among the values of a parameter. */
    static List<ScopeParam> in(@Nullable Collection<? extends Collection<? extends IQueryParameterType>> values) {
        Stream<? extends Collection<? extends IQueryParameterType>> all =
                values == null ? Stream.empty() : values.stream();
        return all.flatMap(Collection::stream)
                .filter(ScopeParam.class::isInstance)
                .map(ScopeParam.class::cast)
                .toList();
    }

    /**
     * Condition that a resource is permitted, with a question mark for each parameter.
     *
     * <p>It speaks of one row. A query for all permitted keys, which the row's key has to be {@code in}, means the same, but
     * H2 evaluates such a query as a whole, and more than once: a search for one resource then pays for each that is stored.
     *
     * @param key column of the searching query that holds the key of the resource, with its table's alias
     * @return two-valued condition
     */
    String sql(String key) {
        return "exists (select 1 from trefoil.access_resource f0 where f0.res_pid = " + key + " and " + sql + ")";
    }

    /** Parameters of {@link #sql(String)} in order. */
    List<Object> parameters() {
        return parameters;
    }

    /** Tells nothing: parameters are identifying. */
    @Override
    public String toString() {
        return "ScopeParam";
    }
}

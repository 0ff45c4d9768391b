package org.trefoilhub.interceptors.fhir.narrow;

import ca.uhn.fhir.jpa.search.builder.QueryStack;
import ca.uhn.fhir.jpa.search.builder.predicate.BaseJoiningPredicateBuilder;
import ca.uhn.fhir.jpa.search.builder.predicate.ResourceIdPredicateBuilder;
import ca.uhn.fhir.jpa.search.builder.sql.SearchQueryBuilder;
import com.healthmarketscience.sqlbuilder.ComboCondition;
import com.healthmarketscience.sqlbuilder.Condition;
import com.healthmarketscience.sqlbuilder.CustomCondition;
import com.healthmarketscience.sqlbuilder.CustomSql;
import com.healthmarketscience.sqlbuilder.dbspec.basic.DbColumn;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** HAPI's builder for {@code _id}, which also writes the conditions of {@link ScopeParam}. */
public final class ScopedIdPredicateBuilder extends ResourceIdPredicateBuilder {

    /**
     * A builder for one query.
     *
     * @param query the query
     */
    public ScopedIdPredicateBuilder(SearchQueryBuilder query) {
        super(query);
    }

    @Override
    public @Nullable Condition createPredicateResourceId(QueryStack.SearchForIdsParams search) {
        // INVARIANT: a ScopeParam is blank, so HAPI makes nothing of it.
        Condition ids = super.createPredicateResourceId(search);
        List<ScopeParam> scopes = ScopeParam.in(search.getAndOrParams());
        if (scopes.isEmpty()) {
            return ids;
        }
        DbColumn column = column(search);
        ComboCondition all = ComboCondition.and();
        if (ids != null) {
            all.addCondition(ids);
        }
        for (ScopeParam scope : scopes) {
            all.addCondition(new CustomCondition(new CustomSql(bound(scope, column))));
        }
        return all;
    }

    private DbColumn column(QueryStack.SearchForIdsParams search) {
        DbColumn[] joined = search.getSourceJoinColumn();
        if (joined != null) {
            DbColumn last = getResourceIdColumn(joined);
            if (last == null) {
                throw new IllegalStateException("a chained search has no column to narrow");
            }
            return last;
        }
        BaseJoiningPredicateBuilder root = search.getIncludeDeleted() == null
                ? getOrCreateQueryRootTable(true)
                : getOrCreateQueryRootTable(search.getIncludeDeleted());
        return root.getResourceIdColumn();
    }

    /** The query with HAPI's placeholders, which are quoted; literals become parameters too, as HAPI demands. */
    private String bound(ScopeParam scope, DbColumn column) {
        StringBuilder sql = new StringBuilder();
        Iterator<Object> values = scope.parameters().iterator();
        String text = scope.sql(column.getTable().getAlias() + "." + column.getName());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '?') {
                sql.append(placeholder(values.next()));
            } else if (c == '\'') {
                int end = text.indexOf('\'', i + 1);
                sql.append(placeholder(text.substring(i + 1, end)));
                i = end;
            } else {
                sql.append(c);
            }
        }
        return sql.toString();
    }

    private String placeholder(Object value) {
        return "'" + getSearchQueryBuilder().generatePlaceholder(value) + "'";
    }
}

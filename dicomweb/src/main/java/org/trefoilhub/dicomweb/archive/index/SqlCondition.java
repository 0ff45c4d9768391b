package org.trefoilhub.dicomweb.archive.index;

import java.util.ArrayList;
import java.util.List;

/**
 * A condition with its positional parameters.
 *
 * @param sql without parameters inside the text
 * @param parameters in order of the question marks
 */
record SqlCondition(String sql, List<Object> parameters) {
    static final SqlCondition TRUE = new SqlCondition("1 = 1", List.of());

    SqlCondition {
        parameters = List.copyOf(parameters);
    }

    static SqlCondition of(String sql, Object... parameters) {
        return new SqlCondition(sql, List.of(parameters));
    }

    static SqlCondition join(String operator, List<SqlCondition> parts) {
        if (parts.isEmpty()) {
            return TRUE;
        }
        List<Object> parameters = new ArrayList<>();
        StringBuilder sql = new StringBuilder();
        for (SqlCondition part : parts) {
            sql.append(sql.isEmpty() ? "(" : " " + operator + " ").append(part.sql);
            parameters.addAll(part.parameters);
        }
        return new SqlCondition(sql.append(')').toString(), parameters);
    }

    SqlCondition wrap(String before, String after) {
        return new SqlCondition(before + sql + after, parameters);
    }
}

package org.trefoilhub.access.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A condition with its positional parameters. Immutable.
 *
 * @param sql without parameters inside the text; stands alone or in brackets, so it can be joined as it is
 * @param parameters in order of the question marks; texts, numbers, booleans and {@link java.time.OffsetDateTime}
 */
public record SqlCondition(String sql, List<Object> parameters) {
    /** Holds for every row. */
    public static final SqlCondition TRUE = new SqlCondition("1 = 1", List.of());

    /** Holds for no row. */
    public static final SqlCondition FALSE = new SqlCondition("1 = 0", List.of());

    /** Copies the parameters. */
    public SqlCondition {
        parameters = List.copyOf(parameters);
    }

    /**
     * A condition written by hand.
     *
     * @param sql text with a question mark for each parameter
     * @param parameters the values
     * @return the condition
     */
    public static SqlCondition of(String sql, Object... parameters) {
        return new SqlCondition(sql, List.of(parameters));
    }

    /**
     * A column or expression that must be one of some values.
     *
     * @param expression SQL expression without parameters
     * @param values the values, in any number
     * @return {@link #FALSE} when there are none
     */
    public static SqlCondition in(String expression, Stream<?> values) {
        List<Object> list = values.sorted().collect(Collectors.toList());
        if (list.isEmpty()) {
            return FALSE;
        }
        return list.size() == 1
                ? new SqlCondition(expression + " = ?", list)
                : new SqlCondition(expression + " in (" + "?, ".repeat(list.size() - 1) + "?)", list);
    }

    /**
     * What holds when all parts do.
     *
     * @param parts conditions
     * @return {@link #TRUE} when there are none
     */
    public static SqlCondition and(List<SqlCondition> parts) {
        return join(" and ", parts, TRUE, FALSE);
    }

    /**
     * What holds when at least one part does.
     *
     * @param parts conditions
     * @return {@link #FALSE} when there are none
     */
    public static SqlCondition or(List<SqlCondition> parts) {
        return join(" or ", parts, FALSE, TRUE);
    }

    private static SqlCondition join(String operator, List<SqlCondition> parts, SqlCondition empty, SqlCondition all) {
        List<SqlCondition> rest =
                parts.stream().filter(part -> !part.equals(empty)).toList();
        if (rest.contains(all)) {
            return all;
        }
        if (rest.size() < 2) {
            return rest.isEmpty() ? empty : rest.get(0);
        }
        List<Object> parameters = new ArrayList<>();
        rest.forEach(part -> parameters.addAll(part.parameters));
        return new SqlCondition(
                rest.stream().map(SqlCondition::sql).collect(Collectors.joining(operator, "(", ")")), parameters);
    }

    /**
     * The complement; exact where the condition is never null.
     *
     * @return what holds when this does not
     */
    public SqlCondition not() {
        if (equals(TRUE)) {
            return FALSE;
        }
        return equals(FALSE) ? TRUE : wrap("not (", ")");
    }

    /**
     * The condition inside more SQL.
     *
     * @param before text before, without parameters
     * @param after text after, without parameters
     * @return a copy
     */
    public SqlCondition wrap(String before, String after) {
        return new SqlCondition(before + sql + after, parameters);
    }

    /** Shows no parameter: some are identifying. */
    @Override
    public String toString() {
        return "SqlCondition[" + sql + "]";
    }
}

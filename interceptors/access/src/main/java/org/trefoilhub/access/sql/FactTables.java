package org.trefoilhub.access.sql;

import java.util.Set;
import org.trefoilhub.access.policy.FactKind;

/**
 * Where the rows that a door searches keep the facts of what they stand for.
 *
 * <p>Every condition and expression speaks of one row of the door's query, by an alias the door chose, and carries no
 * parameters but those given. Conditions must be two-valued: false, never null, where there is nothing to compare; {@link
 * ScopeSql} negates them.
 */
public interface FactTables {

    /**
     * The patient of the row.
     *
     * @return expression of type text: a patient reference such as {@code Patient/12}, null when there is no patient
     */
    String patient();

    /**
     * The documented date of the row.
     *
     * @return expression of type timestamp with time zone: where the date begins, null when there is none
     */
    String from();

    /**
     * Rows that carry one of some codes.
     *
     * @param kind kind of fact, never one of patients
     * @param values codes, at least one
     * @return two-valued condition
     */
    SqlCondition coded(FactKind kind, Set<String> values);

    /**
     * Rows that belong to one of some exams.
     *
     * @param exams references, at least one
     * @return two-valued condition
     */
    SqlCondition exam(Set<String> exams);

    /**
     * Rows of which the facts a scope asks for are known, beside those of patients.
     *
     * @param kinds kinds of codes that the scope asks for, never of patients
     * @param exams whether it asks for exams
     * @return {@link SqlCondition#TRUE} unless some rows may lack them
     */
    default SqlCondition known(Set<FactKind> kinds, boolean exams) {
        return SqlCondition.TRUE;
    }

    /**
     * The rows of the FHIR store's table {@code trefoil.access_resource}.
     *
     * @param alias alias of that table in the query
     * @return its columns and the tables that hang on them
     */
    static FactTables ofResources(String alias) {
        return new ResourceTables(alias);
    }
}

/**
 * Access scopes as SQL, for every door that finds its rows in tables: one translation, so that two doors cannot differ.
 *
 * <p>Start with {@code ScopeSql}, which turns a scope into a condition, and {@code FactTables}, by which a door says where
 * its rows keep the facts. Facts of patients lie in tables that all doors share; the script beside this package creates
 * them (placeholder {@code schema}), and whoever writes a Patient or an Encounter keeps them in the same transaction.
 *
 * <p>Nothing is executed here: the package knows text and parameters, no connection. SQL is of the kind that H2 and
 * PostgreSQL share.
 */
@NullMarked
package org.trefoilhub.access.sql;

import org.jspecify.annotations.NullMarked;

/**
 * Access scopes inside HAPI's searches: the permitted part becomes one more condition of the SQL, so that rows, totals,
 * pages and sorting know nothing of what is hidden.
 *
 * <p>Start from {@link org.trefoilhub.interceptors.fhir.narrow.ScopeParam}, which travels through HAPI as a value of the
 * parameter {@code _id}, and {@link org.trefoilhub.interceptors.fhir.narrow.ScopedIdPredicateBuilder}, which takes the
 * place of HAPI's own builder for that parameter and writes the condition.
 *
 * <p>Full-text searches are counted here too, because HAPI counts them in the text index alone. Searches of type
 * {@code $everything} are not narrowed; their rows are looked at one by one.
 */
@NullMarked
package org.trefoilhub.interceptors.fhir.narrow;

import org.jspecify.annotations.NullMarked;

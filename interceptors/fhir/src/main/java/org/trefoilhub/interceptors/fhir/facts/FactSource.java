package org.trefoilhub.interceptors.fhir.facts;

import java.util.Collection;
import java.util.Map;
import java.util.OptionalLong;
import org.hl7.fhir.r4.model.Resource;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.policy.ResourceFacts;

/** Port through which decisions learn the facts of resources. Implementations are thread-safe. */
public interface FactSource {

    /**
     * The facts of stored resources, in a number of statements that does not depend on how many there are.
     *
     * @param references such as {@code Observation/12}
     * @return facts by reference; what is missing has no facts, and may not exist
     */
    Map<String, ResourceFacts> load(Collection<String> references);

    /**
     * What is known of every resource of a type without reading any: kinds of fact that it never has.
     *
     * @param type FHIR resource type
     * @return facts in which only what can never be is known
     */
    static ResourceFacts of(String type) {
        return TypeKnowledge.facts(type);
    }

    /**
     * A scope as far as it matters for a type: atoms that hold for all or for none of its resources are folded away.
     *
     * @param scope part of all resources of the type
     * @param type FHIR resource type
     * @return an equal scope for resources of that type
     */
    static AccessScope simplify(AccessScope scope, String type) {
        return TypeKnowledge.simplify(scope, type);
    }

    /**
     * Tells whether facts that were loaded before are still those that are stored: they are when this answered the same
     * before they were loaded.
     *
     * @return a number that another hub on the same database does not change; empty while somebody writes facts, and
     *     always when the source cannot tell
     */
    default OptionalLong quiet() {
        return OptionalLong.empty();
    }

    /**
     * The facts a resource would have once it were stored.
     *
     * @param resource resource with literal references; its id is not needed
     * @return its facts
     */
    ResourceFacts preview(Resource resource);
}

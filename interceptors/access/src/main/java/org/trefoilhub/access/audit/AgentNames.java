package org.trefoilhub.access.audit;

import java.util.List;

/** Port: by which names the audit knows a Practitioner, PractitionerRole or Device. */
@FunctionalInterface
public interface AgentNames {

    /**
     * User names or client ids.
     *
     * @param reference such as {@code Practitioner/12}
     * @return the names, empty when there is none
     */
    List<String> of(String reference);
}

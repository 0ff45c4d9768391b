package org.trefoilhub.hub.app;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.model.api.IQueryParameterType;
import ca.uhn.fhir.rest.param.CompositeParam;
import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a composite search value that lacks one of its two parts, which the storage cannot take.
 *
 * <p>Spec: FHIR R4 search, section 3.1.1.4.13 (composite values are written {@code a$b}).
 */
@Interceptor
public final class CompleteComposites {

    /** Looks at every value of the search before it is run. */
    @Hook(Pointcut.STORAGE_PRESEARCH_REGISTERED)
    public void refuseIncomplete(SearchParameterMap search) {
        for (Map.Entry<String, List<List<IQueryParameterType>>> parameter : search.entrySet()) {
            boolean incomplete =
                    parameter.getValue().stream().flatMap(List::stream).anyMatch(CompleteComposites::isIncomplete);
            if (incomplete) {
                throw new InvalidRequestException(
                        "search parameter `" + parameter.getKey() + "` takes two values joined by `$`");
            }
        }
    }

    private static boolean isIncomplete(IQueryParameterType value) {
        return value instanceof CompositeParam<?, ?> composite
                && (isEmpty(composite.getLeftValue()) || isEmpty(composite.getRightValue()));
    }

    private static boolean isEmpty(@Nullable IQueryParameterType value) {
        if (value == null || value.getMissing() != null) {
            return value == null;
        }
        String text = value.getValueAsQueryToken();
        return text == null || text.isEmpty();
    }
}

package org.trefoilhub.hub.app;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.model.api.IQueryParameterType;
import ca.uhn.fhir.rest.param.SpecialParam;
import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Refuses a value of {@code near} that names no place on Earth, with which the storage fails instead.
 *
 * <p>Spec: FHIR R4 Location, search parameter {@code near}: {@code latitude|longitude|distance|units}.
 */
@Interceptor
public final class NearValues {

    private static final BigDecimal POLE = BigDecimal.valueOf(90);
    private static final BigDecimal HALF_CIRCLE = BigDecimal.valueOf(180);
    private static final BigDecimal FARTHEST = BigDecimal.valueOf(Long.MAX_VALUE);

    /** Looks at every value of the search before it is run. */
    @Hook(Pointcut.STORAGE_PRESEARCH_REGISTERED)
    public void refuseNowhere(SearchParameterMap search) {
        List<List<IQueryParameterType>> near = search.get("near");
        if (near == null) {
            return;
        }
        boolean nowhere = near.stream()
                .flatMap(List::stream)
                .anyMatch(value -> value.getMissing() == null
                        && value instanceof SpecialParam special
                        && !isPlace(special.getValue()));
        if (nowhere) {
            throw new InvalidRequestException(
                    "search parameter `near` takes `latitude|longitude`, then optionally `|distance` and `|units`");
        }
    }

    private static boolean isPlace(@Nullable String value) {
        String[] parts = value == null ? new String[0] : value.split("\\|", -1);
        return parts.length >= 2
                && parts.length <= 4
                && isNumber(parts[0], POLE.negate(), POLE)
                && isNumber(parts[1], HALF_CIRCLE.negate(), HALF_CIRCLE)
                && (parts.length == 2 || parts[2].isEmpty() || isNumber(parts[2], BigDecimal.ZERO, FARTHEST));
    }

    private static boolean isNumber(String text, BigDecimal least, BigDecimal most) {
        if (!text.strip().matches("[+-]?\\d{1,12}(\\.\\d{1,12})?")) {
            return false;
        }
        BigDecimal number = new BigDecimal(text.strip());
        return number.compareTo(least) >= 0 && number.compareTo(most) <= 0;
    }
}

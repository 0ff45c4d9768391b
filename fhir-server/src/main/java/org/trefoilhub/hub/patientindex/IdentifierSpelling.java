package org.trefoilhub.hub.patientindex;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.jpa.dao.MatchResourceUrlService;
import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.model.api.IQueryParameterType;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.rest.param.ReferenceParam;
import ca.uhn.fhir.rest.param.TokenParam;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Identifiers as people type them: with spaces between groups of digits, in full width, with a small x at the end of an id
 * card. A search looks for the tidy form beside what was typed.
 *
 * <p>Spec: FHIR R4 search parameter {@code identifier}, alone and at the end of a chain.
 */
@Interceptor
public final class IdentifierSpelling {

    private static final String IDENTIFIER = "identifier";

    /**
     * The tidy form of an identifier.
     *
     * @param value as typed or stored
     * @return without spaces, in half width, an id card's check character in upper case
     */
    static String tidy(String value) {
        String narrow = Normalizer.normalize(value, Normalizer.Form.NFKC).replaceAll("\\s+", "");
        return narrow.matches("\\d{17}x") ? narrow.substring(0, 17) + "X" : narrow;
    }

    /** Adds the tidy form to every identifier that a search looks for. */
    @Hook(Pointcut.STORAGE_PRESEARCH_REGISTERED)
    public void spell(SearchParameterMap search, @Nullable RequestDetails request) {
        if (request != null && MatchResourceUrlService.isDuringMatchUrlQuerySpan(request)) {
            // A condition names one resource exactly.
            return;
        }
        for (Map.Entry<String, List<List<IQueryParameterType>>> parameter : search.entrySet()) {
            parameter.getValue().replaceAll(values -> withTidy(parameter.getKey(), values));
        }
    }

    private static List<IQueryParameterType> withTidy(String name, List<IQueryParameterType> values) {
        List<IQueryParameterType> more = new ArrayList<>(values);
        values.stream()
                .map(value -> tidied(name, value))
                .filter(Objects::nonNull)
                .forEach(more::add);
        return more;
    }

    private static @Nullable IQueryParameterType tidied(String name, IQueryParameterType value) {
        if (value.getMissing() != null) {
            return null;
        }
        if (value instanceof TokenParam token
                && name.equals(IDENTIFIER)
                && token.getModifier() == null
                && token.getValue() != null) {
            String tidy = tidy(token.getValue());
            return tidy.equals(token.getValue()) ? null : new TokenParam(token.getSystem(), tidy);
        }
        if (value instanceof ReferenceParam chain && IDENTIFIER.equals(chain.getChain()) && chain.getValue() != null) {
            String typed = chain.getValue();
            int bar = typed.indexOf('|');
            String tidy = typed.substring(0, bar + 1) + tidy(typed.substring(bar + 1));
            return tidy.equals(typed) ? null : new ReferenceParam(chain.getResourceType(), IDENTIFIER, tidy);
        }
        return null;
    }
}

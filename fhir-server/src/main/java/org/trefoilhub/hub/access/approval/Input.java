package org.trefoilhub.hub.access.approval;

import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import java.util.List;
import java.util.Objects;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of an operation; what is not as expected answers 400 without quoting it. */
record Input(Parameters parameters) {

    /** Longest text that a person may give. */
    private static final int LONGEST = 2000;

    @Nullable
    Type value(String name) {
        List<Type> found = values(name);
        if (found.size() > 1) {
            throw new InvalidRequestException("expected the parameter `" + name + "` once");
        }
        return found.isEmpty() ? null : found.get(0);
    }

    private List<Type> values(String name) {
        return parameters.getParameter().stream()
                .filter(parameter -> name.equals(parameter.getName()))
                .map(Parameters.ParametersParameterComponent::getValue)
                .filter(Objects::nonNull)
                .toList();
    }

    @Nullable
    String text(String name) {
        Type value = value(name);
        return value == null ? null : text(value, name);
    }

    String required(String name) {
        String text = text(name);
        if (text == null) {
            throw new InvalidRequestException("expected the parameter `" + name + "`");
        }
        return text;
    }

    List<String> texts(String name) {
        return values(name).stream().map(value -> text(value, name)).toList();
    }

    private static String text(Type value, String name) {
        String text = value.primitiveValue();
        if (text == null || text.isBlank() || text.length() > LONGEST) {
            throw new InvalidRequestException("expected a short text as parameter `" + name + "`");
        }
        return text.strip();
    }

    boolean flag(String name) {
        return value(name) instanceof BooleanType flag && flag.booleanValue();
    }

    int hours(int standard, int most) {
        String text = text("hours");
        if (text == null) {
            return standard;
        }
        try {
            int hours = Integer.parseInt(text);
            if (hours >= 1 && hours <= most) {
                return hours;
            }
        } catch (NumberFormatException e) {
            throw new InvalidRequestException("expected whole hours", e);
        }
        throw new InvalidRequestException("expected 1 to " + most + " hours");
    }
}

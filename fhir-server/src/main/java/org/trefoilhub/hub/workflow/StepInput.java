package org.trefoilhub.hub.workflow;

import ca.uhn.fhir.rest.server.exceptions.InvalidRequestException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.hl7.fhir.r4.model.BaseDateTimeType;
import org.hl7.fhir.r4.model.Parameters;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;

/** Reads the parameters of {@code Task/$advance}; what is not as expected answers 400 without quoting it. */
public final class StepInput {

    /** Longest text that a person may give. */
    private static final int LONGEST = 2000;

    private StepInput() {}

    /**
     * A parameter.
     *
     * @param in parameters of the operation
     * @param name its name
     * @return its value, or null when it is not there
     * @throws InvalidRequestException when it is there more than once
     */
    public static @Nullable Type value(Parameters in, String name) {
        List<Type> found = in.getParameter().stream()
                .filter(parameter -> name.equals(parameter.getName()))
                .map(Parameters.ParametersParameterComponent::getValue)
                .filter(Objects::nonNull)
                .toList();
        if (found.size() > 1) {
            throw new InvalidRequestException("expected the parameter `" + name + "` once");
        }
        return found.isEmpty() ? null : found.get(0);
    }

    /**
     * A parameter as text.
     *
     * @param in parameters of the operation
     * @param name its name
     * @return the text, or null when it is not there
     * @throws InvalidRequestException when it is no text, blank or too long
     */
    public static @Nullable String text(Parameters in, String name) {
        Type value = value(in, name);
        if (value == null) {
            return null;
        }
        String text = value.primitiveValue();
        if (text == null || text.isBlank() || text.length() > LONGEST) {
            throw new InvalidRequestException("expected a short text as parameter `" + name + "`");
        }
        return text.strip();
    }

    /**
     * A parameter as a point in time.
     *
     * @param in parameters of the operation
     * @param name its name
     * @return the time, or null when it is not there
     * @throws InvalidRequestException when it is no dateTime or instant
     */
    public static @Nullable Instant time(Parameters in, String name) {
        Type value = value(in, name);
        if (value == null) {
            return null;
        }
        if (value instanceof BaseDateTimeType time && time.getValue() != null) {
            return time.getValue().toInstant();
        }
        throw new InvalidRequestException("expected a time as parameter `" + name + "`");
    }
}

package org.trefoilhub.hub.smart;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a person proved who he is.
 *
 * @param method code of the way in: {@code password}, {@code scan}, {@code oidc}, {@code certificate}, {@code ticket}
 * @param issuer who vouches for the person, such as the address of the hospital's login server; null for the hub itself
 * @param subject the person's identifier there, or null
 * @param session the login session there, or null; with {@code issuer} it finds our sessions when theirs ends
 */
public record LoginProof(String method, @Nullable String issuer, @Nullable String subject, @Nullable String session) {

    // Before the constant that is checked against it.
    private static final Pattern METHOD = Pattern.compile("[a-z]{1,20}");

    /** The login form. */
    public static final LoginProof PASSWORD = of("password");

    /**
     * Checks the method.
     *
     * @throws IllegalArgumentException when the method is not a short word
     */
    public LoginProof {
        if (!METHOD.matcher(method).matches()) {
            throw new IllegalArgumentException("expected a short word but got `" + method + "`");
        }
    }

    /**
     * A proof that the hub took itself.
     *
     * @param method code of the way in
     * @return the proof
     */
    public static LoginProof of(String method) {
        return new LoginProof(method, null, null, null);
    }
}

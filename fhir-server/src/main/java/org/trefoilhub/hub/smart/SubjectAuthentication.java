package org.trefoilhub.hub.smart;

import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
import java.util.Optional;
import org.springframework.security.authentication.AbstractAuthenticationToken;
import org.springframework.security.core.context.SecurityContextHolder;
import org.trefoilhub.access.policy.Subject;

/** A proven identity, as the security chains carry it. The token itself is not kept. */
public final class SubjectAuthentication extends AbstractAuthenticationToken {

    private static final long serialVersionUID = 1L;

    /** Request attribute that holds the {@link Subject} of an authenticated request. */
    public static final String ATTRIBUTE = Subject.class.getName();

    private final transient Subject subject;

    SubjectAuthentication(Subject subject) {
        super(List.of());
        this.subject = subject;
        setAuthenticated(true);
    }

    /**
     * The subject of a request.
     *
     * @param request request that came through a door
     * @return the subject, or empty when the request needed no identity and brought none
     */
    public static Optional<Subject> subjectOf(HttpServletRequest request) {
        return Optional.ofNullable((Subject) request.getAttribute(ATTRIBUTE));
    }

    /**
     * The subject of the request that this thread serves.
     *
     * @return the subject, or empty outside a request with identity
     */
    public static Optional<Subject> current() {
        return SecurityContextHolder.getContext().getAuthentication() instanceof SubjectAuthentication authentication
                ? Optional.of(authentication.subject)
                : Optional.empty();
    }

    @Override
    public Object getCredentials() {
        return "";
    }

    @Override
    public Subject getPrincipal() {
        return subject;
    }

    @Override
    public String getName() {
        return subject.id();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SubjectAuthentication that && subject.equals(that.subject);
    }

    @Override
    public int hashCode() {
        return subject.hashCode();
    }
}

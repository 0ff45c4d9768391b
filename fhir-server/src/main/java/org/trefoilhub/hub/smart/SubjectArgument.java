package org.trefoilhub.hub.smart;

import jakarta.servlet.http.HttpServletRequest;
import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.security.authentication.AuthenticationCredentialsNotFoundException;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.trefoilhub.access.policy.Subject;

/** Gives controllers the {@link Subject} of their request; a controller that asks for one never runs without. */
final class SubjectArgument implements HandlerMethodArgumentResolver {

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Subject.class;
    }

    @Override
    public Subject resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest webRequest,
            @Nullable WebDataBinderFactory binderFactory) {
        HttpServletRequest request = webRequest.getNativeRequest(HttpServletRequest.class);
        if (request == null) {
            throw new IllegalStateException("a subject is asked for outside a servlet request");
        }
        return SubjectAuthentication.subjectOf(request)
                .orElseThrow(() -> new AuthenticationCredentialsNotFoundException("no identity"));
    }
}

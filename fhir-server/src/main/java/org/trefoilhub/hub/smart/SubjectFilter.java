package org.trefoilhub.hub.smart;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/** Leaves the subject of the authenticated request where servlets find it without Spring Security. */
final class SubjectFilter extends OncePerRequestFilter {

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        SubjectAuthentication.current()
                .ifPresent(subject -> request.setAttribute(SubjectAuthentication.ATTRIBUTE, subject));
        chain.doFilter(request, response);
    }
}

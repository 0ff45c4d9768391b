package org.trefoilhub.hub.smart;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtException;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.context.RequestAttributeSecurityContextRepository;
import org.springframework.web.filter.OncePerRequestFilter;

/** Lets the session cookie stand for a bearer token where it may; a bearer token in the request always wins. */
final class SessionCookieFilter extends OncePerRequestFilter {

    private final JwtDecoder decoder;
    private final SubjectResolver subjects;
    private final AuthenticationEntryPoint entryPoint;
    private final RequestAttributeSecurityContextRepository contexts = new RequestAttributeSecurityContextRepository();

    SessionCookieFilter(JwtDecoder decoder, SubjectResolver subjects, AuthenticationEntryPoint entryPoint) {
        this.decoder = decoder;
        this.subjects = subjects;
        this.entryPoint = entryPoint;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String value = request.getHeader(HttpHeaders.AUTHORIZATION) == null ? SessionCookie.valueFor(request) : null;
        if (value != null) {
            try {
                SecurityContext context = SecurityContextHolder.createEmptyContext();
                context.setAuthentication(subjects.convertCookie(decoder.decode(value)));
                SecurityContextHolder.setContext(context);
                contexts.saveContext(context, request, response);
            } catch (JwtException e) {
                entryPoint.commence(request, response, new InvalidBearerTokenException("the cookie is not valid", e));
                return;
            } catch (AuthenticationException e) {
                entryPoint.commence(request, response, e);
                return;
            }
        }
        chain.doFilter(request, response);
    }
}

package org.trefoilhub.hub.smart;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.http.HttpHeaders;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.util.UriComponentsBuilder;
import org.springframework.web.util.UriUtils;

/**
 * Takes authorization requests that were posted (SMART capability {@code authorize-post}) as those that were asked for: the
 * browser comes back by GET and brings its session, which it does not send with a post from elsewhere.
 */
final class AuthorizePostFilter extends OncePerRequestFilter {

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (!"POST".equals(request.getMethod())
                || !Doors.path(request).equals(SmartAddresses.AUTHORIZE)
                || request.getParameter(OAuth2ParameterNames.RESPONSE_TYPE) == null) {
            chain.doFilter(request, response);
            return;
        }
        UriComponentsBuilder target = UriComponentsBuilder.fromPath(SmartAddresses.AUTHORIZE);
        request.getParameterMap().forEach((name, values) -> {
            for (String value : values) {
                target.queryParam(encode(name), encode(value));
            }
        });
        response.setStatus(HttpServletResponse.SC_SEE_OTHER);
        response.setHeader(HttpHeaders.LOCATION, target.build(true).toUriString());
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    private static String encode(String text) {
        return UriUtils.encode(text, java.nio.charset.StandardCharsets.UTF_8);
    }
}

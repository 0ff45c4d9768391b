package org.trefoilhub.hub.smart;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import org.springframework.http.HttpHeaders;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Sends pages that were opened by a loopback address to the public one: session cookies, redirect addresses and the
 * browser's crypto belong to one origin.
 */
final class PublicHostRedirect extends OncePerRequestFilter {

    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "::1", "[::1]", "0:0:0:0:0:0:0:1");

    private final SmartAddresses addresses;
    private final String publicHost;

    PublicHostRedirect(SmartAddresses addresses) {
        this.addresses = addresses;
        this.publicHost = URI.create(addresses.publicUrl()).getHost();
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String path = Doors.path(request);
        boolean page = Doors.isPage(request) || path.equals(SmartAddresses.LOGIN) || path.equals(SmartAddresses.AUTHORIZE);
        if (page
                && request.getMethod().equals("GET")
                && LOOPBACK.contains(request.getServerName())
                && !LOOPBACK.contains(publicHost)) {
            String query = request.getQueryString();
            response.setStatus(HttpServletResponse.SC_FOUND);
            // The URI is the raw request line, which the container has refused if it held a line break.
            response.setHeader(
                    HttpHeaders.LOCATION,
                    addresses.publicUrl() + request.getRequestURI() + (query == null ? "" : "?" + query));
            return;
        }
        chain.doFilter(request, response);
    }
}

package org.trefoilhub.hub.smart;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Holds the {@link LoginBrake} before the password form, before every other way to log in and before client secrets: 429 with {@code Retry-After}, as a page
 * to people and as {@code slow_down} to programs.
 *
 * <p>A client that proves itself is forgiven by the answer: anything but 401 and 429.
 */
final class BrakeFilter extends OncePerRequestFilter {

    private static final int TOO_MANY_REQUESTS = 429;
    private static final Set<String> CLIENT_PATHS =
            Set.of(SmartAddresses.TOKEN, SmartAddresses.INTROSPECT, SmartAddresses.REVOKE);

    private final LoginBrake brake;

    /** Asks for the login page instead. */
    private static final class PageRequest extends HttpServletRequestWrapper {

        PageRequest(HttpServletRequest request) {
            super(request);
        }

        @Override
        public String getMethod() {
            return "GET";
        }
    }

    BrakeFilter(LoginBrake brake) {
        this.brake = brake;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String path = Doors.path(request);
        if (!path.equals(SmartAddresses.LOGIN) && Doors.isUnder(path, SmartAddresses.LOGIN)) {
            otherWay(request, response, chain);
        } else if (!"POST".equals(request.getMethod())) {
            chain.doFilter(request, response);
        } else if (path.equals(SmartAddresses.LOGIN)) {
            String user = request.getParameter("username");
            Optional<Duration> wait = brake.begin(user == null ? "" : user, request.getRemoteAddr());
            if (wait.isPresent()) {
                showWait(request, response, wait.get());
            } else {
                chain.doFilter(request, response);
            }
        } else if (CLIENT_PATHS.contains(path)) {
            client(request, response, chain);
        } else {
            chain.doFilter(request, response);
        }
    }

    /** Who it is comes out at the end, if at all: the address alone is held. */
    private void otherWay(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String address = request.getRemoteAddr();
        Optional<Duration> wait = brake.waitingAt(address);
        if (wait.isPresent()) {
            showWait(request, response, wait.get());
            return;
        }
        chain.doFilter(request, response);
        Object outcome = request.getAttribute(PersonLogin.OUTCOME);
        if (Boolean.FALSE.equals(outcome)) {
            brake.failedAt(address);
        } else if (Boolean.TRUE.equals(outcome)) {
            brake.succeededAt(address);
        }
    }

    private static void showWait(HttpServletRequest request, HttpServletResponse response, Duration wait)
            throws ServletException, IOException {
        refuse(response, wait);
        request.getRequestDispatcher(SmartAddresses.LOGIN + "?wait").forward(new PageRequest(request), response);
    }

    private void client(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        String client = clientId(request);
        if (client == null) {
            chain.doFilter(request, response);
            return;
        }
        // Of one address only: whoever guesses elsewhere must not stop a system that works here.
        String address = request.getRemoteAddr();
        String account = "client " + client + " at " + address;
        Optional<Duration> wait = brake.waiting(account, address);
        if (wait.isPresent()) {
            refuse(response, wait.get());
            response.setContentType("application/json");
            response.getOutputStream().write("{\"error\":\"slow_down\"}".getBytes(StandardCharsets.US_ASCII));
            return;
        }
        chain.doFilter(request, response);
        if (response.getStatus() == HttpServletResponse.SC_UNAUTHORIZED) {
            brake.failed(account, address);
        } else if (response.getStatus() == HttpServletResponse.SC_OK) {
            brake.forget(account);
        }
    }

    private static void refuse(HttpServletResponse response, Duration wait) {
        response.setStatus(TOO_MANY_REQUESTS);
        response.setHeader(
                HttpHeaders.RETRY_AFTER, Long.toString(wait.plusMillis(999).toSeconds()));
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    }

    private static @Nullable String clientId(HttpServletRequest request) {
        String header = request.getHeader(HttpHeaders.AUTHORIZATION);
        if (header != null && header.regionMatches(true, 0, "Basic ", 0, 6)) {
            try {
                String pair = new String(
                        Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8);
                int colon = pair.indexOf(':');
                return colon < 0 ? pair : pair.substring(0, colon);
            } catch (IllegalArgumentException e) {
                return "";
            }
        }
        return request.getParameter(OAuth2ParameterNames.CLIENT_ID);
    }
}

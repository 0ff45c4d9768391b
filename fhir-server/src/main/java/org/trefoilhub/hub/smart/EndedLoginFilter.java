package org.trefoilhub.hub.smart;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * A browser session whose login session was ended elsewhere, or whose person is gone or disabled, starts anew, so that the
 * next page is the login page.
 */
final class EndedLoginFilter extends OncePerRequestFilter {

    private final LoginSession sessions;

    EndedLoginFilter(LoginSession sessions) {
        this.sessions = sessions;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        HttpSession session = request.getSession(false);
        String id = session == null ? null : LoginSession.idOf(session);
        if (session != null && id != null && !sessions.isLive(id)) {
            session.invalidate();
        }
        chain.doFilter(request, response);
    }
}

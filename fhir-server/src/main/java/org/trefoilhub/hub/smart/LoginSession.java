package org.trefoilhub.hub.smart;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Clock;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.Authentication;
import org.springframework.security.web.authentication.SavedRequestAwareAuthenticationSuccessHandler;
import org.springframework.security.web.authentication.logout.LogoutHandler;

/**
 * The session of a person from login to logout; every token that was obtained in it carries its id and dies with it.
 */
final class LoginSession extends SavedRequestAwareAuthenticationSuccessHandler implements LogoutHandler {

    private static final String ATTRIBUTE = LoginSession.class.getName();

    private final GrantStore grants;
    private final SmartProperties properties;
    private final SessionCookie cookie;
    private final Clock clock;

    LoginSession(GrantStore grants, SmartProperties properties, SessionCookie cookie, Clock clock) {
        this.grants = grants;
        this.properties = properties;
        this.cookie = cookie;
        this.clock = clock;
        setDefaultTargetUrl("/console/");
    }

    /**
     * Id of the login session that a browser session holds.
     *
     * @param session browser session
     * @return the id, or null before login
     */
    static @Nullable String idOf(HttpSession session) {
        return (String) session.getAttribute(ATTRIBUTE);
    }

    @Override
    public void onAuthenticationSuccess(
            HttpServletRequest request, HttpServletResponse response, Authentication authentication)
            throws IOException, ServletException {
        HttpSession session = request.getSession(true);
        String previous = idOf(session);
        if (previous != null) {
            end(previous);
        }
        session.setAttribute(ATTRIBUTE, UUID.randomUUID().toString());
        super.onAuthenticationSuccess(request, response, authentication);
    }

    @Override
    public void logout(
            HttpServletRequest request, HttpServletResponse response, @Nullable Authentication authentication) {
        HttpSession session = request.getSession(false);
        String id = session == null ? null : idOf(session);
        if (id != null) {
            end(id);
        }
        cookie.clear(response);
    }

    /** Ends a session of which only the id is known, such as after a restart. */
    void end(String id) {
        grants.endSession(id, clock.instant().plus(properties.accessTokenTtl()).plus(properties.refreshTokenTtl()));
    }
}

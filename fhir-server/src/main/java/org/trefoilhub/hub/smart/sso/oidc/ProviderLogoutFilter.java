package org.trefoilhub.hub.smart.sso.oidc;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.net.URI;
import java.util.Set;
import org.springframework.web.filter.OncePerRequestFilter;
import org.trefoilhub.hub.smart.PersonLogin;

/**
 * Takes a browser that logs out here by the login server's logout (RP-Initiated Logout 1.0), whichever of the hub's
 * logouts it used, and from there to where it was going. A logout that did not happen changes nothing.
 */
final class ProviderLogoutFilter extends OncePerRequestFilter {

    private static final Set<String> LOGOUTS = Set.of("/logout", "/oauth2/logout");

    private final OidcController oidc;
    private final PersonLogin logins;
    private final URI back;

    ProviderLogoutFilter(OidcController oidc, PersonLogin logins, URI back) {
        this.oidc = oidc;
        this.logins = logins;
        this.back = back;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !LOGOUTS.contains(request.getServletPath());
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        OidcController.Vouched vouched = oidc.vouched(request);
        String session = vouched == null
                ? null
                : logins.current(request).map(PersonLogin.Current::session).orElse(null);
        if (vouched == null || session == null) {
            chain.doFilter(request, response);
            return;
        }
        chain.doFilter(request, new HttpServletResponseWrapper(response) {
            @Override
            public void sendRedirect(String target) throws IOException {
                super.sendRedirect(oidc.isOpen(vouched, session) ? target : oidc.logout(vouched, target, back));
            }
        });
    }
}

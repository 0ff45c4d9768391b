package org.trefoilhub.hub.smart;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.authority.AuthorityUtils;
import org.springframework.security.core.context.SecurityContext;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.web.authentication.SavedRequestAwareAuthenticationSuccessHandler;
import org.springframework.security.web.authentication.logout.LogoutHandler;
import org.springframework.security.web.context.HttpSessionSecurityContextRepository;
import org.springframework.security.web.csrf.HttpSessionCsrfTokenRepository;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.hub.smart.account.Position;
import org.trefoilhub.hub.smart.account.UserAccount;

/**
 * The session of a person from login to logout; every token that was obtained in it carries its id and dies with it.
 *
 * <p>Every way to log in ends here. Who holds several positions is not in before one is chosen: until then the browser
 * session remembers who was proven and grants nothing.
 */
final class LoginSession extends SavedRequestAwareAuthenticationSuccessHandler implements LogoutHandler {

    private static final String ATTRIBUTE = LoginSession.class.getName();
    private static final String UNDECIDED = ATTRIBUTE + ".undecided";
    private static final Duration TO_DECIDE = Duration.ofMinutes(5);

    private final AccountStore accounts;
    private final GrantStore grants;
    private final LoginRegister register;
    private final LoginActivity activity;
    private final SmartProperties properties;
    private final SessionCookie cookie;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final HttpSessionSecurityContextRepository contexts = new HttpSessionSecurityContextRepository();
    private final HttpSessionCsrfTokenRepository csrfTokens = new HttpSessionCsrfTokenRepository();

    /** A proven person who has not chosen a position yet. */
    record Undecided(String user, LoginProof proof, Instant since) {}

    LoginSession(
            AccountStore accounts,
            GrantStore grants,
            LoginRegister register,
            LoginActivity activity,
            SmartProperties properties,
            SessionCookie cookie,
            ApplicationEventPublisher events,
            Clock clock) {
        this.accounts = accounts;
        this.grants = grants;
        this.register = register;
        this.activity = activity;
        this.properties = properties;
        this.cookie = cookie;
        this.events = events;
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
        if (!begin(request, response, authentication.getName(), LoginProof.PASSWORD)) {
            response.sendRedirect(SmartAddresses.LOGIN + "?disabled");
        }
    }

    /**
     * Takes a proven person in and sends the browser on: to the page that was asked for, or first to the choice of a
     * position.
     *
     * @return false when the hub has no account for the person; nothing was answered then
     */
    boolean begin(HttpServletRequest request, HttpServletResponse response, String user, LoginProof proof)
            throws IOException, ServletException {
        UserAccount account = accounts.user(user).orElse(null);
        forget(request, response);
        if (account == null) {
            return false;
        }
        List<Position> positions = account.positions();
        if (positions.size() > 1) {
            request.getSession(true).setAttribute(UNDECIDED, new Undecided(user, proof, clock.instant()));
            response.sendRedirect(SmartAddresses.CHOOSE_POSITION);
            return true;
        }
        establish(
                request,
                response,
                user,
                positions.isEmpty() ? null : positions.get(0).code(),
                proof);
        return true;
    }

    /** Who has proven himself in this browser session and has to choose a position. */
    Optional<UserAccount> undecided(HttpServletRequest request) {
        return undecidedIn(request).flatMap(undecided -> accounts.user(undecided.user()));
    }

    /**
     * Takes the undecided person in.
     *
     * @return false when nobody is undecided, or the person does not hold the position; nothing was answered then
     */
    boolean choose(HttpServletRequest request, HttpServletResponse response, String position)
            throws IOException, ServletException {
        Undecided undecided = undecidedIn(request).orElse(null);
        if (undecided == null
                || register.isWithdrawn(undecided.proof(), undecided.since())
                || accounts.user(undecided.user())
                        .flatMap(account -> account.position(position))
                        .isEmpty()) {
            return false;
        }
        establish(request, response, undecided.user(), position, undecided.proof());
        return true;
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

    /** Whether a session goes on; one whose person is gone, disabled or out of the position, or that was left alone too long, is ended here. */
    boolean isLive(String id) {
        LoginRegister.Login login = register.find(id).orElse(null);
        if (login != null && holds(login) && activity.use(id)) {
            return true;
        }
        if (login != null) {
            expire(login);
        }
        return false;
    }

    /**
     * Ends a session that is over by itself. One that was only left alone too long is kept for the apps of others that
     * were granted {@code offline_access}, and for nothing else.
     */
    void expire(LoginRegister.Login login) {
        boolean kept = holds(login)
                && grants.ofSession(login.id()).stream()
                        .anyMatch(grant -> TokenLedger.isOffline(
                                accounts.client(grant.clientId()).orElse(null), grant.scopes()));
        if (!kept) {
            end(login.id());
        }
    }

    /** Whether a session could be used now. */
    boolean isOpen(LoginRegister.Login login) {
        return activity.isOpen(login.id());
    }

    /** Whether the person of a session has the account and the position still. */
    boolean holds(LoginRegister.Login login) {
        return accounts.user(login.user())
                .flatMap(account -> account.acting(login.position()))
                .isPresent();
    }

    /** Ends a session of which only the id is known, such as after a restart. */
    void end(String id) {
        Optional<LoginRegister.Login> login = register.find(id);
        grants.endSession(id, clock.instant().plus(properties.accessTokenTtl()).plus(properties.refreshTokenTtl()));
        register.remove(id);
        activity.forget(id);
        login.ifPresent(ended -> events.publishEvent(new LoginEvent.Ended(ended.user(), id)));
    }

    private void establish(
            HttpServletRequest request,
            HttpServletResponse response,
            String user,
            @Nullable String position,
            LoginProof proof)
            throws IOException, ServletException {
        forget(request, response);
        HttpSession session = request.getSession(true);
        String id = UUID.randomUUID().toString();
        register.begin(id, user, position, proof);
        session.setAttribute(ATTRIBUTE, id);
        Authentication person = UsernamePasswordAuthenticationToken.authenticated(
                user, null, AuthorityUtils.createAuthorityList("ROLE_USER"));
        SecurityContext context = SecurityContextHolder.createEmptyContext();
        context.setAuthentication(person);
        SecurityContextHolder.setContext(context);
        contexts.saveContext(context, request, response);
        events.publishEvent(new LoginEvent.Began(user, position, proof.method(), id));
        super.onAuthenticationSuccess(request, response, person);
    }

    /** Whoever was in this browser session is out of it, and neither its id nor its CSRF token is good any more. */
    private void forget(HttpServletRequest request, HttpServletResponse response) {
        HttpSession session = request.getSession(true);
        String previous = idOf(session);
        if (previous != null) {
            end(previous);
        }
        session.removeAttribute(ATTRIBUTE);
        session.removeAttribute(UNDECIDED);
        SecurityContextHolder.clearContext();
        contexts.saveContext(SecurityContextHolder.createEmptyContext(), request, response);
        csrfTokens.saveToken(null, request, response);
        request.changeSessionId();
    }

    private Optional<Undecided> undecidedIn(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        if (session == null || !(session.getAttribute(UNDECIDED) instanceof Undecided undecided)) {
            return Optional.empty();
        }
        return clock.instant().isBefore(undecided.since().plus(TO_DECIDE)) ? Optional.of(undecided) : Optional.empty();
    }
}

package org.trefoilhub.hub.smart;

import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.trefoilhub.hub.smart.account.UserAccount;

/**
 * Where every way to log in delivers the person it has proven, and asks about login sessions. Thread-safe.
 */
public final class PersonLogin {

    /** Attribute of a request that tried to log somebody in: whether it did. */
    static final String OUTCOME = PersonLogin.class.getName() + ".outcome";

    private final LoginSession sessions;
    private final LoginRegister register;
    private final HubAccounts accounts;
    private final ApplicationEventPublisher events;

    PersonLogin(LoginSession sessions, LoginRegister register, HubAccounts accounts, ApplicationEventPublisher events) {
        this.sessions = sessions;
        this.register = register;
        this.accounts = accounts;
        this.events = events;
    }

    /**
     * Takes a proven person in and answers with a redirect: to the page that was asked for, or first to the choice of a
     * position. The browser session gets a new id; a login session that it held is ended.
     *
     * @param request request that carried the proof
     * @param response its answer
     * @param user user name
     * @param proof what was proven how
     * @return false when the hub has no account of that name, or the person is disabled; nothing was answered then
     * @throws IOException when the answer cannot be written
     * @throws ServletException never by us
     */
    public boolean begin(HttpServletRequest request, HttpServletResponse response, String user, LoginProof proof)
            throws IOException, ServletException {
        boolean begun = sessions.begin(request, response, user, proof);
        request.setAttribute(OUTCOME, begun);
        return begun;
    }

    /**
     * Whether a proven person who was not taken in has an account that is disabled, rather than none.
     *
     * @param user user name
     * @return true when the account is only disabled, or all its positions have ended
     */
    public boolean isDisabled(String user) {
        return accounts.known(user).isPresent() && accounts.user(user).isEmpty();
    }

    /**
     * Where a proven person who was not taken in reads why.
     *
     * @param user user name
     * @return address of the login page with its message
     */
    public String refusalPage(String user) {
        return SmartAddresses.LOGIN + (isDisabled(user) ? "?disabled" : "?no-account");
    }

    /**
     * Who has proven himself in this browser session and has to choose a position.
     *
     * @param request any request of the session
     * @return the account, or empty when there is nothing to choose (any more)
     */
    public Optional<UserAccount> undecided(HttpServletRequest request) {
        return sessions.undecided(request);
    }

    /**
     * Takes the undecided person in, in the position that was chosen.
     *
     * @param request request that carried the choice
     * @param response its answer
     * @param position code of the position
     * @return false when nobody is undecided or the person does not hold the position; nothing was answered then
     * @throws IOException when the answer cannot be written
     * @throws ServletException never by us
     */
    public boolean choose(HttpServletRequest request, HttpServletResponse response, String position)
            throws IOException, ServletException {
        return sessions.choose(request, response, position);
    }

    /**
     * The login session that a browser session is in.
     *
     * @param request any request of the browser session
     * @return its id and person, or empty when nobody is logged in
     */
    public Optional<Current> current(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        String id = session == null ? null : LoginSession.idOf(session);
        return id == null
                ? Optional.empty()
                : register.find(id).map(login -> new Current(id, login.user(), login.position()));
    }

    /**
     * The login sessions that somebody else vouched for.
     *
     * @param issuer who vouched
     * @param subject the person there, or null for all
     * @param session the session there, or null for all
     * @return ids of login sessions
     */
    public List<String> vouchedFor(String issuer, @Nullable String subject, @Nullable String session) {
        return register.vouchedFor(issuer, subject, session).stream()
                .map(LoginRegister.Login::id)
                .toList();
    }

    /**
     * Ends the login sessions that somebody else vouched for, and those that have a position left to choose.
     *
     * @param issuer who vouched
     * @param subject the person there, or null for all
     * @param session the session there, or null for all
     */
    public void endVouchedFor(String issuer, @Nullable String subject, @Nullable String session) {
        register.withdraw(issuer, subject, session);
        vouchedFor(issuer, subject, session).forEach(this::end);
    }

    /**
     * Ends a login session with every token that was obtained in it.
     *
     * @param session id of the login session
     */
    public void end(String session) {
        sessions.end(session);
    }

    /**
     * Tells the audit that somebody was turned away, and has an address that fails again and again wait.
     *
     * @param request request that tried
     * @param user the name that was claimed or proven, or null when there was none
     * @param method code of the way in
     * @param code stable code of the reason
     */
    public void refused(HttpServletRequest request, @Nullable String user, String method, String code) {
        request.setAttribute(OUTCOME, false);
        refused(user, method, code);
    }

    /**
     * Tells the audit that somebody was turned away who did not try to prove anything.
     *
     * @param user the name that was claimed or proven, or null when there was none
     * @param method code of the way in
     * @param code stable code of the reason
     */
    public void refused(@Nullable String user, String method, String code) {
        events.publishEvent(new LoginEvent.Refused(user, method, code));
    }

    /**
     * A login session of the moment.
     *
     * @param session its id
     * @param user user name
     * @param position code of the chosen position, or null when there was nothing to choose
     */
    public record Current(String session, String user, @Nullable String position) {}
}

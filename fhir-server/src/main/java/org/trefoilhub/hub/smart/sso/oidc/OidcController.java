package org.trefoilhub.hub.smart.sso.oidc;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.trefoilhub.hub.app.HubProperties;
import org.trefoilhub.hub.smart.LoginProof;
import org.trefoilhub.hub.smart.PersonLogin;

/**
 * The steps of a login at the hospital's login server. What a step must find again lies in the browser session: state,
 * nonce and code verifier before the answer, the id token after it, for the logout.
 */
@RestController
@ConditionalOnProperty(OidcConfiguration.ISSUER)
class OidcController {

    static final String START = "/login/oidc";
    static final String CALLBACK = "/login/oidc/callback";
    static final String BACK_CHANNEL = "/login/oidc/backchannel-logout";
    static final String LOGGED_OUT = "/login/oidc/logged-out";

    private static final Logger log = LoggerFactory.getLogger(OidcController.class);
    private static final String STARTED = OidcController.class.getName();
    private static final String VOUCHED = STARTED + ".vouched";
    private static final String ASK_AGAIN = STARTED + ".again";
    private static final String METHOD = "oidc";
    private static final Duration TO_ANSWER = Duration.ofMinutes(15);
    private static final int LONGEST_TOKEN = 16 * 1024;

    private final SecureRandom random = new SecureRandom();
    private final HospitalProvider provider;
    private final OidcProperties properties;
    private final PersonLogin logins;
    private final URI redirect;
    private final Clock clock;
    private final Cache<String, Boolean> usedLogoutTokens = Caffeine.newBuilder()
            .expireAfterWrite(TO_ANSWER)
            .maximumSize(100_000)
            .build();
    private final Cache<String, String> targets = Caffeine.newBuilder()
            .expireAfterWrite(TO_ANSWER)
            .maximumSize(20_000)
            .build();

    /** A login that waits for the login server's answer. */
    record Started(String state, String nonce, String verifier, Instant since) {}

    /** Who vouched for the person of a browser session. */
    record Vouched(String subject, @Nullable String session, String idToken) {}

    OidcController(
            HospitalProvider provider, OidcProperties properties, PersonLogin logins, HubProperties hub, Clock clock) {
        this.provider = provider;
        this.properties = properties;
        this.logins = logins;
        this.redirect = URI.create(hub.publicUrl() + CALLBACK);
        this.clock = clock;
    }

    @GetMapping(START)
    ResponseEntity<String> start(HttpServletRequest request) {
        HttpSession session = request.getSession(true);
        Started started = new Started(secret(), secret(), secret(), clock.instant());
        boolean again = session.getAttribute(ASK_AGAIN) != null;
        try {
            URI there = provider.login(redirect, started.state(), started.nonce(), started.verifier(), again);
            session.setAttribute(STARTED, started);
            session.removeAttribute(ASK_AGAIN);
            return redirect(there.toString());
        } catch (OidcException e) {
            return refused(request, null, e);
        }
    }

    @GetMapping(CALLBACK)
    @Nullable
    ResponseEntity<String> callback(
            HttpServletRequest request,
            HttpServletResponse response,
            @RequestParam(name = "state", defaultValue = "") String state,
            @RequestParam(name = "code", defaultValue = "") String code,
            @RequestParam(name = "iss", required = false) @Nullable String issuer)
            throws IOException, ServletException {
        String user = null;
        try {
            Started started = started(request, state);
            if (code.isEmpty() || (issuer != null && !issuer.equals(provider.issuer()))) {
                throw new OidcException(OidcErrorCode.REFUSED, "the login server sent no code, or is another one");
            }
            HospitalProvider.Person person = provider.person(code, redirect, started.nonce(), started.verifier());
            user = user(person);
            LoginProof proof = new LoginProof(METHOD, provider.issuer(), person.subject(), person.session());
            if (!logins.begin(request, response, user, proof)) {
                // The login server would send the same person again without asking.
                request.getSession(true).setAttribute(ASK_AGAIN, true);
                logins.refused(request, user, METHOD, OidcErrorCode.NO_ACCOUNT.code());
                return redirect(logins.refusalPage(user));
            }
            request.getSession(true)
                    .setAttribute(VOUCHED, new Vouched(person.subject(), person.session(), person.idToken()));
            return null;
        } catch (OidcException e) {
            return refused(request, user, e);
        }
    }

    /** Back-Channel Logout 1.0 section 2.5: the login server says that a login there has ended. */
    @PostMapping(path = BACK_CHANNEL, produces = MediaType.APPLICATION_JSON_VALUE)
    ResponseEntity<Map<String, String>> ended(@RequestParam(name = "logout_token", defaultValue = "") String token) {
        try {
            if (token.isEmpty() || token.length() > LONGEST_TOKEN) {
                throw new OidcException(OidcErrorCode.BAD_TOKEN, "there is no logout token of a usable length");
            }
            HospitalProvider.Ended ended = provider.ended(token);
            if (usedLogoutTokens.asMap().putIfAbsent(ended.tokenId(), true) != null) {
                throw new OidcException(OidcErrorCode.BAD_TOKEN, "the logout token was used before");
            }
            logins.endVouchedFor(provider.issuer(), ended.subject(), ended.session());
            return ResponseEntity.ok()
                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                    .build();
        } catch (OidcException e) {
            log.warn("a logout token was refused", e);
            return ResponseEntity.badRequest()
                    .header(HttpHeaders.CACHE_CONTROL, "no-store")
                    .body(Map.of("error", "invalid_request"));
        }
    }

    /** Where the login server sends the browser after a logout: on to where the hub wanted to send it. */
    @GetMapping(LOGGED_OUT)
    ResponseEntity<String> loggedOut(@RequestParam(name = "state", defaultValue = "") String state) {
        String target = targets.asMap().remove(state);
        return redirect(target == null ? "/login?logout" : target);
    }

    /**
     * Where a browser goes that has logged out here and was vouched for by the login server.
     *
     * @param vouched who vouched for it
     * @param target where the hub wanted to send it
     * @return the login server's logout, or the target when it has none
     */
    String logout(Vouched vouched, String target, URI back) {
        String state = secret();
        URI there = provider.logout(vouched.idToken(), back, state);
        if (there == null) {
            return target;
        }
        targets.put(state, target);
        return there.toString();
    }

    /** Who vouched for the person of a browser session; null when somebody else did, or nobody is logged in. */
    @Nullable
    Vouched vouched(HttpServletRequest request) {
        HttpSession session = request.getSession(false);
        return session != null
                        && session.getAttribute(VOUCHED) instanceof Vouched vouched
                        && logins.current(request)
                                .filter(current -> isOpen(vouched, current.session()))
                                .isPresent()
                ? vouched
                : null;
    }

    /** Whether a login session that was vouched for is still open. */
    boolean isOpen(Vouched vouched, String session) {
        return logins.vouchedFor(provider.issuer(), vouched.subject(), vouched.session())
                .contains(session);
    }

    private Started started(HttpServletRequest request, String state) {
        HttpSession session = request.getSession(false);
        Object held = session == null ? null : session.getAttribute(STARTED);
        if (session == null
                || !(held instanceof Started started)
                || !MessageDigest.isEqual(bytes(started.state()), bytes(state))
                || !clock.instant().isBefore(started.since().plus(TO_ANSWER))) {
            throw new OidcException(OidcErrorCode.NO_SUCH_LOGIN, "the answer belongs to no login of this browser");
        }
        session.removeAttribute(STARTED);
        return started;
    }

    private String user(HospitalProvider.Person person) {
        String named = person.user();
        if (named == null || named.isBlank()) {
            throw new OidcException(
                    OidcErrorCode.NO_USER, "the login server gives no claim `" + properties.userClaim() + "`");
        }
        // A name that the mapping lacks stays as it is only where there is no mapping.
        return properties.users().isEmpty() ? named : properties.users().getOrDefault(named, "");
    }

    private ResponseEntity<String> refused(HttpServletRequest request, @Nullable String user, OidcException why) {
        log.warn("a login at the login server was refused", why);
        logins.refused(request, user, METHOD, why.code().code());
        return redirect("/login?sso-failed");
    }

    private static ResponseEntity<String> redirect(String address) {
        return ResponseEntity.status(HttpStatus.FOUND)
                .header(HttpHeaders.LOCATION, address)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    private String secret() {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

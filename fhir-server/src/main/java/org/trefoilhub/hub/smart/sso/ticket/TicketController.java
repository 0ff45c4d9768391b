package org.trefoilhub.hub.smart.sso.ticket;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.trefoilhub.hub.app.HubProperties;
import org.trefoilhub.hub.smart.LoginProof;
import org.trefoilhub.hub.smart.PersonLogin;

/**
 * Takes tickets. The service is this address of the hub and nothing else, so that a ticket for another system is worth
 * nothing here and the address cannot be made to lead anywhere.
 */
@RestController
@ConditionalOnProperty(TicketConfiguration.SERVER)
class TicketController {

    static final String PATH = "/login/ticket";

    private static final Logger log = LoggerFactory.getLogger(TicketController.class);
    private static final String METHOD = "ticket";
    private static final Pattern TICKET = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._~-]{0,255}");
    private static final Pattern SESSION_INDEX =
            Pattern.compile("<(?:[A-Za-z0-9]+:)?SessionIndex>\\s*([A-Za-z0-9][A-Za-z0-9._~-]{0,255})\\s*</");
    private static final int LONGEST_LOGOUT = 16 * 1024;

    private final TicketServer server;
    private final TicketProperties properties;
    private final PersonLogin logins;
    private final String service;
    private final Cache<String, Boolean> used = Caffeine.newBuilder()
            .expireAfterWrite(Duration.ofHours(1))
            .maximumSize(100_000)
            .build();

    TicketController(TicketServer server, TicketProperties properties, PersonLogin logins, HubProperties hub) {
        this.server = server;
        this.properties = properties;
        this.logins = logins;
        this.service = hub.publicUrl() + PATH;
    }

    @GetMapping(PATH)
    @Nullable
    ResponseEntity<String> enter(
            HttpServletRequest request,
            HttpServletResponse response,
            @RequestParam(name = "ticket", required = false) @Nullable String ticket,
            @RequestParam(name = "service", required = false) @Nullable String named)
            throws IOException, ServletException {
        if (ticket == null) {
            return redirect(server.login(service));
        }
        String user = null;
        try {
            if (!TICKET.matcher(ticket).matches() || (named != null && !named.equals(service))) {
                throw new TicketException(TicketErrorCode.NO_TICKET, "no ticket, or one for another service");
            }
            String digest = digest(ticket);
            if (used.asMap().putIfAbsent(digest, true) != null) {
                throw new TicketException(TicketErrorCode.NO_TICKET, "the ticket was used before");
            }
            String name = server.user(ticket, service);
            user = properties.users().isEmpty() ? name : properties.users().getOrDefault(name, "");
            LoginProof proof = new LoginProof(METHOD, server.address(), name, digest);
            if (logins.begin(request, response, user, proof)) {
                return null;
            }
            logins.refused(request, user, METHOD, TicketErrorCode.NO_ACCOUNT.code());
            return redirect(logins.refusalPage(user));
        } catch (TicketException e) {
            log.warn("a login with a ticket was refused", e);
            logins.refused(request, user, METHOD, e.code().code());
            return redirect("/login?ticket-refused");
        }
    }

    /**
     * The server's single logout (CAS Protocol 3.0 section 2.3.3): who knows the ticket of a session may end it, and does no
     * more.
     */
    @PostMapping(PATH)
    ResponseEntity<String> ended(@RequestParam(name = "logoutRequest", defaultValue = "") String logout) {
        if (logout.length() <= LONGEST_LOGOUT) {
            Matcher index = SESSION_INDEX.matcher(logout);
            if (index.find()) {
                logins.endVouchedFor(server.address(), null, digest(index.group(1)));
            }
        }
        return ResponseEntity.ok().header(HttpHeaders.CACHE_CONTROL, "no-store").build();
    }

    private static ResponseEntity<String> redirect(String address) {
        return ResponseEntity.status(HttpStatus.FOUND)
                .header(HttpHeaders.LOCATION, address)
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    private static String digest(String ticket) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(ticket.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}

package org.trefoilhub.hub.smart;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.security.oauth2.jose.jws.SignatureAlgorithm;
import org.springframework.security.oauth2.jwt.JwsHeader;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtEncoderParameters;
import org.trefoilhub.hub.smart.account.AccountStore;

/**
 * Tells apps that a login session has ended (OpenID Connect Back-Channel Logout 1.0): a signed {@code logout_token} to
 * every app of the session that gave an address. Tried three times in the background; the logout does not wait.
 */
final class BackchannelLogout implements ApplicationListener<PayloadApplicationEvent<LoginEvent.Ended>>, AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(BackchannelLogout.class);
    private static final String EVENT = "http://schemas.openid.net/event/backchannel-logout";
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Duration TOKEN_LIFE = Duration.ofMinutes(2);
    private static final int ATTEMPTS = 3;

    private final AppLogins apps;
    private final AccountStore accounts;
    private final JwtEncoder encoder;
    private final SmartAddresses addresses;
    private final Clock clock;
    private final HttpClient http = HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    private final ScheduledExecutorService executor = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "backchannel-logout");
        thread.setDaemon(true);
        return thread;
    });

    BackchannelLogout(
            AppLogins apps, AccountStore accounts, JwtEncoder encoder, SmartAddresses addresses, Clock clock) {
        this.apps = apps;
        this.accounts = accounts;
        this.encoder = encoder;
        this.addresses = addresses;
        this.clock = clock;
    }

    @Override
    public void onApplicationEvent(PayloadApplicationEvent<LoginEvent.Ended> event) {
        LoginEvent.Ended ended = event.getPayload();
        List<AppLogins.AppLogin> told = apps.take(ended.session());
        for (AppLogins.AppLogin app : told) {
            accounts.client(app.client())
                    .map(client -> client.backchannelLogoutUri())
                    .ifPresent(uri -> later(uri, app, ended.user(), 1, Duration.ZERO));
        }
    }

    private void later(URI uri, AppLogins.AppLogin app, @Nullable String user, int attempt, Duration wait) {
        try {
            executor.schedule(() -> tell(uri, app, user, attempt), wait.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.warn("the hub stops before client {} could be told of a logout", app.client(), e);
        }
    }

    private void tell(URI uri, AppLogins.AppLogin app, @Nullable String user, int attempt) {
        String body = "logout_token=" + URLEncoder.encode(token(app, user), StandardCharsets.US_ASCII);
        HttpRequest request = HttpRequest.newBuilder(uri)
                .timeout(PATIENCE)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            int status =
                    http.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
            if (status == 200 || status == 204) {
                return;
            }
            log.warn("client {} answered {} to a logout, attempt {}", app.client(), status, attempt);
        } catch (IOException e) {
            log.warn("client {} could not be told of a logout, attempt {}", app.client(), attempt, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (attempt < ATTEMPTS) {
            later(uri, app, user, attempt + 1, Duration.ofSeconds(2L * attempt));
        }
    }

    private String token(AppLogins.AppLogin app, @Nullable String user) {
        Instant now = clock.instant();
        JwtClaimsSet.Builder claims = JwtClaimsSet.builder()
                .issuer(addresses.publicUrl())
                .audience(List.of(app.client()))
                .issuedAt(now)
                .expiresAt(now.plus(TOKEN_LIFE))
                .id(UUID.randomUUID().toString())
                .claim("events", Map.of(EVENT, Map.of()));
        if (user != null) {
            claims.subject(user);
        }
        if (app.oidcSession() != null) {
            claims.claim(TokenLedger.SID, app.oidcSession());
        }
        JwsHeader header =
                JwsHeader.with(SignatureAlgorithm.RS256).type("logout+jwt").build();
        return encoder.encode(JwtEncoderParameters.from(header, claims.build())).getTokenValue();
    }

    @Override
    public void close() {
        executor.shutdown();
    }
}

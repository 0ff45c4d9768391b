package org.trefoilhub.hub.smart;

import com.nimbusds.jose.jwk.JWKSet;
import jakarta.servlet.http.HttpServletRequest;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.hub.smart.account.ClientAccount;
import org.trefoilhub.hub.smart.account.PublicKeySet;

/**
 * Lets a backend client register the public keys that it signs assertions with: {@code PUT} of a JWK set to
 * {@code /oauth2/client/jwks}, proven with the client's secret ({@code client_secret_basic}). The set takes the place of
 * the one before; {@code DELETE} leaves the client with its secret.
 */
@RestController
class ClientKeyController {

    private final AccountStore accounts;
    private final PasswordEncoder encoder;
    private final ClientKeys keys;
    private final LoginBrake brake;

    ClientKeyController(AccountStore accounts, PasswordEncoder encoder, ClientKeys keys, LoginBrake brake) {
        this.accounts = accounts;
        this.encoder = encoder;
        this.keys = keys;
        this.brake = brake;
    }

    @PutMapping(
            path = SmartAddresses.CLIENT_KEYS,
            consumes = {MediaType.APPLICATION_JSON_VALUE, "application/jwk-set+json"})
    ResponseEntity<Map<String, String>> register(
            HttpServletRequest request,
            @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String authorization,
            @RequestBody String body) {
        return as(request, authorization, client -> {
            JWKSet set;
            try {
                set = PublicKeySet.parse(body);
            } catch (IllegalArgumentException e) {
                return ResponseEntity.badRequest()
                        .body(Map.of("error", "invalid_client_metadata", "error_description", e.getMessage()));
            }
            keys.register(client.id(), set);
            return ResponseEntity.noContent().build();
        });
    }

    @DeleteMapping(SmartAddresses.CLIENT_KEYS)
    ResponseEntity<Map<String, String>> remove(
            HttpServletRequest request,
            @RequestHeader(name = HttpHeaders.AUTHORIZATION, required = false) @Nullable String authorization) {
        return as(request, authorization, client -> {
            keys.remove(client.id());
            return ResponseEntity.noContent().build();
        });
    }

    /** What a proven client asked for. */
    @FunctionalInterface
    private interface Work {
        ResponseEntity<Map<String, String>> of(ClientAccount client);
    }

    private ResponseEntity<Map<String, String>> as(
            HttpServletRequest request, @Nullable String authorization, Work work) {
        String[] pair = pair(authorization);
        String name = "client " + pair[0] + " at " + request.getRemoteAddr();
        Optional<Duration> wait = brake.begin(name, request.getRemoteAddr());
        if (wait.isPresent()) {
            return ResponseEntity.status(HttpStatus.TOO_MANY_REQUESTS)
                    .header(HttpHeaders.RETRY_AFTER, Long.toString(wait.get().toSeconds() + 1))
                    .body(Map.of("error", "slow_down"));
        }
        ClientAccount client = accounts.client(pair[0]).orElse(null);
        String hash = client == null ? null : client.secretHash();
        if (hash == null || !encoder.matches(pair[1], hash)) {
            return ResponseEntity.status(HttpStatus.UNAUTHORIZED)
                    .header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"trefoil\"")
                    .body(Map.of("error", "invalid_client"));
        }
        brake.succeeded(name, request.getRemoteAddr());
        return work.of(client);
    }

    private static String[] pair(@Nullable String authorization) {
        if (authorization != null && authorization.regionMatches(true, 0, "Basic ", 0, 6)) {
            try {
                byte[] decoded =
                        Base64.getDecoder().decode(authorization.substring(6).strip());
                String[] pair = new String(decoded, StandardCharsets.UTF_8).split(":", 2);
                if (pair.length == 2) {
                    return pair;
                }
            } catch (IllegalArgumentException e) {
                return new String[] {"", ""};
            }
        }
        return new String[] {"", ""};
    }
}

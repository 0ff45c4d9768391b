package org.trefoilhub.hub.smart;

import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.net.MalformedURLException;
import java.net.URI;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.trefoilhub.hub.smart.account.ClientAccount;
import org.trefoilhub.hub.smart.account.PublicKeySet;

/**
 * The public keys of clients: those a client registered itself, else those of its account, given there as a key set or as
 * the address of one. Thread-safe.
 *
 * <p>A key set behind an address is fetched when it is needed, kept for five minutes and fetched again at once when a key
 * is not in it; connecting and reading may take two seconds each, 100 KB at most.
 */
final class ClientKeys {

    private static final int TIMEOUT_MS = 2_000;
    private static final int MAXIMUM_BYTES = 100_000;

    private final JdbcClient jdbc;
    private final Clock clock;
    private final Map<URI, JWKSource<SecurityContext>> remote = new ConcurrentHashMap<>();

    ClientKeys(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * The keys that prove a client now.
     *
     * @param client the client
     * @return its keys, or empty when it has none
     */
    Optional<JWKSource<SecurityContext>> of(ClientAccount client) {
        Optional<JWKSource<SecurityContext>> own = registered(client.id()).map(ImmutableJWKSet::new);
        if (own.isPresent()) {
            return own;
        }
        if (client.jwks() != null) {
            return Optional.of(new ImmutableJWKSet<>(PublicKeySet.parse(client.jwks())));
        }
        return client.jwksUri() == null
                ? Optional.empty()
                : Optional.of(remote.computeIfAbsent(client.jwksUri(), ClientKeys::behind));
    }

    private Optional<JWKSet> registered(String clientId) {
        return jdbc.sql("select jwks from trefoil.smart_client_key where client_id = :id")
                .param("id", clientId)
                .query(String.class)
                .optional()
                .map(PublicKeySet::parse);
    }

    /** Takes the place of the keys that the client registered before. */
    void register(String clientId, JWKSet keys) {
        remove(clientId);
        jdbc.sql("insert into trefoil.smart_client_key (client_id, jwks, changed_at) values (:id, :jwks, :now)")
                .param("id", clientId)
                .param("jwks", keys.toString(true))
                .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                .update();
    }

    void remove(String clientId) {
        jdbc.sql("delete from trefoil.smart_client_key where client_id = :id")
                .param("id", clientId)
                .update();
    }

    private static JWKSource<SecurityContext> behind(URI address) {
        try {
            return JWKSourceBuilder.<SecurityContext>create(
                            address.toURL(), new DefaultResourceRetriever(TIMEOUT_MS, TIMEOUT_MS, MAXIMUM_BYTES))
                    .retrying(true)
                    .build();
        } catch (MalformedURLException e) {
            throw new IllegalStateException("an address that was checked before is none", e);
        }
    }
}

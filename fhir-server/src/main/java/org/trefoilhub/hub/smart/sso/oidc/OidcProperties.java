package org.trefoilhub.hub.smart.sso.oidc;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of login at the hospital's login server, prefix {@code trefoil.smart.oidc}.
 *
 * @param issuer issuer of the login server, such as {@code https://sso.hospital.example/realms/hospital}; without one the
 *     login page does not offer it. Profile {@code prod} wants {@code https}
 * @param clientId what the login server calls the hub
 * @param clientSecret the hub's secret there, or null when it has none
 * @param scopes what is asked for; {@code openid} belongs to it
 * @param userClaim claim that names the user
 * @param users user name here by value of the claim; when empty the value is the user name
 * @param patience how long the login server may take to answer
 */
@ConfigurationProperties("trefoil.smart.oidc")
public record OidcProperties(
        @Nullable URI issuer,
        @Nullable String clientId,
        @Nullable String clientSecret,
        @DefaultValue({"openid", "profile"}) List<String> scopes,
        @DefaultValue("preferred_username") String userClaim,
        @Nullable Map<String, String> users,
        @DefaultValue("10s") Duration patience) {

    /**
     * Copies the collections and checks the rest.
     *
     * @throws IllegalArgumentException when the issuer is no absolute address, the client id is missing, {@code openid} is
     *     not asked for, or the patience is not positive
     */
    public OidcProperties {
        scopes = List.copyOf(scopes);
        users = users == null ? Map.of() : Map.copyOf(users);
        if (issuer != null && (!issuer.isAbsolute() || issuer.getHost() == null)) {
            throw new IllegalArgumentException(
                    "expected an absolute address at `trefoil.smart.oidc.issuer` but got `" + issuer + "`");
        }
        if (issuer != null && (clientId == null || clientId.isBlank())) {
            throw new IllegalArgumentException("expected `trefoil.smart.oidc.client-id` beside the issuer");
        }
        if (!scopes.contains("openid")) {
            throw new IllegalArgumentException("expected `openid` among `trefoil.smart.oidc.scopes`");
        }
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("expected a positive `trefoil.smart.oidc.patience`");
        }
    }

    @Override
    public String toString() {
        return "OidcProperties[" + issuer + ", " + clientId + "]";
    }
}

package org.trefoilhub.hub.smart;

import java.util.List;
import java.util.Set;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.jwt.JwtClaimsSet;
import org.springframework.security.oauth2.server.authorization.OAuth2TokenType;
import org.springframework.security.oauth2.server.authorization.token.JwtEncodingContext;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenCustomizer;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.hub.smart.account.UserAccount;

/**
 * What our tokens say.
 *
 * <p>Access token: {@code client_id}, {@code scope} as text, the doors as audience, and for a person {@code sid}, the
 * login session, {@code grant}, {@code position}, what the person chose at login, when there was a choice, and what the app was launched
 * with ({@code patient}, {@code encounter}, {@code fhirContext}). Roles and clearance are not in it: they are read from the
 * account on every request. Id token: with
 * {@code profile} the name, roles and departments for display; with {@code fhirUser} the absolute address of the
 * person's Practitioner, left out while none exists.
 */
final class TokenClaims implements OAuth2TokenCustomizer<JwtEncodingContext> {

    /** The scope that tells an app who the person is, and the claim that does. */
    static final String FHIR_USER = "fhirUser";

    private final SmartAddresses addresses;
    private final AccountStore accounts;
    private final LoginRegister logins;
    private final Practitioners practitioners;

    TokenClaims(SmartAddresses addresses, AccountStore accounts, LoginRegister logins, Practitioners practitioners) {
        this.addresses = addresses;
        this.accounts = accounts;
        this.logins = logins;
        this.practitioners = practitioners;
    }

    @Override
    public void customize(JwtEncodingContext context) {
        JwtClaimsSet.Builder claims = context.getClaims();
        String session = TokenLedger.loginSession(context.getAuthorization());
        Set<String> scopes = context.getAuthorizedScopes();
        if (OAuth2TokenType.ACCESS_TOKEN.equals(context.getTokenType())) {
            claims.audience(addresses.tokenAudience());
            claims.claim(
                    OAuth2ParameterNames.CLIENT_ID,
                    context.getRegisteredClient().getClientId());
            claims.claim(OAuth2ParameterNames.SCOPE, String.join(" ", scopes));
            if (session != null) {
                LoginRegister.Login login = login(session);
                claims.claim(TokenLedger.SID, session);
                claims.claim(TokenLedger.GRANT, context.getAuthorization().getId());
                if (login.position() != null) {
                    claims.claim(TokenLedger.POSITION, login.position());
                }
                person(claims, account(context, login), scopes);
                LaunchContext launch = TokenLedger.launch(context.getAuthorization());
                if (launch != null) {
                    launch.claims(addresses.at(SmartAddresses.STYLE)).forEach(claims::claim);
                }
            }
        } else if (OidcParameterNames.ID_TOKEN.equals(context.getTokenType().getValue()) && session != null) {
            claims.claim(TokenLedger.LOGIN_SESSION, session);
            UserAccount account = account(context, login(session));
            person(claims, account, scopes);
            if (scopes.contains("profile")) {
                claims.claim("roles", List.copyOf(account.roles()));
                claims.claim("departments", List.copyOf(account.departments()));
            }
        }
    }

    private void person(JwtClaimsSet.Builder claims, UserAccount account, Set<String> scopes) {
        if (scopes.contains("profile")) {
            claims.claim("name", account.displayName());
            claims.claim("preferred_username", account.name());
        }
        if (scopes.contains(FHIR_USER)) {
            practitioners
                    .reference(account.name())
                    .ifPresent(reference -> claims.claim(FHIR_USER, addresses.fhirBase() + "/" + reference));
        }
    }

    private LoginRegister.Login login(String session) {
        return logins.find(session).orElseThrow(TokenClaims::refusal);
    }

    private UserAccount account(JwtEncodingContext context, LoginRegister.Login login) {
        String user = context.getPrincipal().getName();
        if (!login.user().equals(user)) {
            throw refusal();
        }
        return accounts.user(user)
                .flatMap(account -> account.acting(login.position()))
                .orElseThrow(TokenClaims::refusal);
    }

    private static OAuth2AuthenticationException refusal() {
        return new OAuth2AuthenticationException(new OAuth2Error(OAuth2ErrorCodes.INVALID_GRANT));
    }
}

package org.trefoilhub.hub.smart;

import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.convert.converter.Converter;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.hub.smart.account.ClientAccount;
import org.trefoilhub.hub.smart.account.UserAccount;
import org.trefoilhub.hub.smart.scope.ScopeNarrowing;
import org.trefoilhub.hub.smart.scope.SmartScope;

/**
 * Makes the one {@link Subject} of a request from a verified token.
 *
 * <p>The token proves who, the account store says what he is now: roles, departments and clearance are the account's, the
 * clearance the lower one of person and client, the scopes those of the token that the client may still hold, in their
 * v2 form; {@code patient/} scopes count for the patient that the app was launched with, and {@code fhirUser} reads the person's own
 * Practitioner, as far as the policies show it. A client or user that is gone or shut out, and a login session that has ended or was left alone too long, make the token invalid.
 */
final class SubjectResolver implements Converter<Jwt, SubjectAuthentication> {

    private static final Set<SmartScope.Context> PERSON = EnumSet.of(SmartScope.Context.USER);
    private static final Set<SmartScope.Context> PERSON_WITH_PATIENT =
            EnumSet.of(SmartScope.Context.USER, SmartScope.Context.PATIENT);
    private static final Set<SmartScope.Context> SYSTEM = EnumSet.of(SmartScope.Context.SYSTEM);

    private final AccountStore accounts;
    private final GrantStore grants;
    private final LoginActivity activity;
    private final ClientBlocks blocks;
    private final Memberships memberships;

    SubjectResolver(
            AccountStore accounts,
            GrantStore grants,
            LoginActivity activity,
            ClientBlocks blocks,
            Memberships memberships) {
        this.accounts = accounts;
        this.grants = grants;
        this.activity = activity;
        this.blocks = blocks;
        this.memberships = memberships;
    }

    @Override
    public SubjectAuthentication convert(Jwt jwt) {
        return new SubjectAuthentication(subject(jwt, jwt.getClaimAsString(OAuth2ParameterNames.CLIENT_ID)));
    }

    /** The subject of a cookie, which names its client differently. */
    SubjectAuthentication convertCookie(Jwt jwt) {
        return new SubjectAuthentication(subject(jwt, jwt.getClaimAsString(SessionCookie.CLIENT)));
    }

    /**
     * A client that acts for itself without a token, for work that goes on after its request.
     *
     * @param clientId client id
     * @return the client with all it may be granted, or empty when it is gone
     */
    Optional<Subject> client(String clientId) {
        return accounts.client(clientId)
                .map(client -> new Subject(
                        clientId,
                        null,
                        Set.of(),
                        Set.of(),
                        client.clearance(),
                        scopes(client.scopes(), client.scopes(), SYSTEM),
                        null));
    }

    private Subject subject(Jwt jwt, @Nullable String clientId) {
        String session = jwt.getClaimAsString(TokenLedger.SID);
        if (clientId == null
                || grants.isRevoked(jwt.getId())
                || grants.isRevoked(session)
                || grants.isRevoked(jwt.getClaimAsString(TokenLedger.GRANT))
                || blocks.isDead(clientId, jwt.getIssuedAt())) {
            throw new InvalidBearerTokenException("the token is revoked or not an access token");
        }
        ClientAccount client =
                accounts.client(clientId).orElseThrow(() -> new InvalidBearerTokenException("the client is gone"));
        if (session == null) {
            return new Subject(
                    clientId,
                    null,
                    Set.of(),
                    Set.of(),
                    client.clearance(),
                    scopes(TokenLedger.scopes(jwt), client.scopes(), SYSTEM),
                    jwt.getId());
        }
        if (!TokenLedger.isOffline(client, TokenLedger.scopes(jwt)) && !activity.use(session)) {
            throw new InvalidBearerTokenException("the login session is over or was left alone too long");
        }
        UserAccount user = accounts.user(jwt.getSubject())
                .flatMap(account -> account.acting(jwt.getClaimAsString(TokenLedger.POSITION)))
                .orElseThrow(() -> new InvalidBearerTokenException("the user or the chosen position is gone"));
        String patient = jwt.getClaimAsString(LaunchContext.PATIENT);
        Set<SmartScope.Context> contexts = patient == null ? PERSON : PERSON_WITH_PATIENT;
        Set<String> scopes = scopes(TokenLedger.scopes(jwt), client.scopes(), contexts);
        String self = jwt.getClaimAsString(TokenClaims.FHIR_USER);
        if (self != null && client.scopes().contains(TokenClaims.FHIR_USER)) {
            scopes.add("user/Practitioner.r?_id=" + self.substring(self.lastIndexOf('/') + 1));
        }
        return person(client, user, scopes, session).withPatient(patient == null ? null : "Patient/" + patient);
    }

    /** A person in his position who uses a client: the lower clearance of both counts. */
    Subject person(ClientAccount client, UserAccount user, Set<String> scopes, @Nullable String session) {
        Clearance clearance = user.clearance().covers(client.clearance()) ? client.clearance() : user.clearance();
        return new Subject(client.id(), user.name(), user.roles(), user.departments(), clearance, scopes, session)
                .withGroups(memberships.of(user.name()));
    }

    private static Set<String> scopes(Collection<String> held, List<String> maximum, Set<SmartScope.Context> contexts) {
        Set<String> scopes = new LinkedHashSet<>();
        for (String scope : ScopeNarrowing.narrow(held, maximum, contexts)) {
            scopes.add(SmartScope.parse(scope).map(SmartScope::toString).orElse(scope));
        }
        return scopes;
    }
}

package org.trefoilhub.hub.access;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.hub.smart.Memberships;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.hub.smart.account.ClientAccount;
import org.trefoilhub.hub.smart.account.UserAccount;

/** Makes the subject that a client, a user or both together would be, with all the scopes they could be granted. */
final class Actors {

    /** The page through which a user is taken to come when no client is named. */
    static final String PAGE = "console";

    private final AccountStore accounts;
    private final Memberships memberships;

    Actors(AccountStore accounts, Memberships memberships) {
        this.accounts = accounts;
        this.memberships = memberships;
    }

    /**
     * The subject.
     *
     * @param user user name, or null for a client that acts for itself
     * @param client client id, or null for {@link #PAGE}
     * @return empty when one of them is not known
     */
    Optional<Subject> subject(@Nullable String user, @Nullable String client) {
        String id = client == null ? PAGE : client;
        Optional<ClientAccount> system = accounts.client(id);
        if (system.isEmpty()) {
            return Optional.empty();
        }
        if (user == null) {
            return Optional.of(new Subject(
                    id, null, Set.of(), Set.of(), system.get().clearance(), scopes(system.get(), "system/"), null));
        }
        Clearance widest = system.get().clearance();
        return accounts.user(user)
                .map(person -> subject(person, system.get(), widest).withGroups(memberships.of(person.name())));
    }

    private static Subject subject(UserAccount person, ClientAccount system, Clearance widest) {
        return new Subject(
                system.id(),
                person.name(),
                person.positions().isEmpty()
                        ? person.roles()
                        : person.positions().stream()
                                .flatMap(position -> position.roles().stream())
                                .collect(Collectors.toSet()),
                person.positions().isEmpty()
                        ? person.departments()
                        : person.positions().stream()
                                .flatMap(position -> position.departments().stream())
                                .collect(Collectors.toSet()),
                person.clearance().covers(widest) ? widest : person.clearance(),
                scopes(system, "user/"),
                null);
    }

    private static Set<String> scopes(ClientAccount client, String context) {
        return client.scopes().stream()
                .filter(scope -> scope.startsWith(context))
                .collect(Collectors.toSet());
    }
}

package org.trefoilhub.hub.smart;

import java.time.Clock;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.hub.smart.account.ClientAccount;
import org.trefoilhub.hub.smart.account.Standings;
import org.trefoilhub.hub.smart.account.UserAccount;

/**
 * The accounts of a file, if there is one, as far as its people and systems stand, and the hub's internal client, if there is
 * one.
 */
final class HubAccounts implements AccountStore {

    private final @Nullable AccountStore file;
    private final @Nullable ClientAccount internal;
    private final Standings standings;
    private final StoredClientStandings clients;
    private final Clock clock;

    HubAccounts(
            @Nullable AccountStore file,
            @Nullable ClientAccount internal,
            Standings standings,
            StoredClientStandings clients,
            Clock clock) {
        this.file = file;
        this.internal = internal;
        this.standings = standings;
        this.clients = clients;
        this.clock = clock;
    }

    @Override
    public Optional<UserAccount> user(String name) {
        return known(name).flatMap(account -> standings.of(name).applyTo(account, clock.instant()));
    }

    /** The account as the file has it, also of a person who is disabled; proves nothing and opens nothing. */
    Optional<UserAccount> known(String name) {
        return file == null ? Optional.empty() : file.user(name);
    }

    @Override
    public Optional<ClientAccount> client(String id) {
        if (internal != null && internal.id().equals(id)) {
            return Optional.of(internal);
        }
        return file == null ? Optional.empty() : file.client(id).filter(client -> !clients.isBlocked(id));
    }

    @Override
    public Collection<UserAccount> users() {
        return file == null ? List.of() : file.users();
    }

    @Override
    public Collection<ClientAccount> clients() {
        return file == null ? List.of() : file.clients();
    }
}

package org.trefoilhub.hub.smart.account;

import java.util.Collection;
import java.util.Optional;

/**
 * The accounts as they are now. Asked for every request: what it no longer knows is refused at once. Thread-safe.
 */
public interface AccountStore {

    /**
     * A user by name.
     *
     * @param name user name, compared exactly
     * @return the account without what has ended of it, or empty when there is none or the person is disabled
     */
    Optional<UserAccount> user(String name);

    /**
     * A client by id.
     *
     * @param id OAuth client id, compared exactly
     * @return the account, or empty when there is none
     */
    Optional<ClientAccount> client(String id);

    /**
     * All users.
     *
     * @return in the order of their source
     */
    Collection<UserAccount> users();

    /**
     * All clients that the source names; the hub's internal ones are not among them.
     *
     * @return in the order of their source
     */
    Collection<ClientAccount> clients();
}

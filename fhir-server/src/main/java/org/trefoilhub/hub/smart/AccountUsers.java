package org.trefoilhub.hub.smart;

import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;

/**
 * The account store as the login form wants to see it: who is disabled still proves his password here, so that nobody
 * else is told about it, and is turned away after that.
 */
final class AccountUsers implements UserDetailsService {

    private final HubAccounts accounts;

    AccountUsers(HubAccounts accounts) {
        this.accounts = accounts;
    }

    @Override
    public UserDetails loadUserByUsername(String username) {
        return accounts.known(username)
                .filter(account -> account.passwordHash() != null)
                .map(account -> User.withUsername(account.name())
                        .password(account.passwordHash())
                        .authorities("ROLE_USER")
                        .build())
                .orElseThrow(() -> new UsernameNotFoundException("no such user"));
    }
}

package org.trefoilhub.hub.smart;

import org.springframework.security.core.userdetails.User;
import org.springframework.security.core.userdetails.UserDetails;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.core.userdetails.UsernameNotFoundException;
import org.trefoilhub.hub.smart.account.AccountStore;

/** The account store as the login form wants to see it. */
final class AccountUsers implements UserDetailsService {

    private final AccountStore accounts;

    AccountUsers(AccountStore accounts) {
        this.accounts = accounts;
    }

    @Override
    public UserDetails loadUserByUsername(String username) {
        return accounts.user(username)
                .filter(account -> account.passwordHash() != null)
                .map(account -> User.withUsername(account.name())
                        .password(account.passwordHash())
                        .authorities("ROLE_USER")
                        .build())
                .orElseThrow(() -> new UsernameNotFoundException("no such user"));
    }
}

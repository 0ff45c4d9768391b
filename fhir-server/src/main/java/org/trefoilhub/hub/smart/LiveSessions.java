package org.trefoilhub.hub.smart;

import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.hub.smart.account.UserAccount;

/** Tells of people who came some time ago whether they are still there. Thread-safe. */
public final class LiveSessions {

    private final AccountStore accounts;
    private final GrantStore grants;
    private final LoginActivity activity;

    LiveSessions(AccountStore accounts, GrantStore grants, LoginActivity activity) {
        this.accounts = accounts;
        this.grants = grants;
        this.activity = activity;
    }

    /**
     * Whether the login session of a person still lasts and the account is still the same; asking is no use of the session.
     *
     * @param subject a person, as an earlier request brought it
     * @return false when the person must come again
     */
    public boolean isLive(Subject subject) {
        String session = subject.sessionId();
        String name = subject.user();
        return session != null
                && name != null
                && !grants.isRevoked(session)
                && activity.isOpen(session)
                && accounts.user(name).filter(user -> isSame(user, subject)).isPresent();
    }

    private static boolean isSame(UserAccount user, Subject subject) {
        boolean plain =
                user.roles().equals(subject.roles()) && user.departments().equals(subject.departments());
        return plain
                || user.positions().stream()
                        .anyMatch(position -> position.roles().equals(subject.roles())
                                && position.departments().equals(subject.departments()));
    }
}

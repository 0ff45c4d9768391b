package org.trefoilhub.hub.smart;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Which apps got tokens in a login session and want to hear of its end, in the hub's database. Thread-safe. */
final class AppLogins {

    private final JdbcClient jdbc;

    /** An app in a login session; {@code oidcSession} is the session as its id token names it. */
    record AppLogin(String client, @Nullable String oidcSession) {}

    AppLogins(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /** Remembers an app. */
    void add(String loginSession, String client, @Nullable String oidcSession) {
        jdbc.sql("delete from trefoil.smart_app_login where login_session = :session and client_id = :client")
                .param("session", loginSession)
                .param("client", client)
                .update();
        try {
            jdbc.sql("insert into trefoil.smart_app_login (login_session, client_id, oidc_session)"
                            + " values (:session, :client, :oidc)")
                    .param("session", loginSession)
                    .param("client", client)
                    .param("oidc", oidcSession, java.sql.Types.VARCHAR)
                    .update();
        } catch (DuplicateKeyException e) {
            // Two codes of one session were traded at once: the app is remembered.
            return;
        }
    }

    /** Takes the apps of a session out; of two callers one gets them. */
    List<AppLogin> take(String loginSession) {
        return jdbc
                .sql("select client_id, oidc_session from trefoil.smart_app_login where login_session = :session")
                .param("session", loginSession)
                .query((row, number) -> new AppLogin(row.getString(1), row.getString(2)))
                .list()
                .stream()
                .filter(app -> jdbc.sql("delete from trefoil.smart_app_login where login_session = :session"
                                        + " and client_id = :client")
                                .param("session", loginSession)
                                .param("client", app.client())
                                .update()
                        == 1)
                .toList();
    }
}

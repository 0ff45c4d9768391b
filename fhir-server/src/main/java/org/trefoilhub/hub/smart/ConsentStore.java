package org.trefoilhub.hub.smart;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * What people agreed to give apps, in the hub's database: the scopes that were asked for and those of them that were given.
 * Thread-safe.
 */
final class ConsentStore {

    private final JdbcClient jdbc;
    private final Clock clock;

    /** An answer of a person to the question of an app. */
    private record Answer(Set<String> asked, Set<String> given) {}

    ConsentStore(JdbcClient jdbc, Clock clock) {
        this.jdbc = jdbc;
        this.clock = clock;
    }

    /**
     * What a person said before to the same question or a wider one.
     *
     * @param client id of the app
     * @param user user name
     * @param asked scopes that are asked for now
     * @return the scopes of these that were given; empty when the person has to be asked
     */
    Optional<Set<String>> remembered(String client, String user, Set<String> asked) {
        return jdbc.sql(
                        "select asked, scopes from trefoil.smart_consent where client_id = :client and user_name = :user")
                .param("client", client)
                .param("user", user)
                .query((row, number) -> answer(row))
                .optional()
                .filter(answer -> answer.asked().containsAll(asked))
                .map(answer -> {
                    Set<String> given = new LinkedHashSet<>(asked);
                    given.retainAll(answer.given());
                    return given;
                })
                .filter(given -> !given.isEmpty());
    }

    /** Remembers an answer in place of the one before. */
    void remember(String client, String user, Set<String> asked, Set<String> given) {
        forget(client, user);
        try {
            jdbc.sql(
                            """
                            insert into trefoil.smart_consent (client_id, user_name, asked, scopes, given_at)
                            values (:client, :user, :asked, :given, :now)""")
                    .param("client", client)
                    .param("user", user)
                    .param("asked", String.join(" ", asked))
                    .param("given", String.join(" ", given))
                    .param("now", clock.instant().atOffset(ZoneOffset.UTC))
                    .update();
        } catch (DuplicateKeyException e) {
            // The person answered in two windows at once; whichever is kept, he gave it.
            forget(client, user);
        }
    }

    /** Asks again next time. */
    void forget(String client, String user) {
        jdbc.sql("delete from trefoil.smart_consent where client_id = :client and user_name = :user")
                .param("client", client)
                .param("user", user)
                .update();
    }

    private static Answer answer(ResultSet row) throws SQLException {
        return new Answer(scopes(row.getString("asked")), scopes(row.getString("scopes")));
    }

    private static Set<String> scopes(String text) {
        return text == null || text.isBlank() ? Set.of() : new LinkedHashSet<>(List.of(text.split(" ")));
    }
}

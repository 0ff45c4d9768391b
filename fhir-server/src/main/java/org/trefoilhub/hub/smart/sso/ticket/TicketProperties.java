package org.trefoilhub.hub.smart.sso.ticket;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of login with tickets, prefix {@code trefoil.smart.ticket}.
 *
 * @param server base address of the CAS server, such as {@code https://sso.hospital.example/cas}; without one tickets are
 *     not taken. Profile {@code prod} wants {@code https}
 * @param validatePath path of the validation below it; {@code /serviceValidate} where the server speaks CAS 2.0
 * @param userAttribute attribute that names the user, or null for the server's own user name
 * @param users user name here by that name; when empty the name is the user name
 * @param patience how long the server may take to answer
 */
@ConfigurationProperties("trefoil.smart.ticket")
public record TicketProperties(
        @Nullable URI server,
        @DefaultValue("/p3/serviceValidate") String validatePath,
        @Nullable String userAttribute,
        @Nullable Map<String, String> users,
        @DefaultValue("10s") Duration patience) {

    /**
     * Copies the map, takes a trailing slash from the server and checks the rest.
     *
     * @throws IllegalArgumentException when the server is no absolute address, the path does not begin with a slash, or the
     *     patience is not positive
     */
    public TicketProperties {
        users = users == null ? Map.of() : Map.copyOf(users);
        if (server != null && (!server.isAbsolute() || server.getHost() == null)) {
            throw new IllegalArgumentException(
                    "expected an absolute address at `trefoil.smart.ticket.server` but got `" + server + "`");
        }
        if (server != null && server.toString().endsWith("/")) {
            server = URI.create(server.toString().substring(0, server.toString().length() - 1));
        }
        if (!validatePath.startsWith("/")) {
            throw new IllegalArgumentException("expected a slash before `trefoil.smart.ticket.validate-path`");
        }
        if (patience.isNegative() || patience.isZero()) {
            throw new IllegalArgumentException("expected a positive `trefoil.smart.ticket.patience`");
        }
    }
}

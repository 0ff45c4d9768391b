package org.trefoilhub.hub.smart.sso.ticket;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.trefoilhub.hub.smart.LoginExtension;
import org.trefoilhub.hub.smart.LoginOffer;

/** Login with tickets, where a CAS server is configured. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(TicketConfiguration.SERVER)
@EnableConfigurationProperties(TicketProperties.class)
class TicketConfiguration {

    static final String SERVER = "trefoil.smart.ticket.server";

    @Bean
    TicketServer ticketServer(TicketProperties properties, Environment environment) {
        URI server = properties.server();
        if (server != null
                && environment.acceptsProfiles(Profiles.of("prod"))
                && !"https".equals(server.getScheme())
                && !isThisComputer(server.getHost())) {
            throw new TicketException(
                    TicketErrorCode.SETTINGS, "profile prod needs an https address at `" + SERVER + "`");
        }
        return new TicketServer(properties);
    }

    @Bean
    LoginOffer ticketOffer() {
        return new LoginOffer(TicketController.PATH, "工作站统一登录", "Workstation sign-in", 6);
    }

    /** The server's logout comes without a form of ours; it is proven by the ticket that it names. */
    @Bean
    LoginExtension ticketExtension() {
        return http -> http.csrf(csrf ->
                csrf.ignoringRequestMatchers(request -> TicketController.PATH.equals(request.getServletPath())));
    }

    private static boolean isThisComputer(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}

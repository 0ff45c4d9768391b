package org.trefoilhub.hub.smart.sso.oidc;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Clock;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.trefoilhub.hub.app.HubProperties;
import org.trefoilhub.hub.smart.LoginExtension;
import org.trefoilhub.hub.smart.LoginOffer;
import org.trefoilhub.hub.smart.PersonLogin;

/** Login at the hospital's login server, where one is configured. */
@Configuration(proxyBeanMethods = false)
@ConditionalOnProperty(OidcConfiguration.ISSUER)
@EnableConfigurationProperties(OidcProperties.class)
class OidcConfiguration {

    static final String ISSUER = "trefoil.smart.oidc.issuer";

    @Bean
    HospitalProvider hospitalProvider(OidcProperties properties, Clock clock, Environment environment) {
        URI issuer = properties.issuer();
        if (issuer != null
                && environment.acceptsProfiles(Profiles.of("prod"))
                && !"https".equals(issuer.getScheme())
                && !isThisComputer(issuer.getHost())) {
            throw new OidcException(OidcErrorCode.SETTINGS, "profile prod needs an https address at `" + ISSUER + "`");
        }
        return new HospitalProvider(properties, clock);
    }

    @Bean
    LoginOffer oidcOffer() {
        return new LoginOffer(OidcController.START, "医院统一登录", "Hospital sign-in", 5);
    }

    @Bean
    LoginExtension oidcExtension(OidcController controller, PersonLogin logins, HubProperties hub) {
        ProviderLogoutFilter logout =
                new ProviderLogoutFilter(controller, logins, URI.create(hub.publicUrl() + OidcController.LOGGED_OUT));
        return http -> http
                // Proven by the login server's signature, never by the browser session.
                .csrf(csrf -> csrf.ignoringRequestMatchers(
                        request -> OidcController.BACK_CHANNEL.equals(request.getServletPath())))
                .addFilterBefore(logout, SecurityContextHolderFilter.class);
    }

    private static boolean isThisComputer(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }
}

package org.trefoilhub.hub.smart;

import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.SecurityContext;
import jakarta.servlet.DispatcherType;
import java.time.Clock;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.config.annotation.web.configurers.AbstractHttpConfigurer;
import org.springframework.security.config.annotation.web.configurers.HeadersConfigurer;
import org.springframework.security.config.http.SessionCreationPolicy;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;
import org.springframework.security.oauth2.server.resource.web.authentication.BearerTokenAuthenticationFilter;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.access.intercept.AuthorizationFilter;
import org.springframework.security.web.util.matcher.AnyRequestMatcher;

/** The stateless chains: the doors, which need a token, and the pages, which are open; everything else is closed. */
@Configuration(proxyBeanMethods = false)
class DoorChainConfiguration {

    private static final Pattern BEARER =
            Pattern.compile("Bearer +([A-Za-z0-9\\-._~+/]+=*) *", Pattern.CASE_INSENSITIVE);

    @Bean
    @Order(2)
    SecurityFilterChain doorChain(
            HttpSecurity http,
            JwtDecoder decoder,
            JWKSource<SecurityContext> keys,
            SmartAddresses addresses,
            Clock clock,
            SubjectResolver subjects,
            DoorRefusal refusal)
            throws Exception {
        JwtDecoder cookies = SmartConfiguration.decoder(
                keys,
                List.of(
                        SmartConfiguration.lifetime(clock),
                        SmartConfiguration.issuer(addresses),
                        SmartConfiguration.audience(addresses.cookieAudience())));
        stateless(http, refusal)
                .securityMatcher(Doors.under(Doors.TOKEN))
                .oauth2ResourceServer(server -> server.bearerTokenResolver(headerOnly())
                        .authenticationEntryPoint(refusal)
                        .accessDeniedHandler(refusal)
                        .jwt(jwt -> jwt.decoder(decoder).jwtAuthenticationConverter(subjects)))
                .addFilterBefore(
                        new SessionCookieFilter(cookies, subjects, refusal), BearerTokenAuthenticationFilter.class)
                .addFilterAfter(new SubjectFilter(), AuthorizationFilter.class)
                // What a cache may keep it must ask about: policies change between two requests.
                .headers(headers -> headers.cacheControl(HeadersConfigurer.CacheControlConfig::disable)
                        .addHeaderWriter((request, response) -> {
                            if (!response.containsHeader(HttpHeaders.CACHE_CONTROL)) {
                                boolean images = Doors.isUnder(Doors.path(request), "/dicom-web");
                                response.setHeader(
                                        HttpHeaders.CACHE_CONTROL, images ? "private, no-cache" : "no-store");
                            }
                        }))
                .authorizeHttpRequests(requests -> requests
                        // A request was judged when it came in; its later dispatches are the same request.
                        .dispatcherTypeMatchers(
                                DispatcherType.ASYNC,
                                DispatcherType.ERROR,
                                DispatcherType.FORWARD,
                                DispatcherType.INCLUDE)
                        .permitAll()
                        .requestMatchers(Doors::isOpen)
                        .permitAll()
                        .anyRequest()
                        .authenticated());
        return http.build();
    }

    @Bean
    @Order(3)
    SecurityFilterChain pageChain(HttpSecurity http, DoorRefusal refusal) throws Exception {
        stateless(http, refusal)
                .securityMatcher(AnyRequestMatcher.INSTANCE)
                // Static files carry their own caching rules.
                .headers(headers -> headers.cacheControl(HeadersConfigurer.CacheControlConfig::disable)
                        .frameOptions(HeadersConfigurer.FrameOptionsConfig::sameOrigin))
                .authorizeHttpRequests(requests -> requests.dispatcherTypeMatchers(
                                DispatcherType.ASYNC,
                                DispatcherType.ERROR,
                                DispatcherType.FORWARD,
                                DispatcherType.INCLUDE)
                        .permitAll()
                        .requestMatchers(Doors::isPage)
                        .permitAll()
                        .anyRequest()
                        .denyAll());
        return http.build();
    }

    private static HttpSecurity stateless(HttpSecurity http, DoorRefusal refusal) throws Exception {
        // A browser sends its login session along with the bearer token. No new session id then: answers of parallel
        // requests would overtake each other and leave the browser with an id that has ended.
        return http.sessionManagement(session -> session.sessionCreationPolicy(SessionCreationPolicy.STATELESS)
                        .sessionFixation(fixation -> fixation.none()))
                // Writes need the bearer token, which no foreign page can make a browser send.
                .csrf(AbstractHttpConfigurer::disable)
                .logout(AbstractHttpConfigurer::disable)
                .requestCache(AbstractHttpConfigurer::disable)
                .exceptionHandling(
                        handling -> handling.authenticationEntryPoint(refusal).accessDeniedHandler(refusal));
    }

    /** Tokens come in the header only: never in an address, and no body is read to look for one. */
    private static BearerTokenResolver headerOnly() {
        return request -> {
            String header = request.getHeader(HttpHeaders.AUTHORIZATION);
            if (header == null || Doors.isOpen(request)) {
                return null;
            }
            Matcher matcher = BEARER.matcher(header);
            if (!matcher.matches()) {
                throw new InvalidBearerTokenException("the Authorization header holds no bearer token");
            }
            return matcher.group(1);
        };
    }
}

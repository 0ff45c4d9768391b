package org.trefoilhub.hub.smart;

import com.nimbusds.jwt.SignedJWT;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import org.springframework.http.HttpHeaders;
import org.springframework.security.access.AccessDeniedException;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2AuthenticationException;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.oidc.endpoint.OidcParameterNames;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationService;
import org.springframework.security.oauth2.server.authorization.authentication.JwtClientAssertionAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AccessTokenAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2AuthorizationCodeRequestAuthenticationValidator;
import org.springframework.security.oauth2.server.authorization.authentication.OAuth2ClientCredentialsAuthenticationProvider;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.config.annotation.web.configurers.OAuth2AuthorizationServerConfigurer;
import org.springframework.security.oauth2.server.authorization.oidc.authentication.OidcLogoutAuthenticationToken;
import org.springframework.security.oauth2.server.authorization.oidc.web.authentication.OidcLogoutAuthenticationSuccessHandler;
import org.springframework.security.oauth2.server.authorization.web.authentication.JwtClientAssertionAuthenticationConverter;
import org.springframework.security.oauth2.server.authorization.web.authentication.OAuth2AccessTokenResponseAuthenticationSuccessHandler;
import org.springframework.security.oauth2.server.authorization.web.authentication.OAuth2AuthorizationCodeRequestAuthenticationConverter;
import org.springframework.security.oauth2.server.resource.web.BearerTokenResolver;
import org.springframework.security.oauth2.server.resource.web.DefaultBearerTokenResolver;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.security.web.authentication.AuthenticationSuccessHandler;
import org.springframework.security.web.authentication.LoginUrlAuthenticationEntryPoint;
import org.springframework.security.web.authentication.logout.CompositeLogoutHandler;
import org.springframework.security.web.authentication.logout.SecurityContextLogoutHandler;
import org.springframework.security.web.context.SecurityContextHolderFilter;
import org.springframework.security.web.csrf.CsrfFilter;
import org.springframework.security.web.savedrequest.HttpSessionRequestCache;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.hub.smart.account.ClientAccount;

/** The chain with a browser session: authorization server, login and logout. */
@Configuration(proxyBeanMethods = false)
class SessionChainConfiguration {

    private static final int MAX_CLAIMED_NAME = 200;

    @Bean
    @Order(1)
    SecurityFilterChain sessionChain(
            HttpSecurity http,
            AccountStore accounts,
            SmartAddresses addresses,
            RegisteredClientRepository clients,
            OAuth2AuthorizationService grants,
            JwtDecoder decoder,
            SessionCookie cookie,
            ClientAssertions assertions,
            LoginBrake brake,
            LoginSession loginSession,
            AppLogins appLogins,
            ObjectProvider<LoginExtension> extensions,
            ApplicationEventPublisher events)
            throws Exception {
        ScopedAuthorizationRequests authorizationRequests = new ScopedAuthorizationRequests(accounts, addresses);
        ScopedClientCredentials clientCredentials = new ScopedClientCredentials(accounts);
        PublicClientRefresh publicRefresh = new PublicClientRefresh(clients, grants);
        AuthenticationEntryPoint entryPoint = entryPoint();

        http.securityMatcher(Doors::isSession)
                // Proven by the client's secret in the header, never by the browser session.
                .csrf(csrf -> csrf.ignoringRequestMatchers(
                        request -> Doors.path(request).equals(SmartAddresses.CLIENT_KEYS)))
                .with(OAuth2AuthorizationServerConfigurer.authorizationServer(), server -> server.clientAuthentication(
                                client -> client.authenticationConverters(list -> {
                                            list.removeIf(JwtClientAssertionAuthenticationConverter.class::isInstance);
                                            list.add(0, assertions);
                                            list.add(0, publicRefresh);
                                        })
                                        .authenticationProviders(list -> {
                                            list.forEach(provider -> {
                                                if (provider
                                                        instanceof JwtClientAssertionAuthenticationProvider signed) {
                                                    signed.setJwtDecoderFactory(assertions);
                                                }
                                            });
                                            list.add(0, publicRefresh);
                                        })
                                        .errorResponseHandler(SessionChainConfiguration::clientRefused))
                        .authorizationEndpoint(endpoint -> endpoint.consentPage(SmartAddresses.APP)
                                .authorizationRequestConverters(list -> {
                                    list.removeIf(
                                            OAuth2AuthorizationCodeRequestAuthenticationConverter.class::isInstance);
                                    list.add(0, authorizationRequests);
                                })
                                .authenticationProviders(list -> list.forEach(provider -> {
                                    if (provider instanceof OAuth2AuthorizationCodeRequestAuthenticationProvider code) {
                                        code.setAuthorizationConsentRequired(authorizationRequests::isUndecided);
                                        code.setAuthenticationValidator(
                                                OAuth2AuthorizationCodeRequestAuthenticationValidator
                                                        .DEFAULT_REDIRECT_URI_VALIDATOR
                                                        .andThen(authorizationRequests));
                                    }
                                })))
                        .tokenEndpoint(endpoint -> endpoint.accessTokenRequestConverter(clientCredentials)
                                .accessTokenResponseHandler(tokenResponse(accounts, decoder, cookie, appLogins))
                                .authenticationProviders(list -> list.forEach(provider -> {
                                    if (provider instanceof OAuth2ClientCredentialsAuthenticationProvider credentials) {
                                        credentials.setAuthenticationValidator(clientCredentials);
                                    }
                                })))
                        .authorizationServerMetadataEndpoint(metadata ->
                                metadata.authorizationServerMetadataCustomizer(document -> document.claims(truthful())))
                        .oidc(oidc -> oidc.providerConfigurationEndpoint(
                                        configuration -> configuration.providerConfigurationCustomizer(
                                                document -> document.claims(truthful())))
                                .logoutEndpoint(endpoint -> endpoint.logoutResponseHandler(oidcLogout(loginSession)))))
                .oauth2ResourceServer(
                        server -> server.bearerTokenResolver(userInfoOnly()).jwt(jwt -> jwt.decoder(decoder)))
                .addFilterBefore(new EndedLoginFilter(loginSession), SecurityContextHolderFilter.class)
                .addFilterBefore(new AuthorizePostFilter(), SecurityContextHolderFilter.class)
                .addFilterAfter(new BrakeFilter(brake), CsrfFilter.class)
                .requestCache(cache -> cache.requestCache(requestCache()))
                .formLogin(form -> form.loginPage(SmartAddresses.LOGIN)
                        .successHandler((request, response, authentication) -> {
                            brake.succeeded(request.getParameter("username"), request.getRemoteAddr());
                            loginSession.onAuthenticationSuccess(request, response, authentication);
                        })
                        .failureHandler((request, response, failure) -> {
                            String claimed = request.getParameter("username");
                            // The name is whatever somebody typed; no account has a longer one.
                            String user = claimed == null || claimed.length() > MAX_CLAIMED_NAME ? null : claimed;
                            events.publishEvent(
                                    new LoginEvent.Refused(user, "password", OAuth2ErrorCodes.INVALID_GRANT));
                            response.sendRedirect(request.getContextPath() + SmartAddresses.LOGIN + "?error");
                        }))
                .logout(logout -> logout.logoutUrl(SmartAddresses.LOGOUT)
                        .addLogoutHandler(loginSession)
                        .logoutSuccessUrl(SmartAddresses.LOGIN + "?logout"))
                .exceptionHandling(handling ->
                        handling.authenticationEntryPoint(entryPoint).accessDeniedHandler(this::formRefused))
                .authorizeHttpRequests(requests -> requests.requestMatchers(request -> {
                            String path = Doors.path(request);
                            return Doors.isUnder(path, SmartAddresses.LOGIN)
                                    || path.equals(SmartAddresses.LOGOUT)
                                    || path.equals(SmartAddresses.CLIENT_KEYS)
                                    || path.equals(SmartAddresses.STYLE)
                                    || request.getMethod().equals("OPTIONS")
                                    || "ERROR"
                                            .equals(request.getDispatcherType().name());
                        })
                        .permitAll()
                        .anyRequest()
                        .authenticated());
        for (LoginExtension extension : extensions.orderedStream().toList()) {
            extension.extend(http);
        }
        return http.build();
    }

    private static HttpSessionRequestCache requestCache() {
        HttpSessionRequestCache cache = new HttpSessionRequestCache();
        cache.setMatchingRequestParameterName(null);
        cache.setRequestMatcher(request ->
                request.getMethod().equals("GET") && Doors.path(request).equals(SmartAddresses.AUTHORIZE));
        return cache;
    }

    private static BearerTokenResolver userInfoOnly() {
        DefaultBearerTokenResolver header = new DefaultBearerTokenResolver();
        return request -> Doors.path(request).equals(SmartAddresses.USERINFO) ? header.resolve(request) : null;
    }

    /** People are sent to the login page, programs are told which authentication is missing. */
    private static AuthenticationEntryPoint entryPoint() {
        LoginUrlAuthenticationEntryPoint login = new LoginUrlAuthenticationEntryPoint(SmartAddresses.LOGIN);
        login.setFavorRelativeUris(true);
        return (request, response, failure) -> {
            String path = Doors.path(request);
            if (path.equals(SmartAddresses.AUTHORIZE)) {
                login.commence(request, response, failure);
            } else if (path.equals(SmartAddresses.USERINFO)) {
                response.setHeader(
                        HttpHeaders.WWW_AUTHENTICATE,
                        failure instanceof OAuth2AuthenticationException
                                ? "Bearer realm=\"trefoil\", error=\"invalid_token\""
                                : "Bearer realm=\"trefoil\"");
                response.setStatus(HttpServletResponse.SC_UNAUTHORIZED);
            } else {
                oauthError(response, HttpServletResponse.SC_UNAUTHORIZED, OAuth2ErrorCodes.INVALID_CLIENT);
            }
        };
    }

    private static void clientRefused(
            HttpServletRequest request, HttpServletResponse response, AuthenticationException failure)
            throws IOException {
        String error = failure instanceof OAuth2AuthenticationException oauth
                ? oauth.getError().getErrorCode()
                : OAuth2ErrorCodes.INVALID_CLIENT;
        oauthError(
                response,
                OAuth2ErrorCodes.INVALID_CLIENT.equals(error)
                        ? HttpServletResponse.SC_UNAUTHORIZED
                        : HttpServletResponse.SC_BAD_REQUEST,
                error);
    }

    private static void oauthError(HttpServletResponse response, int status, String error) throws IOException {
        response.setStatus(status);
        if (status == HttpServletResponse.SC_UNAUTHORIZED) {
            response.setHeader(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"trefoil\"");
        }
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-store");
        response.setContentType("application/json");
        // INVARIANT: error is one of the server's own codes, never input.
        response.getOutputStream().write(("{\"error\":\"" + error + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    /** A form whose session has gone is shown again instead of an error page. */
    private void formRefused(HttpServletRequest request, HttpServletResponse response, AccessDeniedException failure)
            throws IOException {
        String path = Doors.path(request);
        if (Doors.isUnder(path, SmartAddresses.LOGIN) || path.equals(SmartAddresses.LOGOUT)) {
            response.sendRedirect(SmartAddresses.LOGIN + "?expired");
        } else {
            response.sendError(HttpServletResponse.SC_FORBIDDEN);
        }
    }

    /** The standard answer, and for the hub's own pages the cookie beside the token. */
    private static AuthenticationSuccessHandler tokenResponse(
            AccountStore accounts, JwtDecoder decoder, SessionCookie cookie, AppLogins appLogins) {
        OAuth2AccessTokenResponseAuthenticationSuccessHandler standard =
                new OAuth2AccessTokenResponseAuthenticationSuccessHandler();
        standard.setAccessTokenResponseCustomizer(answer -> {
            OAuth2AccessTokenAuthenticationToken token = answer.getAuthentication();
            Map<String, Object> parameters = new LinkedHashMap<>(token.getAdditionalParameters());
            parameters.putAll(LaunchContext.claimsIn(
                    decoder.decode(token.getAccessToken().getTokenValue()).getClaims()));
            // RFC 6749 demands the scope only where it differs from the request, SMART always.
            answer.getAccessTokenResponse()
                    .scopes(token.getAccessToken().getScopes())
                    .additionalParameters(parameters);
        });
        return (HttpServletRequest request, HttpServletResponse response, Authentication authentication) -> {
            if (authentication instanceof OAuth2AccessTokenAuthenticationToken token
                    && accounts.client(token.getRegisteredClient().getClientId())
                            .filter(client -> client.backchannelLogoutUri() != null)
                            .isPresent()) {
                remember(appLogins, token, decoder);
            }
            if (authentication instanceof OAuth2AccessTokenAuthenticationToken token
                    && accounts.client(token.getRegisteredClient().getClientId())
                            .filter(ClientAccount::firstParty)
                            .isPresent()) {
                cookie.set(response, decoder.decode(token.getAccessToken().getTokenValue()));
            }
            standard.onAuthenticationSuccess(request, response, authentication);
        };
    }

    /** The app wants to hear of the end of this login session. */
    private static void remember(AppLogins appLogins, OAuth2AccessTokenAuthenticationToken token, JwtDecoder decoder) {
        String session = decoder.decode(token.getAccessToken().getTokenValue()).getClaimAsString(TokenLedger.SID);
        Object id = token.getAdditionalParameters().get(OidcParameterNames.ID_TOKEN);
        if (session == null) {
            return;
        }
        try {
            String named = id instanceof String text
                    ? SignedJWT.parse(text).getJWTClaimsSet().getStringClaim(TokenLedger.SID)
                    : null;
            appLogins.add(session, token.getRegisteredClient().getClientId(), named);
        } catch (ParseException e) {
            throw new SmartException("an id token that was issued now cannot be read", e);
        }
    }

    /** Ends the login session of the id token, even when the browser session has gone before it. */
    private static AuthenticationSuccessHandler oidcLogout(LoginSession loginSession) {
        OidcLogoutAuthenticationSuccessHandler standard = new OidcLogoutAuthenticationSuccessHandler();
        standard.setLogoutHandler(new CompositeLogoutHandler(loginSession, new SecurityContextLogoutHandler()));
        return (request, response, authentication) -> {
            if (authentication instanceof OidcLogoutAuthenticationToken logout && logout.getIdToken() != null) {
                String session = logout.getIdToken().getClaimAsString(TokenLedger.LOGIN_SESSION);
                if (session != null) {
                    loginSession.end(session);
                }
                loginSession.logout(request, response, null);
            }
            standard.onAuthenticationSuccess(request, response, authentication);
        };
    }

    /** What the metadata documents say, cut down to what works. */
    private static Consumer<Map<String, Object>> truthful() {
        return claims -> {
            claims.keySet().removeIf(name -> name.startsWith("device_") || name.startsWith("pushed_"));
            claims.remove("tls_client_certificate_bound_access_tokens");
            claims.remove("dpop_signing_alg_values_supported");
            claims.put("backchannel_logout_supported", true);
            claims.put("backchannel_logout_session_supported", true);
            claims.put("scopes_supported", SmartConfigurationServlet.SCOPES);
            claims.put("grant_types_supported", SmartConfigurationServlet.GRANTS);
            claims.put("token_endpoint_auth_methods_supported", SmartConfigurationServlet.CLIENT_AUTHENTICATION);
            claims.put(
                    "token_endpoint_auth_signing_alg_values_supported", SmartConfigurationServlet.SIGNING_ALGORITHMS);
            for (String endpoint : List.of("revocation", "introspection")) {
                claims.put(endpoint + "_endpoint_auth_methods_supported", SmartConfigurationServlet.CONFIDENTIAL);
                claims.put(
                        endpoint + "_endpoint_auth_signing_alg_values_supported",
                        SmartConfigurationServlet.SIGNING_ALGORITHMS);
            }
        };
    }
}

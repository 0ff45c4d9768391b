package org.trefoilhub.hub.smart;

import ca.uhn.fhir.interceptor.api.IInterceptorService;
import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import jakarta.servlet.http.HttpServletRequest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.boot.web.servlet.server.CookieSameSiteSupplier;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.env.Environment;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.Resource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.security.core.userdetails.UserDetailsService;
import org.springframework.security.crypto.factory.PasswordEncoderFactories;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.oauth2.core.DelegatingOAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2Token;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtClaimNames;
import org.springframework.security.oauth2.jwt.JwtClaimValidator;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtEncoder;
import org.springframework.security.oauth2.jwt.JwtIssuerValidator;
import org.springframework.security.oauth2.jwt.JwtTimestampValidator;
import org.springframework.security.oauth2.jwt.NimbusJwtDecoder;
import org.springframework.security.oauth2.jwt.NimbusJwtEncoder;
import org.springframework.security.oauth2.server.authorization.client.RegisteredClientRepository;
import org.springframework.security.oauth2.server.authorization.settings.AuthorizationServerSettings;
import org.springframework.security.oauth2.server.authorization.token.DelegatingOAuth2TokenGenerator;
import org.springframework.security.oauth2.server.authorization.token.JwtGenerator;
import org.springframework.security.oauth2.server.authorization.token.OAuth2TokenGenerator;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.hub.app.HubProperties;
import org.trefoilhub.hub.smart.account.AccountException;
import org.trefoilhub.hub.smart.account.AccountFile;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.hub.smart.account.ClientAccount;
import org.trefoilhub.hub.smart.account.Standings;
import org.trefoilhub.interceptors.fhir.subject.SubjectProvider;

/** The parts that both security chains share: accounts, keys, tokens, subjects. */
@Configuration(proxyBeanMethods = false)
class SmartConfiguration {

    private static final Logger log = LoggerFactory.getLogger(SmartConfiguration.class);
    private static final Resource DEMO_ACCOUNTS = new ClassPathResource("accounts/demo.yaml");

    @Bean
    SmartAddresses smartAddresses(HubProperties hub) {
        return new SmartAddresses(hub.publicUrl().toString());
    }

    @Bean
    PasswordEncoder passwordEncoder() {
        return PasswordEncoderFactories.createDelegatingPasswordEncoder();
    }

    @Bean
    @Profile("demo")
    LoaderCredentials loaderCredentials() {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        return new LoaderCredentials(
                LoaderCredentials.CLIENT_ID,
                Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }

    @Bean
    StoredStandings standings(ObjectProvider<DaoRegistry> daos, HubProperties hub) {
        // Asked late: the storage starts after the chains.
        return new StoredStandings(daos::getIfAvailable, hub.canonical(), hub.zone());
    }

    @Bean
    StoredClientStandings clientStandings(ObjectProvider<DaoRegistry> daos, HubProperties hub) {
        return new StoredClientStandings(daos::getIfAvailable, hub.canonical());
    }

    @Bean
    HubAccounts accountStore(
            SmartProperties properties,
            SmartAddresses addresses,
            PasswordEncoder encoder,
            Environment environment,
            ObjectProvider<LoaderCredentials> loader,
            Standings standings,
            StoredClientStandings clients,
            Clock clock) {
        List<String> profiles = Arrays.asList(environment.getActiveProfiles());
        boolean demo = profiles.contains("demo");
        boolean prod = profiles.contains("prod");
        if (demo && prod) {
            throw new AccountException("the profiles demo and prod exclude each other");
        }
        Resource resource = properties.accounts();
        if (resource == null && demo) {
            resource = DEMO_ACCOUNTS;
        }
        if (resource == null) {
            if (prod) {
                throw new AccountException("profile prod needs accounts, set `trefoil.smart.accounts` to a file");
            }
            log.warn("no accounts: nobody can log in; set trefoil.smart.accounts or use profile demo");
        } else if (prod && resource instanceof ClassPathResource) {
            throw new AccountException("profile prod takes accounts from a file, not from the jar");
        }
        AccountStore file = resource == null ? null : new AccountFile(resource, addresses.publicUrl(), !prod, encoder);
        LoaderCredentials credentials = loader.getIfAvailable();
        return new HubAccounts(
                file, credentials == null ? null : loaderClient(credentials, encoder), standings, clients, clock);
    }

    private static ClientAccount loaderClient(LoaderCredentials credentials, PasswordEncoder encoder) {
        return new ClientAccount(
                credentials.clientId(),
                "demo loader",
                encoder.encode(credentials.secret()),
                false,
                List.of(ClientAccount.Grant.CLIENT_CREDENTIALS),
                List.of(),
                List.of(),
                List.of("system/*.cruds"),
                Clearance.V,
                null,
                null,
                null,
                false,
                null);
    }

    @Bean
    UserDetailsService userDetailsService(HubAccounts accounts) {
        return new AccountUsers(accounts);
    }

    @Bean
    RegisteredClientRepository registeredClientRepository(AccountStore accounts, SmartProperties properties) {
        return new AccountClients(accounts, properties);
    }

    @Bean
    SigningKeys signingKeys(HubProperties hub, SmartProperties properties, Clock clock) {
        return new SigningKeys(
                hub.home().resolve("keys"), clock, properties.signingKeyRotation(), properties.longestLife());
    }

    /** What the hub verifies with and publishes. */
    @Bean
    JWKSource<SecurityContext> jwkSource(SigningKeys keys) {
        return keys.published();
    }

    @Bean
    JwtEncoder jwtEncoder(SigningKeys keys) {
        return new NimbusJwtEncoder(keys.signing());
    }

    /** Takes access tokens of this hub. */
    @Bean
    JwtDecoder jwtDecoder(JWKSource<SecurityContext> keys, SmartAddresses addresses, Clock clock) {
        return decoder(keys, List.of(lifetime(clock), issuer(addresses), audience(addresses.fhirBase())));
    }

    @Bean
    GrantStore grantStore(DataSource dataSource, Clock clock) {
        return new GrantStore(dataSource, clock);
    }

    @Bean
    ClientKeys clientKeys(GrantStore grants, Clock clock) {
        return new ClientKeys(grants.jdbc(), clock);
    }

    @Bean
    ClientAssertions clientAssertions(
            AccountStore accounts, ClientKeys keys, GrantStore grants, SmartAddresses addresses, Clock clock) {
        return new ClientAssertions(accounts, keys, new OnceStore(grants.jdbc(), clock), addresses, clock);
    }

    @Bean
    LoginBrake loginBrake(SmartProperties properties, Clock clock) {
        return new LoginBrake(properties.loginAttempts(), properties.loginDelayMax(), clock);
    }

    @Bean
    TokenLedger authorizationService(
            GrantStore grants,
            AccountStore accounts,
            RegisteredClientRepository clients,
            JWKSource<SecurityContext> keys,
            SmartAddresses addresses,
            LoginActivity activity,
            ApplicationEventPublisher events) {
        return new TokenLedger(grants, accounts, clients, decoder(keys, List.of(issuer(addresses))), activity, events);
    }

    @Bean
    LaunchStore launchStore(GrantStore grants, SmartProperties properties, Clock clock) {
        return new LaunchStore(grants.jdbc(), properties.launchLifetime(), clock);
    }

    @Bean
    ConsentStore consentStore(GrantStore grants, Clock clock) {
        return new ConsentStore(grants.jdbc(), clock);
    }

    @Bean
    AppPages appPages(LoginPages pages, HubProperties hub, Clock clock) {
        return new AppPages(pages, hub.zone(), clock);
    }

    @Bean
    Practitioners practitioners(ObjectProvider<DaoRegistry> daos, HubProperties hub) {
        // Asked late: the storage starts after the chains.
        return userName -> {
            DaoRegistry registry = daos.getIfAvailable();
            return registry == null
                    ? Optional.empty()
                    : new StoredPractitioners(registry, hub.canonical()).reference(userName);
        };
    }

    @Bean
    CertificateHolders certificateHolders(ObjectProvider<DaoRegistry> daos, HubProperties hub) {
        return serialNumber -> {
            DaoRegistry registry = daos.getIfAvailable();
            return registry == null
                    ? Optional.empty()
                    : new StoredPractitioners(registry, hub.canonical()).user(serialNumber);
        };
    }

    @Bean
    OAuth2TokenGenerator<OAuth2Token> tokenGenerator(
            JwtEncoder encoder,
            SmartAddresses addresses,
            AccountStore accounts,
            LoginRegister logins,
            Practitioners practitioners,
            Clock clock) {
        JwtGenerator jwt = new JwtGenerator(encoder);
        jwt.setJwtCustomizer(new TokenClaims(addresses, accounts, logins, practitioners));
        return new DelegatingOAuth2TokenGenerator(jwt, new RefreshTokenIssuer(clock));
    }

    @Bean
    SessionCookie sessionCookie(SmartAddresses addresses, JwtEncoder encoder, SmartProperties properties, Clock clock) {
        return new SessionCookie(addresses, encoder, properties.refreshTokenTtl(), clock);
    }

    @Bean
    LoginRegister loginRegister(DataSource dataSource, GrantStore grants, SmartProperties properties, Clock clock) {
        // The store is asked for so that its tables exist.
        return new LoginRegister(
                JdbcClient.create(dataSource), clock, properties.longestLife().plus(properties.sessionMax()));
    }

    @Bean
    LoginActivity loginActivity(LoginRegister register, SmartProperties properties, Clock clock) {
        return new LoginActivity(register, properties.sessionIdle(), properties.sessionMax(), clock);
    }

    @Bean
    LiveSessions liveSessions(AccountStore accounts, GrantStore grants, LoginActivity activity) {
        return new LiveSessions(accounts, grants, activity);
    }

    @Bean
    ClientBlocks clientBlocks(GrantStore grants, Clock clock) {
        return new ClientBlocks(grants.jdbc(), clock);
    }

    @Bean
    AppLogins appLogins(GrantStore grants) {
        return new AppLogins(grants.jdbc());
    }

    @Bean
    BackchannelLogout backchannelLogout(
            AppLogins apps, AccountStore accounts, JwtEncoder encoder, SmartAddresses addresses, Clock clock) {
        return new BackchannelLogout(apps, accounts, encoder, addresses, clock);
    }

    @Bean
    LoginSession loginSession(
            AccountStore accounts,
            GrantStore grants,
            LoginRegister register,
            LoginActivity activity,
            SmartProperties properties,
            SessionCookie cookie,
            ApplicationEventPublisher events,
            Clock clock) {
        return new LoginSession(accounts, grants, register, activity, properties, cookie, events, clock);
    }

    @Bean
    PersonLogin personLogin(
            LoginSession sessions, LoginRegister register, HubAccounts accounts, ApplicationEventPublisher events) {
        return new PersonLogin(sessions, register, accounts, events);
    }

    @Bean
    StandingSweep standingSweep(
            LoginSession sessions,
            LoginRegister register,
            AccountStore accounts,
            GrantStore grants,
            StoredClientStandings clients,
            ClientBlocks blocks) {
        return new StandingSweep(sessions, register, accounts, grants, clients, blocks);
    }

    /** Where there is a storage, its changes count at once. */
    @Bean
    SmartInitializingSingleton standingWatch(
            ObjectProvider<IInterceptorService> storage,
            StoredStandings standings,
            StoredClientStandings clients,
            StandingSweep sweep) {
        return () -> storage.ifAvailable(service -> service.registerInterceptor(new StandingChanges(() -> {
            standings.changed();
            clients.changed();
            sweep.wake();
        })));
    }

    @Bean
    LoginPages loginPages(SmartAddresses addresses, ObjectProvider<LoginOffer> offers) {
        return new LoginPages(addresses, offers.stream().toList());
    }

    @Bean
    SubjectResolver subjectResolver(
            AccountStore accounts,
            GrantStore grants,
            LoginActivity activity,
            ClientBlocks blocks,
            ObjectProvider<Memberships> memberships) {
        // Asked for when the first person comes: where there is no storage, there are no groups.
        return new SubjectResolver(accounts, grants, activity, blocks, user -> memberships.stream()
                .flatMap(stored -> stored.of(user).stream())
                .collect(Collectors.toUnmodifiableSet()));
    }

    @Bean
    SubjectProvider subjectProvider(SubjectResolver subjects) {
        return new SubjectProvider() {
            @Override
            public Optional<Subject> of(HttpServletRequest request) {
                return SubjectAuthentication.subjectOf(request);
            }

            @Override
            public Optional<Subject> ofClient(String client) {
                return subjects.client(client);
            }
        };
    }

    @Bean
    DoorRefusal doorRefusal(HubProperties hub) {
        return new DoorRefusal(hub.canonical());
    }

    @Bean
    AuthorizationServerSettings authorizationServerSettings(SmartAddresses addresses) {
        return AuthorizationServerSettings.builder()
                .issuer(addresses.publicUrl())
                .authorizationEndpoint(SmartAddresses.AUTHORIZE)
                .tokenEndpoint(SmartAddresses.TOKEN)
                .jwkSetEndpoint(SmartAddresses.JWKS)
                .tokenIntrospectionEndpoint(SmartAddresses.INTROSPECT)
                .tokenRevocationEndpoint(SmartAddresses.REVOKE)
                .deviceAuthorizationEndpoint("/oauth2/device_authorization")
                .deviceVerificationEndpoint("/oauth2/device_verification")
                .oidcUserInfoEndpoint(SmartAddresses.USERINFO)
                .oidcLogoutEndpoint(SmartAddresses.END_SESSION)
                .build();
    }

    @Bean
    ServletRegistrationBean<SmartConfigurationServlet> smartConfigurationServlet(
            SmartAddresses addresses, ObjectMapper mapper) {
        ServletRegistrationBean<SmartConfigurationServlet> registration = new ServletRegistrationBean<>(
                new SmartConfigurationServlet(addresses, mapper), "/fhir/.well-known/smart-configuration");
        registration.setName("smart-configuration");
        return registration;
    }

    @Bean
    WebMvcConfigurer subjectArgument() {
        return new WebMvcConfigurer() {
            @Override
            public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
                resolvers.add(new SubjectArgument());
            }
        };
    }

    /** An authorization request of an app elsewhere must find the login session again. */
    @Bean
    CookieSameSiteSupplier loginSessionSameSite() {
        return CookieSameSiteSupplier.ofLax().whenHasName("JSESSIONID");
    }

    static JwtDecoder decoder(JWKSource<SecurityContext> keys, List<OAuth2TokenValidator<Jwt>> validators) {
        DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.RS256, keys));
        // Lifetimes are judged by our validators, with the hub's clock, or on purpose not at all.
        processor.setJWTClaimsSetVerifier((claims, context) -> {});
        NimbusJwtDecoder decoder = new NimbusJwtDecoder(processor);
        decoder.setJwtValidator(new DelegatingOAuth2TokenValidator<>(validators));
        return decoder;
    }

    /** No allowance for other clocks: this hub alone issues the tokens it takes. */
    static OAuth2TokenValidator<Jwt> lifetime(Clock clock) {
        JwtTimestampValidator validator = new JwtTimestampValidator(Duration.ZERO);
        validator.setClock(clock);
        return validator;
    }

    static OAuth2TokenValidator<Jwt> issuer(SmartAddresses addresses) {
        return new JwtIssuerValidator(addresses.publicUrl());
    }

    static OAuth2TokenValidator<Jwt> audience(String wanted) {
        return new JwtClaimValidator<@Nullable List<String>>(
                JwtClaimNames.AUD, audience -> audience != null && audience.contains(wanted));
    }
}

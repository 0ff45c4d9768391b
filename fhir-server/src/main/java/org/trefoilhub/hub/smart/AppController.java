package org.trefoilhub.hub.smart;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpSession;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.security.oauth2.core.OAuth2ErrorCodes;
import org.springframework.security.oauth2.core.endpoint.OAuth2AuthorizationRequest;
import org.springframework.security.oauth2.core.endpoint.OAuth2ParameterNames;
import org.springframework.security.oauth2.server.authorization.OAuth2Authorization;
import org.springframework.security.oauth2.server.authorization.OAuth2AuthorizationCode;
import org.springframework.security.web.csrf.CsrfToken;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.util.UriComponentsBuilder;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.hub.smart.account.ClientAccount;
import org.trefoilhub.hub.smart.account.UserAccount;
import org.trefoilhub.hub.smart.scope.SmartScope;

/**
 * Between a valid authorization request of an app and its code: redeems the launch, lets the person choose patient and
 * encounter where the app asks for one, and asks what the app may have. One address, which shows what is still open; the
 * request itself waits in {@link TokenLedger} under the server's own state, for the login session that made it.
 *
 * <p>INVARIANT: {@code patient/} scopes are granted only with a patient that the policies show to this person.
 */
@RestController
class AppController {

    private static final Set<String> SEEN = Set.of("user/*.rs");
    private static final String NO_ENCOUNTER = AppController.class.getName() + ".no-encounter";

    private final TokenLedger ledger;
    private final AccountStore accounts;
    private final LoginRegister logins;
    private final LaunchStore launches;
    private final LaunchRecords records;
    private final ConsentStore consents;
    private final SubjectResolver subjects;
    private final AppPages pages;
    private final ApplicationEventPublisher events;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** A request that waits, with everything it stands for. */
    record Waiting(
            String state,
            OAuth2Authorization authorization,
            OAuth2AuthorizationRequest request,
            ClientAccount app,
            UserAccount person,
            Subject subject) {

        boolean asks(String scope) {
            return request.getScopes().contains(scope);
        }

        boolean asksForPatient() {
            return asks(SmartScope.LAUNCH_PATIENT)
                    || request.getScopes().stream().anyMatch(scope -> SmartScope.parse(scope)
                            .filter(parsed -> parsed.context() == SmartScope.Context.PATIENT)
                            .isPresent());
        }
    }

    AppController(
            TokenLedger ledger,
            AccountStore accounts,
            LoginRegister logins,
            LaunchStore launches,
            LaunchRecords records,
            ConsentStore consents,
            SubjectResolver subjects,
            AppPages pages,
            ApplicationEventPublisher events,
            Clock clock) {
        this.ledger = ledger;
        this.accounts = accounts;
        this.logins = logins;
        this.launches = launches;
        this.records = records;
        this.consents = consents;
        this.subjects = subjects;
        this.pages = pages;
        this.events = events;
        this.clock = clock;
    }

    @GetMapping(path = SmartAddresses.APP, produces = MediaType.TEXT_HTML_VALUE)
    ResponseEntity<String> next(
            HttpServletRequest request,
            CsrfToken csrf,
            @RequestParam("state") String state,
            @RequestParam(name = "q", required = false) @Nullable String text) {
        Waiting waiting = waiting(request, state).orElse(null);
        if (waiting == null) {
            return expired();
        }
        LaunchContext launch = TokenLedger.launch(waiting.authorization());
        if (launch == null) {
            launch = redeem(waiting).orElse(null);
            if (launch == null) {
                return refused(
                        waiting, OAuth2ErrorCodes.INVALID_REQUEST, "the launch is not valid or not valid any more");
            }
            ledger.save(TokenLedger.launched(waiting.authorization(), launch));
            waiting = waiting(request, state).orElseThrow();
        }
        String patient = launch.patient();
        if (patient == null && waiting.asksForPatient()) {
            List<LaunchRecords.FoundPatient> found =
                    text == null || text.isBlank() ? List.of() : records.patients(waiting.subject(), text.strip());
            return pages.patients(request, csrf, waiting, text, found);
        }
        if (patient != null && launch.encounter() == null && waiting.asks(SmartScope.LAUNCH_ENCOUNTER)) {
            List<LaunchRecords.FoundEncounter> found = records.encounters(waiting.subject(), patient);
            if (found.size() == 1) {
                return step(waiting, launch.withEncounter(found.get(0).id()));
            }
            if (!found.isEmpty() && waiting.authorization().getAttribute(NO_ENCOUNTER) == null) {
                return pages.encounters(request, csrf, waiting, patientOf(waiting, patient), found);
            }
        }
        Set<String> asked = grantable(waiting, launch);
        if (asked.isEmpty()) {
            return refused(waiting, OAuth2ErrorCodes.INVALID_SCOPE, "none of the requested scopes can be granted");
        }
        if (waiting.app().firstParty()) {
            return granted(waiting, launch, asked);
        }
        Optional<Set<String>> remembered = asksAnyway(waiting)
                ? Optional.empty()
                : consents.remembered(waiting.app().id(), waiting.person().name(), asked);
        if (remembered.isPresent()) {
            return granted(waiting, launch, remembered.get());
        }
        return pages.consent(request, csrf, waiting, patient == null ? null : patientOf(waiting, patient), asked);
    }

    @PostMapping(path = SmartAddresses.APP, params = "patient")
    ResponseEntity<String> choosePatient(
            HttpServletRequest request, @RequestParam("state") String state, @RequestParam("patient") String patient) {
        Waiting waiting = waiting(request, state).orElse(null);
        LaunchContext launch = waiting == null ? null : TokenLedger.launch(waiting.authorization());
        if (waiting == null || launch == null || launch.patient() != null) {
            return expired();
        }
        return !LaunchContext.ID.matcher(patient).matches()
                        || records.patient(waiting.subject(), patient).isEmpty()
                ? again(state)
                : step(waiting, launch.withPatient(patient));
    }

    @PostMapping(path = SmartAddresses.APP, params = "encounter")
    ResponseEntity<String> chooseEncounter(
            HttpServletRequest request,
            @RequestParam("state") String state,
            @RequestParam("encounter") String encounter) {
        Waiting waiting = waiting(request, state).orElse(null);
        LaunchContext launch = waiting == null ? null : TokenLedger.launch(waiting.authorization());
        if (waiting == null || launch == null || launch.patient() == null) {
            return expired();
        }
        if (encounter.isEmpty()) {
            ledger.save(OAuth2Authorization.from(waiting.authorization())
                    .attribute(NO_ENCOUNTER, true)
                    .build());
            return again(state);
        }
        return LaunchContext.ID.matcher(encounter).matches()
                        && records.areVisible(waiting.subject(), List.of("Encounter/" + encounter), launch.patient())
                ? step(waiting, launch.withEncounter(encounter))
                : again(state);
    }

    @PostMapping(path = SmartAddresses.APP, params = "decision")
    ResponseEntity<String> decide(
            HttpServletRequest request,
            @RequestParam("state") String state,
            @RequestParam("decision") String decision,
            @RequestParam(name = "scope", required = false) @Nullable Set<String> chosen) {
        Waiting waiting = waiting(request, state).orElse(null);
        LaunchContext launch = waiting == null ? null : TokenLedger.launch(waiting.authorization());
        if (waiting == null || launch == null || (launch.patient() == null && waiting.asksForPatient())) {
            return expired();
        }
        Set<String> asked = grantable(waiting, launch);
        Set<String> given = new LinkedHashSet<>(asked);
        given.retainAll(chosen == null ? Set.of() : chosen);
        if (!decision.equals("allow") || given.isEmpty()) {
            consents.forget(waiting.app().id(), waiting.person().name());
            return refused(waiting, OAuth2ErrorCodes.ACCESS_DENIED, "the person refused");
        }
        consents.remember(waiting.app().id(), waiting.person().name(), asked, given);
        return granted(waiting, launch, given);
    }

    @PostMapping(path = SmartAddresses.APP, params = "cancel")
    ResponseEntity<String> cancel(HttpServletRequest request, @RequestParam("state") String state) {
        return waiting(request, state)
                .map(waiting -> refused(waiting, OAuth2ErrorCodes.ACCESS_DENIED, "the person refused"))
                .orElseGet(AppController::expired);
    }

    /** The request of this browser session, if it is one. */
    private Optional<Waiting> waiting(HttpServletRequest request, String state) {
        OAuth2Authorization authorization = ledger.undecided(state).orElse(null);
        HttpSession session = request.getSession(false);
        String login = session == null ? null : LoginSession.idOf(session);
        if (authorization == null || login == null || !login.equals(TokenLedger.loginSession(authorization))) {
            return Optional.empty();
        }
        OAuth2AuthorizationRequest asked = authorization.getAttribute(OAuth2AuthorizationRequest.class.getName());
        ClientAccount app =
                accounts.client(authorization.getRegisteredClientId()).orElse(null);
        UserAccount person = logins.find(login)
                .filter(known -> known.user().equals(authorization.getPrincipalName()))
                .flatMap(known -> accounts.user(known.user()).flatMap(user -> user.acting(known.position())))
                .orElse(null);
        return asked == null || app == null || person == null
                ? Optional.empty()
                : Optional.of(new Waiting(
                        state, authorization, asked, app, person, subjects.person(app, person, SEEN, login)));
    }

    /** What the app was opened with; empty when it brought a handle that is not good. */
    private Optional<LaunchContext> redeem(Waiting waiting) {
        Object handle = waiting.request().getAdditionalParameters().get(LaunchContext.LAUNCH);
        if (!waiting.asks(SmartScope.LAUNCH)) {
            return Optional.of(LaunchContext.NONE);
        }
        if (!(handle instanceof String text)) {
            return Optional.empty();
        }
        return launches.take(text, waiting.app().id(), waiting.person().name())
                .filter(launch -> records.areVisible(waiting.subject(), launch.references(), launch.patient()));
    }

    /** The scopes that make sense with what is known by now. */
    private static Set<String> grantable(Waiting waiting, LaunchContext launch) {
        Set<String> scopes = new LinkedHashSet<>();
        for (String scope : waiting.request().getScopes()) {
            boolean needsPatient = scope.equals(SmartScope.LAUNCH_PATIENT)
                    || SmartScope.parse(scope)
                            .filter(parsed -> parsed.context() == SmartScope.Context.PATIENT)
                            .isPresent();
            boolean needsEncounter = scope.equals(SmartScope.LAUNCH_ENCOUNTER);
            if ((!needsPatient || launch.patient() != null) && (!needsEncounter || launch.encounter() != null)) {
                scopes.add(scope);
            }
        }
        return scopes;
    }

    private static boolean asksAnyway(Waiting waiting) {
        Object prompt = waiting.request().getAdditionalParameters().get("prompt");
        return prompt instanceof String text && List.of(text.split(" ")).contains("consent");
    }

    private LaunchRecords.@Nullable FoundPatient patientOf(Waiting waiting, String patient) {
        return records.patient(waiting.subject(), patient).orElse(null);
    }

    private ResponseEntity<String> step(Waiting waiting, LaunchContext launch) {
        ledger.save(TokenLedger.launched(waiting.authorization(), launch));
        return again(waiting.state());
    }

    private ResponseEntity<String> granted(Waiting waiting, LaunchContext launch, Set<String> scopes) {
        if (!ledger.decide(waiting.state())) {
            return expired();
        }
        byte[] bytes = new byte[48];
        random.nextBytes(bytes);
        Instant now = clock.instant();
        OAuth2AuthorizationCode code = new OAuth2AuthorizationCode(
                Base64.getUrlEncoder().withoutPadding().encodeToString(bytes), now, now.plus(TokenLedger.CODE_LIFE));
        Map<String, Object> attributes = new HashMap<>();
        attributes.put(
                OAuth2AuthorizationRequest.class.getName(),
                OAuth2AuthorizationRequest.from(waiting.request())
                        .scopes(scopes)
                        .build());
        attributes.put(LaunchContext.class.getName(), launch);
        ledger.save(OAuth2Authorization.from(waiting.authorization())
                .attributes(all -> {
                    all.remove(OAuth2ParameterNames.STATE);
                    all.putAll(attributes);
                })
                .authorizedScopes(scopes)
                .token(code)
                .build());
        return back(waiting, Map.of(OAuth2ParameterNames.CODE, code.getTokenValue()));
    }

    private ResponseEntity<String> refused(Waiting waiting, String error, String description) {
        ledger.decide(waiting.state());
        events.publishEvent(new LoginEvent.AppRefused(
                waiting.person().name(),
                waiting.app().id(),
                error,
                waiting.subject().sessionId()));
        return back(
                waiting,
                Map.of(OAuth2ParameterNames.ERROR, error, OAuth2ParameterNames.ERROR_DESCRIPTION, description));
    }

    /** Sends the browser back to the app; the address was checked when the request came in. */
    private static ResponseEntity<String> back(Waiting waiting, Map<String, String> answer) {
        String redirect = waiting.request().getRedirectUri();
        if (redirect == null) {
            redirect = waiting.app().redirectUris().get(0);
        }
        UriComponentsBuilder target = UriComponentsBuilder.fromUriString(redirect);
        Map<String, Object> values = new HashMap<>(answer);
        answer.keySet().forEach(name -> target.queryParam(name, "{" + name + "}"));
        String state = waiting.request().getState();
        if (state != null && !state.isEmpty()) {
            target.queryParam(OAuth2ParameterNames.STATE, "{state}");
            values.put(OAuth2ParameterNames.STATE, state);
        }
        return redirect(target.encode().buildAndExpand(values).toUri());
    }

    private static ResponseEntity<String> again(String state) {
        return redirect(UriComponentsBuilder.fromPath(SmartAddresses.APP)
                .queryParam("state", "{state}")
                .encode()
                .buildAndExpand(state)
                .toUri());
    }

    private static ResponseEntity<String> expired() {
        return redirect(URI.create(SmartAddresses.LOGIN + "?expired"));
    }

    private static ResponseEntity<String> redirect(URI target) {
        return ResponseEntity.status(HttpStatus.FOUND)
                .header(HttpHeaders.LOCATION, target.toString())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }
}

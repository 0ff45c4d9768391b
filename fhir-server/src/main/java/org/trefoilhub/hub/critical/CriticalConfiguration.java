package org.trefoilhub.hub.critical;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.rest.server.RestfulServer;
import java.time.Clock;
import java.util.Collection;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.trefoilhub.access.policy.CurrentPolicies;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.hub.app.HubProperties;
import org.trefoilhub.hub.smart.LiveSessions;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.hub.smart.account.ClientAccount;
import org.trefoilhub.hub.smart.account.UserAccount;
import org.trefoilhub.interceptors.fhir.facts.FactRecorder;
import org.trefoilhub.interceptors.fhir.facts.FactStore;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;
import org.trefoilhub.interceptors.fhir.subject.SubjectProvider;

/** Puts critical values together. */
@Configuration(proxyBeanMethods = false)
class CriticalConfiguration {

    private static final String PAGE = "console";

    @Bean
    CriticalDesk criticalDesk(DaoRegistry daos, FactStore facts, FhirContext context) {
        return new CriticalDesk(daos, facts, context);
    }

    @Bean
    CriticalPolicy criticalPolicy(CurrentPolicies policies, CriticalDesk desk, AccountStore accounts, Clock clock) {
        return new CriticalPolicy(policies, desk, () -> people(accounts), clock);
    }

    @Bean
    CriticalOutbox criticalOutbox(JdbcClient jdbc) {
        return new CriticalOutbox(jdbc);
    }

    @Bean
    CriticalCases criticalCases(
            CriticalDesk desk,
            CriticalPolicy policy,
            CriticalOutbox outbox,
            PlatformTransactionManager transactions,
            HubProperties hub,
            Clock clock) {
        return new CriticalCases(desk, policy, outbox, new TransactionTemplate(transactions), hub.zone(), clock);
    }

    @Bean
    CriticalSteps criticalSteps(CriticalCases cases) {
        return new CriticalSteps(cases);
    }

    @Bean(destroyMethod = "close")
    CriticalEvents criticalEvents(CriticalDesk desk, CriticalPolicy policy, LiveSessions sessions) {
        return new CriticalEvents(desk, policy, sessions::isLive);
    }

    @Bean
    EscalationClock escalationClock(
            JdbcClient jdbc,
            CriticalDesk desk,
            CriticalCases cases,
            CriticalOutbox outbox,
            CriticalEvents events,
            FactRecorder recorder,
            ObjectProvider<SubjectProvider> subjects,
            ObjectProvider<CriticalMessageSender> senders,
            Clock clock) {
        CriticalInbox inbox = new CriticalInbox(jdbc);
        EscalationClock escalation = new EscalationClock(inbox, desk, cases, outbox, senders, clock);
        recorder.add(new CriticalHooks(
                inbox, cases, events, new RequestSubjects(subjects.getObject()), escalation::wake, clock));
        return escalation;
    }

    @Bean
    CriticalOperations criticalOperations(
            RestfulServer server,
            CriticalDesk desk,
            CriticalPolicy policy,
            ObjectProvider<SubjectProvider> subjects,
            FhirContext context,
            PlatformTransactionManager transactions,
            HubProperties hub,
            Clock clock) {
        CriticalOperations operations = new CriticalOperations(
                desk,
                policy,
                new RequestSubjects(subjects.getObject()),
                context,
                new TransactionTemplate(transactions),
                hub.zone(),
                clock);
        server.registerProvider(operations);
        return operations;
    }

    /** Everybody as the hub's own page would know them. */
    private static Collection<Subject> people(AccountStore accounts) {
        return accounts.client(PAGE).stream()
                .flatMap(page -> accounts.users().stream().map(person -> subject(page, person)))
                .toList();
    }

    private static Subject subject(ClientAccount page, UserAccount person) {
        return new Subject(
                page.id(),
                person.name(),
                person.roles(),
                person.departments(),
                person.clearance().covers(page.clearance()) ? page.clearance() : person.clearance(),
                page.scopes().stream()
                        .filter(scope -> scope.startsWith("user/"))
                        .collect(Collectors.toSet()),
                null);
    }
}

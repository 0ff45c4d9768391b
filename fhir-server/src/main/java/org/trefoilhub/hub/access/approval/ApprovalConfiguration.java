package org.trefoilhub.hub.access.approval;

import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.rest.server.RestfulServer;
import java.time.Clock;
import java.util.Optional;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.trefoilhub.access.audit.AuditTrail;
import org.trefoilhub.access.policy.CurrentPolicies;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.hub.smart.account.ClientAccount;
import org.trefoilhub.hub.smart.account.UserAccount;
import org.trefoilhub.interceptors.fhir.facts.FactRecorder;
import org.trefoilhub.interceptors.fhir.facts.FactStore;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;
import org.trefoilhub.interceptors.fhir.subject.SubjectProvider;

/** Puts the operations on the FHIR door, and the clock beside it. */
@Configuration(proxyBeanMethods = false)
class ApprovalConfiguration {

    private static final String PAGE = "console";

    @Bean
    AccessOperations accessOperations(
            RestfulServer server,
            DaoRegistry daos,
            FactStore facts,
            ObjectProvider<SubjectProvider> subjects,
            ObjectProvider<AuditTrail> trail,
            PlatformTransactionManager transactions,
            Clock clock) {
        AccessOperations operations = new AccessOperations(
                new Desk(daos, facts),
                new RequestSubjects(subjects.getObject()),
                new Trail(trail),
                new Brake(clock),
                new TransactionTemplate(transactions),
                clock);
        server.registerProvider(operations);
        return operations;
    }

    @Bean
    Decisions accessDecisions(
            DaoRegistry daos,
            FactStore facts,
            CurrentPolicies policies,
            AccountStore accounts,
            ObjectProvider<AuditTrail> trail,
            PlatformTransactionManager transactions,
            Clock clock) {
        return new Decisions(
                new Desk(daos, facts),
                new Trail(trail),
                policies,
                user -> subject(accounts, user),
                new TransactionTemplate(transactions),
                clock);
    }

    @Bean
    GrantBanner grantBanner(
            RestfulServer server,
            FactStore facts,
            CurrentPolicies policies,
            ObjectProvider<SubjectProvider> subjects,
            Clock clock) {
        GrantBanner banner = new GrantBanner(new RequestSubjects(subjects.getObject()), policies, facts, clock);
        server.registerInterceptor(banner);
        return banner;
    }

    @Bean
    LevelTrail levelTrail(
            FactRecorder recorder, ObjectProvider<SubjectProvider> subjects, ObjectProvider<AuditTrail> trail) {
        LevelTrail levels = new LevelTrail(new RequestSubjects(subjects.getObject()), new Trail(trail));
        recorder.add(levels);
        return levels;
    }

    @Bean
    ReviewClock reviewClock(
            DaoRegistry daos,
            FactStore facts,
            ObjectProvider<AuditTrail> trail,
            PlatformTransactionManager transactions,
            Clock clock) {
        return new ReviewClock(
                new Desk(daos, facts), facts, new Trail(trail), new TransactionTemplate(transactions), clock);
    }

    /** What a person would be at the hub's own page. */
    private static Optional<Subject> subject(AccountStore accounts, String user) {
        return accounts.client(PAGE).flatMap(page -> accounts.user(user).map(person -> subject(page, person)));
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

package org.trefoilhub.hub.workflow;

import ca.uhn.fhir.interceptor.api.IInterceptorService;
import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.rest.server.RestfulServer;
import java.time.Clock;
import java.util.List;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.trefoilhub.access.policy.CurrentPolicies;
import org.trefoilhub.interceptors.fhir.facts.FactStore;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;
import org.trefoilhub.interceptors.fhir.subject.SubjectProvider;

/** Puts the tables in force on every write, and the operations on the FHIR door. */
@Configuration(proxyBeanMethods = false)
class WorkflowConfiguration {

    @Bean
    WorkflowService workflowService(DaoRegistry daos, PlatformTransactionManager transactions, Clock clock) {
        Records records = new Records(daos);
        return new WorkflowService(records, new Trace(records, clock), new TransactionTemplate(transactions), clock);
    }

    @Bean
    StepGate stepGate(
            ObjectProvider<SubjectProvider> subjects, CurrentPolicies policies, FactStore facts, Clock clock) {
        return new StepGate(new RequestSubjects(subjects.getObject()), policies, facts, clock);
    }

    @Bean
    StepHandler examSteps(StepGate gate, WorkflowService service, Clock clock) {
        return new ExamSteps(gate, service, clock);
    }

    @Bean
    StepGuard stepGuard(
            IInterceptorService storage,
            DaoRegistry daos,
            WorkflowService service,
            ObjectProvider<SubjectProvider> subjects,
            ObjectProvider<TransitionListener> listeners,
            Clock clock) {
        Records records = new Records(daos);
        Trace trace = new Trace(records, clock);
        ExamColumns columns = new ExamColumns(records, trace);
        StepGuard guard = new StepGuard(
                new RequestSubjects(subjects.getObject()),
                trace,
                columns,
                new ReportSteps(records, service, columns, trace),
                service,
                listeners.orderedStream().toList(),
                clock);
        storage.registerInterceptor(guard);
        return guard;
    }

    @Bean
    AdvanceOperation advanceOperation(
            RestfulServer server, StepGate gate, DaoRegistry daos, List<StepHandler> handlers) {
        AdvanceOperation operation = new AdvanceOperation(gate, new Records(daos), handlers);
        server.registerProvider(operation);
        return operation;
    }

    @Bean
    ReportOperations reportOperations(
            RestfulServer server, StepGate gate, DaoRegistry daos, WorkflowService service, Clock clock) {
        Records records = new Records(daos);
        Trace trace = new Trace(records, clock);
        ReportOperations operations = new ReportOperations(
                gate, new ReportSteps(records, service, new ExamColumns(records, trace), trace), clock);
        server.registerProvider(operations);
        return operations;
    }
}

package org.trefoilhub.hub.report.template;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.rest.server.RestfulServer;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.trefoilhub.hub.app.HubProperties;
import org.trefoilhub.hub.report.range.StoredRanges;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;
import org.trefoilhub.interceptors.fhir.subject.SubjectProvider;

/** Puts the operations of templates together. */
@Configuration(proxyBeanMethods = false)
class TemplateConfiguration {

    @Bean
    CallerStore callerStore(DaoRegistry registry) {
        return new CallerStore(registry);
    }

    @Bean
    TemplateOperations templateOperations(
            RestfulServer server,
            FhirContext context,
            CallerStore store,
            StoredRanges ranges,
            ObjectProvider<SubjectProvider> subjects,
            HubProperties hub,
            Clock clock) {
        TemplateOperations operations = new TemplateOperations(
                store,
                new AnswerExtraction(store, new Calculation(new Expressions(context)), ranges),
                new RequestSubjects(subjects.getObject()),
                clock,
                hub.zone());
        server.registerProvider(operations);
        return operations;
    }
}

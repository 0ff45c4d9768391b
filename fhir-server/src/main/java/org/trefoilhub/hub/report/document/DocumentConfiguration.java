package org.trefoilhub.hub.report.document;

import ca.uhn.fhir.rest.server.RestfulServer;
import java.io.IOException;
import java.time.Clock;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.trefoilhub.access.audit.AuditTrail;
import org.trefoilhub.dicomweb.retrieve.PrintedImages;
import org.trefoilhub.hub.app.HubProperties;
import org.trefoilhub.hub.report.template.CallerStore;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;
import org.trefoilhub.interceptors.fhir.subject.SubjectProvider;

/** Puts the printed report together. */
@Configuration(proxyBeanMethods = false)
class DocumentConfiguration {

    @Bean
    DocumentOperation documentOperation(
            RestfulServer server,
            CallerStore store,
            PrintedImages images,
            ObjectProvider<SubjectProvider> subjects,
            AuditTrail trail,
            HubProperties hub,
            Clock clock)
            throws IOException {
        DocumentOperation operation = new DocumentOperation(
                store, images, new PdfPrinter(), new RequestSubjects(subjects.getObject()), trail, clock, hub.zone());
        server.registerProvider(operation);
        return operation;
    }
}

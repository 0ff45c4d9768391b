package org.trefoilhub.hub.imaging;

import ca.uhn.fhir.interceptor.api.IInterceptorService;
import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.trefoilhub.dicomweb.archive.Archive;
import org.trefoilhub.dicomweb.archive.ChangeFeed;
import org.trefoilhub.dicomweb.archive.DimsePeers;
import org.trefoilhub.dicomweb.archive.PatientLinks;
import org.trefoilhub.hub.app.HubProperties;
import org.trefoilhub.hub.workflow.FirstImages;

/** Puts the projection together. */
@Configuration(proxyBeanMethods = false)
class ImagingConfiguration {

    @Bean
    ImagingStudyProjector imagingStudyProjector(
            Archive archive,
            ChangeFeed feed,
            DaoRegistry daoRegistry,
            JdbcClient jdbc,
            PlatformTransactionManager transactionManager,
            HubProperties hub,
            ImagingProperties properties,
            FirstImages firstImages,
            Clock clock) {
        IdentifierSystems systems = new IdentifierSystems(hub);
        FhirStore store = new FhirStore(daoRegistry);
        ReviewTasks reviews = new ReviewTasks(store, systems, clock);
        DicomwebEndpoint endpoint = new DicomwebEndpoint(store, systems, hub);
        StudyProjection projection = new StudyProjection(
                archive,
                store,
                new ImagingStudyMapper(systems, hub.zone(), properties.maxListedInstances()),
                new SourcePatientMapper(systems),
                endpoint,
                reviews,
                systems,
                properties.defaultIssuers(),
                firstImages);
        return new ImagingStudyProjector(
                feed,
                new FeedOffset(jdbc, "imaging-study"),
                projection,
                endpoint,
                reviews,
                new TransactionTemplate(transactionManager),
                properties);
    }

    @Bean
    SourcePatients sourcePatients(DaoRegistry daoRegistry, HubProperties hub, ImagingProperties properties) {
        return new SourcePatients(new FhirStore(daoRegistry), new IdentifierSystems(hub), properties.defaultIssuers());
    }

    @Bean
    PatientLinkHooks patientLinkHooks(
            PatientLinks links, SourcePatients patients, HubProperties hub, IInterceptorService storage) {
        PatientLinkHooks hooks = new PatientLinkHooks(links, patients, new IdentifierSystems(hub));
        storage.registerInterceptor(hooks);
        return hooks;
    }

    @Bean
    DimsePeers dimsePeers(
            DaoRegistry daoRegistry, HubProperties hub, @Value("${trefoil.dimse.ae-title:TREFOIL}") String ownAeTitle) {
        return new DevicePeers(new FhirStore(daoRegistry), new IdentifierSystems(hub), ownAeTitle);
    }
}

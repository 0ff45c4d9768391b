package org.trefoilhub.hub.app;

import ca.uhn.fhir.batch2.jobs.export.BulkDataExportProvider;
import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.context.support.IValidationSupport;
import ca.uhn.fhir.interceptor.api.IInterceptorService;
import ca.uhn.fhir.jpa.api.config.JpaStorageSettings;
import ca.uhn.fhir.jpa.api.dao.IFhirSystemDao;
import ca.uhn.fhir.jpa.provider.IJpaSystemProvider;
import ca.uhn.fhir.jpa.provider.ValueSetOperationProvider;
import ca.uhn.fhir.jpa.search.DatabaseBackedPagingProvider;
import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.server.ETagSupportEnum;
import ca.uhn.fhir.rest.server.HardcodedServerAddressStrategy;
import ca.uhn.fhir.rest.server.IResourceProvider;
import ca.uhn.fhir.rest.server.RestfulServer;
import ca.uhn.fhir.rest.server.provider.ResourceProviderFactory;
import ca.uhn.fhir.rest.server.util.ISearchParamRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.hl7.fhir.r4.model.AuditEvent;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Meta;
import org.springframework.boot.web.servlet.ServletRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The FHIR REST door: HAPI's servlet on {@code /fhir/*} over the JPA storage. */
@Configuration(proxyBeanMethods = false)
class FhirServerConfiguration {

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    RestfulServer restfulServer(
            FhirContext fhirContext,
            HubProperties hub,
            ResourceProviderFactory providers,
            IJpaSystemProvider systemProvider,
            IFhirSystemDao<Bundle, Meta> systemDao,
            JpaStorageSettings storageSettings,
            ISearchParamRegistry searchParamRegistry,
            IValidationSupport validationSupport,
            DatabaseBackedPagingProvider pagingProvider,
            ValueSetOperationProvider valueSetOperations,
            BulkDataExportProvider bulkExport,
            IInterceptorService interceptors) {
        RestfulServer server = new HubFhirServer(fhirContext);
        interceptors.registerInterceptor(new AppendOnlyAuditEvents());
        interceptors.registerInterceptor(new CompleteComposites());
        interceptors.registerInterceptor(new DeletionRetry());
        interceptors.registerInterceptor(new NearValues());
        server.registerInterceptor(new EmptyNarrative());
        server.setServerAddressStrategy(new HardcodedServerAddressStrategy(hub.fhirBase()));
        server.setETagSupport(ETagSupportEnum.ENABLED);
        server.setDefaultResponseEncoding(EncodingEnum.JSON);
        server.setDefaultPrettyPrint(false);
        server.setPagingProvider(pagingProvider);

        List<Object> all = new ArrayList<>();
        for (Object provider : providers.createProviders()) {
            if (provider instanceof IResourceProvider typed
                    && (typed.getResourceType() == AuditEvent.class
                            || !SupportedResourceTypes.contains(
                                    fhirContext.getResourceType(typed.getResourceType())))) {
                // Audit events have a provider of their own, over their own table.
                continue;
            }
            all.add(provider);
        }
        all.add(systemProvider);
        all.add(valueSetOperations);
        all.add(bulkExport);
        server.registerProviders(all);
        server.setServerConformanceProvider(new HubCapabilityStatement(
                server, systemDao, storageSettings, searchParamRegistry, validationSupport, hub));
        return server;
    }

    @Bean
    ServletRegistrationBean<RestfulServer> fhirServlet(RestfulServer server) {
        ServletRegistrationBean<RestfulServer> registration = new ServletRegistrationBean<>(server, "/fhir/*");
        registration.setName("fhir");
        registration.setLoadOnStartup(1);
        return registration;
    }
}

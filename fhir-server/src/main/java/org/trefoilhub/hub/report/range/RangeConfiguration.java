package org.trefoilhub.hub.report.range;

import ca.uhn.fhir.interceptor.api.IInterceptorService;
import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.trefoilhub.hub.app.HubProperties;

/** Puts the ranges before the storage. */
@Configuration(proxyBeanMethods = false)
class RangeConfiguration {

    @Bean
    StoredRanges storedRanges(DaoRegistry registry, IInterceptorService storage, HubProperties hub) {
        StoredRanges ranges = new StoredRanges(registry, hub.zone());
        storage.registerInterceptor(ranges);
        return ranges;
    }
}

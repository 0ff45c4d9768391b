package org.trefoilhub.hub.app;

import ca.uhn.fhir.interceptor.api.IInterceptorService;
import ca.uhn.fhir.rest.server.RestfulServer;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.trefoilhub.access.policy.PolicySource;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.enforce.FhirEnforcement;
import org.trefoilhub.interceptors.fhir.subject.SubjectProvider;

/** Puts the policy engine in front of the FHIR door. Without policies and without identities nothing is permitted. */
@Configuration(proxyBeanMethods = false)
class PolicyConfiguration {

    @Bean
    FhirEnforcement fhirEnforcement(
            RestfulServer server,
            IInterceptorService storage,
            PolicySource policies,
            ObjectProvider<SubjectProvider> subjects,
            Clock clock) {
        return FhirEnforcement.register(server, storage, policies, subjects.getIfAvailable(Nobody::new), clock);
    }

    /** Knows no one, so that a hub whose identities are not wired refuses everything. */
    private static final class Nobody implements SubjectProvider {
        @Override
        public Optional<Subject> of(HttpServletRequest request) {
            return Optional.empty();
        }

        @Override
        public Optional<Subject> ofClient(String client) {
            return Optional.empty();
        }
    }
}

package org.trefoilhub.hub.app;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.interceptor.api.IInterceptorService;
import ca.uhn.fhir.rest.server.RestfulServer;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Clock;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.Profiles;
import org.trefoilhub.access.policy.CurrentPolicies;
import org.trefoilhub.access.policy.PolicyInvalidException;
import org.trefoilhub.access.policy.PolicyOptions;
import org.trefoilhub.access.policy.PolicySource;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.enforce.FhirEnforcement;
import org.trefoilhub.interceptors.fhir.policy.PolicyBundle;
import org.trefoilhub.interceptors.fhir.subject.SubjectProvider;

/** Puts the policy engine in front of the FHIR door. Without policies and without identities nothing is permitted. */
@Configuration(proxyBeanMethods = false)
class PolicyConfiguration {

    private static final Logger log = LoggerFactory.getLogger(PolicyConfiguration.class);

    @Bean
    @ConditionalOnMissingBean(PolicySource.class)
    CurrentPolicies currentPolicies(FhirContext context, HubProperties hub, Environment environment) {
        CurrentPolicies policies = new CurrentPolicies();
        String[] seeds = environment.acceptsProfiles(Profiles.of("demo"))
                ? new String[] {PolicyBundle.SEED, PolicyBundle.DEMO_SEED}
                : new String[] {PolicyBundle.SEED};
        try {
            policies.replace(new PolicyBundle(context, hub.zone()).seed(1, PolicyOptions.DEFAULT, seeds));
        } catch (PolicyInvalidException e) {
            log.error("{} {}; every request is denied", e.code().code(), e.getMessage());
        }
        return policies;
    }

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

package org.trefoilhub.hub.app;

import ca.uhn.fhir.batch2.api.IJobCoordinator;
import ca.uhn.fhir.batch2.model.JobInstance;
import ca.uhn.fhir.rest.api.server.bulk.BulkExportJobParameters;
import ca.uhn.fhir.rest.server.exceptions.ResourceNotFoundException;
import java.util.Optional;
import org.trefoilhub.interceptors.fhir.enforce.ClientOwned;
import org.trefoilhub.interceptors.fhir.facts.FactStore;

/** Whose the jobs of HAPI's Bulk Data export are, the files they wrote, and the subscriptions. */
final class StoredOwners implements ClientOwned {

    private static final String EXPORT = "BULK_EXPORT";

    private final IJobCoordinator jobs;
    private final FactStore facts;

    StoredOwners(IJobCoordinator jobs, FactStore facts) {
        this.jobs = jobs;
        this.facts = facts;
    }

    @Override
    public Optional<String> ownerOfJob(String job) {
        try {
            JobInstance instance = jobs.getInstance(job);
            return EXPORT.equals(instance.getJobDefinitionId())
                    ? Optional.ofNullable(instance.getParameters(BulkExportJobParameters.class)
                            .getBinarySecurityContextIdentifierValue())
                    : Optional.empty();
        } catch (ResourceNotFoundException e) {
            return Optional.empty();
        }
    }

    @Override
    public Optional<String> ownerOfFile(String binary) {
        return facts.owner("Binary", binary);
    }

    @Override
    public Optional<String> ownerOfSubscription(String subscription) {
        return facts.owner("Subscription", subscription);
    }
}

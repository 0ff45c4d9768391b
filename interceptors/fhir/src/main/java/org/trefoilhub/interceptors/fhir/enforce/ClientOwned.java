package org.trefoilhub.interceptors.fhir.enforce;

import java.util.Optional;

/** Port to what belongs to one client: exports, their files, and subscriptions. Implementations are thread-safe. */
public interface ClientOwned {

    /** Where nothing belongs to anybody. */
    ClientOwned NONE = new ClientOwned() {
        @Override
        public Optional<String> ownerOfJob(String job) {
            return Optional.empty();
        }

        @Override
        public Optional<String> ownerOfFile(String binary) {
            return Optional.empty();
        }

        @Override
        public Optional<String> ownerOfSubscription(String subscription) {
            return Optional.empty();
        }
    };

    /**
     * Whose job it is.
     *
     * @param job id of the job, as a client gave it
     * @return the client that started it, or empty when there is no such export
     */
    Optional<String> ownerOfJob(String job);

    /**
     * Whose file it is, after one statement whether it exists or not.
     *
     * @param binary id of a Binary, as a client gave it
     * @return the client that exported it, or empty when it is no file of an export
     */
    Optional<String> ownerOfFile(String binary);

    /**
     * Whose subscription it is, after one statement whether it exists or not.
     *
     * @param subscription id of a Subscription, as a client gave it
     * @return the client that made it, or empty when it has no owner or does not exist
     */
    Optional<String> ownerOfSubscription(String subscription);
}

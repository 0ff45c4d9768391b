package org.trefoilhub.hub.smart;

/**
 * Credentials of the client {@code hub-demo-loader}, made at start and known to this process alone: the demo loader comes
 * in through the public addresses like everybody else. Present in profile {@code demo} only.
 *
 * @param clientId OAuth client id, for {@code client_credentials} with scope {@code system/*.cruds}
 * @param secret its secret, for {@code client_secret_basic} or {@code client_secret_post}
 */
public record LoaderCredentials(String clientId, String secret) {

    /** Client id of the loader. */
    public static final String CLIENT_ID = "hub-demo-loader";

    @Override
    public String toString() {
        return "LoaderCredentials[" + clientId + "]";
    }
}

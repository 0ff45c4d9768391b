package org.trefoilhub.hub.smart.sso.certificate;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of certificate login, prefix {@code trefoil.smart.certificate}.
 *
 * @param trustAnchors PEM files of the authorities whose certificates count, such as {@code file:/etc/trefoil/ca.pem};
 *     self-signed ones are anchors, others help to build chains. Without any the login page does not offer certificates
 * @param crls revocation lists (DER or PEM) as {@code file:} or {@code http(s):} addresses, one of every issuer
 * @param crlRefresh how often they are read again
 * @param agentUrl where the page finds the signing agent
 * @param challengeLifetime how long a challenge can be answered
 * @param users user name by serial number in hexadecimal, by {@code serial@issuer} or by subject, names as in RFC 2253; a
 *     serial number alone counts only while there is one trust anchor
 * @param practitionerBinding whether a Practitioner's identifier in system {@code sid/cert-sn} binds a certificate too; who
 *     may write Practitioners then decides who logs in as whom
 */
@ConfigurationProperties("trefoil.smart.certificate")
public record CertificateProperties(
        @Nullable List<String> trustAnchors,
        @Nullable List<String> crls,
        @DefaultValue("10m") Duration crlRefresh,
        @DefaultValue("http://127.0.0.1:28990") URI agentUrl,
        @DefaultValue("2m") Duration challengeLifetime,
        @Nullable Map<String, String> users,
        @DefaultValue("false") boolean practitionerBinding) {

    /**
     * Copies the collections and checks the rest.
     *
     * @throws IllegalArgumentException when a duration is not positive or the agent's address is not absolute
     */
    public CertificateProperties {
        trustAnchors = trustAnchors == null ? List.of() : List.copyOf(trustAnchors);
        crls = crls == null ? List.of() : List.copyOf(crls);
        users = users == null ? Map.of() : Map.copyOf(users);
        if (challengeLifetime.isNegative() || challengeLifetime.isZero() || crlRefresh.isNegative()) {
            throw new IllegalArgumentException("expected positive durations under `trefoil.smart.certificate`");
        }
        if (!agentUrl.isAbsolute() || agentUrl.getHost() == null) {
            throw new IllegalArgumentException(
                    "expected an absolute address at `trefoil.smart.certificate.agent-url` but got `" + agentUrl + "`");
        }
    }
}

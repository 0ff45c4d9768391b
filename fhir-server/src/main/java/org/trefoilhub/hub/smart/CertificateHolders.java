package org.trefoilhub.hub.smart;

import java.util.Optional;

/** Finds the person to whom a certificate was issued. */
@FunctionalInterface
public interface CertificateHolders {

    /**
     * The user whose Practitioner carries the certificate's serial number as identifier.
     *
     * @param serialNumber hexadecimal, upper case, without leading zeros; a value of the identifier system {@code sid/cert-sn}
     * @return the user name, or empty when there is no such Practitioner, more than one, or it has no user name
     */
    Optional<String> user(String serialNumber);
}

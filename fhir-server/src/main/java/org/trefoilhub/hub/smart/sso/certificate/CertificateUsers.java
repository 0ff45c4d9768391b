package org.trefoilhub.hub.smart.sso.certificate;

import java.security.cert.X509Certificate;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.trefoilhub.hub.smart.CertificateHolders;

/** Tells whose certificate it is: by the settings, and when they say so by the Practitioners of the hub. */
final class CertificateUsers {

    private final Map<String, String> users = new HashMap<>();
    private final boolean serialIsEnough;
    private final CertificateHolders holders;
    private final boolean askHolders;

    CertificateUsers(
            Map<String, String> users, boolean serialIsEnough, CertificateHolders holders, boolean askHolders) {
        users.forEach((key, user) -> this.users.put(normal(key), user));
        this.serialIsEnough = serialIsEnough;
        this.holders = holders;
        this.askHolders = askHolders;
    }

    /** The user of a checked certificate. */
    Optional<String> user(X509Certificate certificate) {
        String serial = serial(certificate);
        String issuer = certificate.getIssuerX500Principal().getName(X500Principal.RFC2253);
        String subject = certificate.getSubjectX500Principal().getName(X500Principal.RFC2253);
        String user = users.get(normal(serial + "@" + issuer));
        if (user == null) {
            user = users.get(normal(subject));
        }
        if (user == null && serialIsEnough) {
            user = users.get(normal(serial));
        }
        if (user == null && serialIsEnough && askHolders) {
            return holders.user(serial);
        }
        return Optional.ofNullable(user);
    }

    /** The serial number as the identifier system has it: hexadecimal, upper case, without leading zeros. */
    static String serial(X509Certificate certificate) {
        return certificate.getSerialNumber().toString(16).toUpperCase(Locale.ROOT);
    }

    private static String normal(String key) {
        String plain = key.strip().toUpperCase(Locale.ROOT);
        if (plain.contains("=") && !plain.contains("@")) {
            return plain.replaceAll("\\s*([,=])\\s*", "$1");
        }
        int at = plain.indexOf('@');
        String serial = (at < 0 ? plain : plain.substring(0, at))
                .replaceAll("[\\s:]", "")
                .replaceFirst("^0+(?=.)", "");
        return at < 0 ? serial : serial + plain.substring(at).replaceAll("\\s*([,=])\\s*", "$1");
    }
}

package org.trefoilhub.hub.smart.account;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import java.text.ParseException;

/** Reads the key sets that clients prove themselves with. */
public final class PublicKeySet {

    private static final int MAXIMUM_KEYS = 10;
    private static final int MINIMUM_RSA_BITS = 2048;

    private PublicKeySet() {}

    /**
     * Reads a key set.
     *
     * @param json JWK set (RFC 7517) of one to ten public keys for signatures, each with a {@code kid}: RSA of at least 2048
     *     bits, or EC on P-384
     * @return the set
     * @throws IllegalArgumentException with what was expected, when it is anything else
     */
    public static JWKSet parse(String json) {
        JWKSet set;
        try {
            set = JWKSet.parse(json);
        } catch (ParseException e) {
            throw new IllegalArgumentException("expected a JWK set", e);
        }
        if (set.isEmpty() || set.size() > MAXIMUM_KEYS) {
            throw new IllegalArgumentException("expected one to ten keys");
        }
        for (JWK key : set.getKeys()) {
            if (key.isPrivate()) {
                throw new IllegalArgumentException("expected public keys but got a private one");
            }
            if (key.getKeyID() == null || key.getKeyID().isBlank()) {
                throw new IllegalArgumentException("expected every key to have a `kid`");
            }
            if (key.getKeyUse() != null && !key.getKeyUse().equals(KeyUse.SIGNATURE)) {
                throw new IllegalArgumentException("expected keys for signatures");
            }
            boolean fits = key instanceof RSAKey rsa
                    ? rsa.size() >= MINIMUM_RSA_BITS
                    : key instanceof ECKey ec && Curve.P_384.equals(ec.getCurve()) && isPoint(ec);
            if (!fits) {
                throw new IllegalArgumentException("expected RSA keys of at least 2048 bits or EC keys of P-384");
            }
        }
        return set;
    }

    private static boolean isPoint(ECKey key) {
        try {
            key.toECPublicKey();
            return true;
        } catch (JOSEException e) {
            return false;
        }
    }
}

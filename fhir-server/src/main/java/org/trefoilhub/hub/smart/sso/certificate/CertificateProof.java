package org.trefoilhub.hub.smart.sso.certificate;

import java.io.IOException;
import java.io.InputStream;
import java.security.GeneralSecurityException;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertPathValidator;
import java.security.cert.CertificateFactory;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPublicKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.gm.GMObjectIdentifiers;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.signers.DSAEncoding;
import org.bouncycastle.crypto.signers.PlainDSAEncoding;
import org.bouncycastle.crypto.signers.SM2Signer;
import org.bouncycastle.crypto.signers.StandardDSAEncoding;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.DefaultResourceLoader;

/**
 * Checks that a signature was made by the holder of a certificate that counts: signature, key, chain to a trust anchor,
 * validity, revocation, in this order. Thread-safe.
 */
final class CertificateProof {

    private static final int SMALLEST_RSA_BITS = 2048;
    private static final int LONGEST_CHAIN = 5;
    private static final int RAW_SM2_BYTES = 64;
    private static final Set<String> RSA_ALGORITHMS = Set.of("SHA256withRSA", "SHA384withRSA", "SHA512withRSA");
    private static final Pattern BROKEN_DIGEST = Pattern.compile("(?i)md[245]|sha-?1(?!\\d)");
    private static final int DIGITAL_SIGNATURE = 0;
    private static final int KEY_CERT_SIGN = 5;
    private static final int CRL_SIGN = 6;

    private final List<X509Certificate> anchors = new ArrayList<>();
    private final List<X509Certificate> intermediates = new ArrayList<>();
    private final RevocationLists revocations;
    private final Clock clock;

    /**
     * Reads the trust anchors.
     *
     * @param places PEM or DER files
     * @param revocations the revocation lists
     * @param clock the hub's clock
     * @throws CertificateException when a file cannot be read, or none holds a self-signed certificate
     */
    CertificateProof(List<String> places, RevocationLists revocations, Clock clock) {
        this.revocations = revocations;
        this.clock = clock;
        DefaultResourceLoader files = new DefaultResourceLoader();
        for (String place : places) {
            try (InputStream in = files.getResource(place).getInputStream()) {
                for (X509Certificate certificate : X509.certificates(in.readAllBytes())) {
                    boolean selfIssued =
                            certificate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal());
                    (selfIssued ? anchors : intermediates).add(certificate);
                }
            } catch (IOException | GeneralSecurityException e) {
                throw new CertificateException(
                        CertificateErrorCode.SETTINGS, "trust anchors cannot be read from `" + place + "`", e);
            }
        }
        if (anchors.isEmpty()) {
            throw new CertificateException(
                    CertificateErrorCode.SETTINGS,
                    "`trefoil.smart.certificate.trust-anchors` names no self-signed certificate");
        }
    }

    /** Whether one authority alone is trusted, so that a serial number says enough. */
    boolean hasOneAnchor() {
        return anchors.size() == 1;
    }

    /**
     * Checks a proof.
     *
     * @param certificateDer the holder's certificate
     * @param chainDer certificates that may stand between it and a trust anchor, in any order
     * @param algorithm {@code SM3withSM2}, or RSA with SHA-256, SHA-384 or SHA-512
     * @param signature signature over the data; SM2 in DER or as r and s of 32 bytes each
     * @param data what had to be signed
     * @return the certificate
     * @throws CertificateException with the reason when anything does not hold
     */
    X509Certificate check(
            byte[] certificateDer, List<byte[]> chainDer, String algorithm, byte[] signature, byte[] data) {
        X509Certificate certificate;
        List<X509Certificate> offered = new ArrayList<>(intermediates);
        try {
            certificate = X509.certificate(certificateDer);
            for (byte[] der : chainDer) {
                offered.add(X509.certificate(der));
            }
        } catch (GeneralSecurityException e) {
            throw new CertificateException(CertificateErrorCode.MALFORMED, "a certificate cannot be read", e);
        }
        checkSignature(certificate, algorithm, signature, data);
        if (certificate.getKeyUsage() != null && !certificate.getKeyUsage()[DIGITAL_SIGNATURE]) {
            throw new CertificateException(
                    CertificateErrorCode.UNSUITABLE, "the certificate is not meant for signatures");
        }
        List<X509Certificate> path = path(certificate, offered);
        for (X509Certificate one : path) {
            checkValidity(one);
        }
        checkPath(path);
        for (int i = 0; i + 1 < path.size(); i++) {
            checkRevocation(path.get(i), path.get(i + 1));
        }
        return certificate;
    }

    private static void checkSignature(X509Certificate certificate, String algorithm, byte[] signature, byte[] data) {
        boolean right;
        if (algorithm.equals("SM3withSM2")) {
            right = isSm2Signature(certificate, signature, data);
        } else if (RSA_ALGORITHMS.contains(algorithm)
                && certificate.getPublicKey() instanceof RSAPublicKey key
                && key.getModulus().bitLength() >= SMALLEST_RSA_BITS) {
            right = isRsaSignature(key, algorithm, signature, data);
        } else {
            throw new CertificateException(
                    CertificateErrorCode.UNSUITABLE,
                    "expected SM3withSM2 or RSA of 2048 bits or more, as the certificate has it");
        }
        if (!right) {
            throw new CertificateException(CertificateErrorCode.WRONG_SIGNATURE, "the signature does not verify");
        }
    }

    private static boolean isRsaSignature(PublicKey key, String algorithm, byte[] signature, byte[] data) {
        try {
            Signature verifier = Signature.getInstance(algorithm, X509.PROVIDER);
            verifier.initVerify(key);
            verifier.update(data);
            return verifier.verify(signature);
        } catch (GeneralSecurityException e) {
            throw new CertificateException(CertificateErrorCode.WRONG_SIGNATURE, "the signature cannot be read", e);
        }
    }

    private static boolean isSm2Signature(X509Certificate certificate, byte[] signature, byte[] data) {
        SubjectPublicKeyInfo info =
                SubjectPublicKeyInfo.getInstance(certificate.getPublicKey().getEncoded());
        if (!(info.getAlgorithm().getParameters() instanceof ASN1ObjectIdentifier curve)
                || !curve.equals(GMObjectIdentifiers.sm2p256v1)) {
            throw new CertificateException(CertificateErrorCode.UNSUITABLE, "the certificate's key is not an SM2 key");
        }
        AsymmetricKeyParameter key;
        try {
            key = PublicKeyFactory.createKey(info);
        } catch (IOException | IllegalArgumentException e) {
            throw new CertificateException(CertificateErrorCode.MALFORMED, "the SM2 key cannot be read", e);
        }
        boolean raw = signature.length == RAW_SM2_BYTES && verifiesSm2(key, PlainDSAEncoding.INSTANCE, signature, data);
        return raw || verifiesSm2(key, StandardDSAEncoding.INSTANCE, signature, data);
    }

    private static boolean verifiesSm2(
            AsymmetricKeyParameter key, DSAEncoding encoding, byte[] signature, byte[] data) {
        // Without another one the signer takes the user id of GM/T 0009, 1234567812345678.
        SM2Signer verifier = new SM2Signer(encoding);
        verifier.init(false, key);
        verifier.update(data, 0, data.length);
        return verifier.verifySignature(signature);
    }

    /** From the certificate up to a trust anchor; every step is proven by its signature. */
    private List<X509Certificate> path(X509Certificate certificate, List<X509Certificate> offered) {
        List<X509Certificate> path = new ArrayList<>(List.of(certificate));
        while (path.size() <= LONGEST_CHAIN) {
            X509Certificate last = path.get(path.size() - 1);
            X509Certificate anchor = issuerAmong(anchors, last);
            if (anchor != null) {
                path.add(anchor);
                return path;
            }
            X509Certificate next = issuerAmong(offered, last);
            if (next == null || path.contains(next)) {
                break;
            }
            path.add(next);
        }
        throw new CertificateException(CertificateErrorCode.UNTRUSTED, "no chain leads to a trust anchor");
    }

    private static @Nullable X509Certificate issuerAmong(
            List<X509Certificate> candidates, X509Certificate certificate) {
        for (X509Certificate candidate : candidates) {
            if (candidate.getSubjectX500Principal().equals(certificate.getIssuerX500Principal())
                    && isSignedBy(certificate, candidate)) {
                return candidate;
            }
        }
        return null;
    }

    private static boolean isSignedBy(X509Certificate certificate, X509Certificate issuer) {
        try {
            certificate.verify(issuer.getPublicKey(), X509.PROVIDER);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }

    private void checkValidity(X509Certificate certificate) {
        Date now = Date.from(clock.instant());
        if (now.before(certificate.getNotBefore()) || now.after(certificate.getNotAfter())) {
            throw new CertificateException(
                    CertificateErrorCode.NOT_VALID_NOW, "a certificate of the chain is not valid now");
        }
    }

    /** RFC 5280 section 6: constraints of authorities, names, critical extensions. */
    private void checkPath(List<X509Certificate> path) {
        X509Certificate anchor = path.get(path.size() - 1);
        try {
            for (X509Certificate authority : path.subList(1, path.size())) {
                if (authority.getBasicConstraints() < 0
                        || (authority.getKeyUsage() != null && !authority.getKeyUsage()[KEY_CERT_SIGN])) {
                    throw new CertificateException(
                            CertificateErrorCode.UNTRUSTED, "a certificate of the chain may not issue others");
                }
            }
            for (X509Certificate signed : path.subList(0, path.size() - 1)) {
                if (BROKEN_DIGEST.matcher(signed.getSigAlgName()).find()) {
                    throw new CertificateException(
                            CertificateErrorCode.UNTRUSTED,
                            "a certificate of the chain is signed with a broken digest");
                }
            }
            PKIXParameters parameters = new PKIXParameters(Set.of(new TrustAnchor(anchor, null)));
            parameters.setRevocationEnabled(false);
            parameters.setDate(Date.from(clock.instant()));
            CertificateFactory factory = CertificateFactory.getInstance("X.509", X509.PROVIDER);
            CertPathValidator.getInstance("PKIX", X509.PROVIDER)
                    .validate(factory.generateCertPath(path.subList(0, path.size() - 1)), parameters);
        } catch (GeneralSecurityException e) {
            throw new CertificateException(CertificateErrorCode.UNTRUSTED, "the chain does not hold", e);
        }
    }

    private void checkRevocation(X509Certificate certificate, X509Certificate issuer) {
        Date now = Date.from(clock.instant());
        boolean current = false;
        for (X509CRL list : revocations.current()) {
            if (!list.getIssuerX500Principal().equals(certificate.getIssuerX500Principal())
                    || !isComplete(list)
                    || !isSignedBy(list, issuer)) {
                continue;
            }
            if (list.getRevokedCertificate(certificate.getSerialNumber()) != null) {
                // Also on an old list: what was revoked stays revoked.
                throw new CertificateException(CertificateErrorCode.REVOKED, "a certificate of the chain was revoked");
            }
            current |= !now.before(list.getThisUpdate())
                    && list.getNextUpdate() != null
                    && now.before(list.getNextUpdate());
        }
        if (!current) {
            throw new CertificateException(
                    CertificateErrorCode.REVOCATION_UNKNOWN, "no current revocation list of an issuer is at hand");
        }
    }

    /** Lists of a part of the certificates, or of changes only, say so in critical extensions: they prove nothing here. */
    private static boolean isComplete(X509CRL list) {
        Set<String> critical = list.getCriticalExtensionOIDs();
        return critical == null || critical.isEmpty();
    }

    private static boolean isSignedBy(X509CRL list, X509Certificate issuer) {
        boolean[] usage = issuer.getKeyUsage();
        if (usage != null && !usage[CRL_SIGN]) {
            return false;
        }
        try {
            list.verify(issuer.getPublicKey(), X509.PROVIDER);
            return true;
        } catch (GeneralSecurityException e) {
            return false;
        }
    }
}

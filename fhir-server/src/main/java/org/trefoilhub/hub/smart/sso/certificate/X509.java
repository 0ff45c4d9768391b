package org.trefoilhub.hub.smart.sso.certificate;

import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.cert.CertificateFactory;
import java.security.cert.X509CRL;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.bouncycastle.jce.provider.BouncyCastleProvider;

/** Reads certificates and revocation lists with a provider that knows SM2; it is not registered with the platform. */
final class X509 {

    static final Provider PROVIDER = new BouncyCastleProvider();

    private X509() {}

    /** One certificate in DER. */
    static X509Certificate certificate(byte[] der) throws GeneralSecurityException {
        if (factory().generateCertificate(new ByteArrayInputStream(der)) instanceof X509Certificate certificate) {
            return certificate;
        }
        throw new java.security.cert.CertificateException("no X.509 certificate");
    }

    /** Certificates of a PEM file, or one in DER. */
    static List<X509Certificate> certificates(byte[] file) throws GeneralSecurityException {
        List<X509Certificate> found = new ArrayList<>();
        for (Object one : factory().generateCertificates(new ByteArrayInputStream(file))) {
            found.add((X509Certificate) one);
        }
        return found;
    }

    /** Revocation lists of a PEM file, or one in DER. */
    static List<X509CRL> crls(byte[] file) throws GeneralSecurityException {
        Collection<?> all = factory().generateCRLs(new ByteArrayInputStream(file));
        List<X509CRL> found = new ArrayList<>();
        for (Object one : all) {
            found.add((X509CRL) one);
        }
        return found;
    }

    private static CertificateFactory factory() throws GeneralSecurityException {
        return CertificateFactory.getInstance("X.509", PROVIDER);
    }
}

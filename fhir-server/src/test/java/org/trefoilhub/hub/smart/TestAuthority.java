package org.trefoilhub.hub.smart;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.ASN1Sequence;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.CRLReason;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.X509v2CRLBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CRLConverter;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.ContentSigner;
import org.bouncycastle.operator.OperatorException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.BigIntegers;

/** A certification authority for tests: keys, certificates and revocation lists, RSA or SM2. */
public final class TestAuthority {

    private static final Provider BC = new BouncyCastleProvider();
    private static final SecureRandom RANDOM = new SecureRandom();
    static final Duration DAY = Duration.ofDays(1);

    private final String algorithm;
    private final KeyPair keys;
    private final X509Certificate certificate;
    private final List<BigInteger> revoked = new ArrayList<>();

    /** A person's key with its certificate, as a USB key holds them. */
    public record Token(PrivateKey key, X509Certificate certificate, List<X509Certificate> chain, String algorithm) {

        public String serial() {
            return certificate.getSerialNumber().toString(16);
        }

        public byte[] sign(byte[] data) {
            try {
                Signature signer = Signature.getInstance(algorithm, BC);
                signer.initSign(key);
                signer.update(data);
                return signer.sign();
            } catch (GeneralSecurityException e) {
                throw new IllegalStateException(e);
            }
        }

        /** An SM2 signature as many USB keys give it: r and s, 32 bytes each. */
        public byte[] signRaw(byte[] data) {
            ASN1Sequence der = ASN1Sequence.getInstance(sign(data));
            byte[] raw = new byte[64];
            for (int i = 0; i < 2; i++) {
                byte[] part = BigIntegers.asUnsignedByteArray(
                        32, ASN1Integer.getInstance(der.getObjectAt(i)).getValue());
                System.arraycopy(part, 0, raw, 32 * i, 32);
            }
            return raw;
        }

        public String certificateBase64() {
            return base64(certificate);
        }

        String chainBase64() {
            return String.join(" ", chain.stream().map(TestAuthority::base64).toList());
        }
    }

    private TestAuthority(String algorithm, KeyPair keys, X509Certificate certificate) {
        this.algorithm = algorithm;
        this.keys = keys;
        this.certificate = certificate;
    }

    public static TestAuthority rsa(String name) {
        return root(name, "SHA256withRSA", rsaKeys(2048));
    }

    public static TestAuthority sm2(String name) {
        return root(name, "SM3withSM2", sm2Keys());
    }

    private static TestAuthority root(String name, String algorithm, KeyPair keys) {
        X500Name self = new X500Name("CN=" + name);
        X509Certificate certificate = certificate(
                self, self, keys, keys, algorithm, true, KeyUsage.keyCertSign | KeyUsage.cRLSign, now(), DAY);
        return new TestAuthority(algorithm, keys, certificate);
    }

    /** An authority below this one. */
    TestAuthority below(String name) {
        KeyPair own = algorithm.equals("SM3withSM2") ? sm2Keys() : rsaKeys(2048);
        X509Certificate issued = certificate(
                subject(),
                new X500Name("CN=" + name),
                own,
                keys,
                algorithm,
                true,
                KeyUsage.keyCertSign | KeyUsage.cRLSign,
                now(),
                DAY);
        return new TestAuthority(algorithm, own, issued);
    }

    /** A certificate that was issued to a person although it must not issue others, used as if it could. */
    static TestAuthority pretending(Token token) {
        return new TestAuthority(
                token.algorithm(), new KeyPair(token.certificate().getPublicKey(), token.key()), token.certificate());
    }

    public Token issue(String name) {
        return issue(name, KeyUsage.digitalSignature, 2048, now(), DAY);
    }

    Token issue(String name, int usage, int rsaBits, Instant from, Duration valid) {
        KeyPair own = algorithm.equals("SM3withSM2") ? sm2Keys() : rsaKeys(rsaBits);
        X509Certificate issued =
                certificate(subject(), new X500Name("CN=" + name), own, keys, algorithm, false, usage, from, valid);
        return new Token(own.getPrivate(), issued, List.of(certificate), algorithm);
    }

    public void revoke(X509Certificate issued) {
        revoked.add(issued.getSerialNumber());
    }

    public X509Certificate certificate() {
        return certificate;
    }

    public String name() {
        return certificate.getSubjectX500Principal().getName();
    }

    public String certificatePem() {
        return pem(certificate);
    }

    /** The revocation list, current for a day. */
    public String crlPem() {
        return crlPem(now(), DAY);
    }

    String crlPem(Instant from, Duration valid) {
        try {
            X509v2CRLBuilder list = new X509v2CRLBuilder(subject(), Date.from(from));
            list.setNextUpdate(Date.from(from.plus(valid)));
            revoked.forEach(serial -> list.addCRLEntry(serial, Date.from(from), CRLReason.keyCompromise));
            return pem(new JcaX509CRLConverter().setProvider(BC).getCRL(list.build(signer(keys, algorithm))));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    static Instant now() {
        return Clock.systemUTC().instant().minusSeconds(60);
    }

    static String base64(X509Certificate certificate) {
        try {
            return Base64.getEncoder().encodeToString(certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private X500Name subject() {
        return X500Name.getInstance(certificate.getSubjectX500Principal().getEncoded());
    }

    private static X509Certificate certificate(
            X500Name issuer,
            X500Name subject,
            KeyPair own,
            KeyPair issuing,
            String algorithm,
            boolean authority,
            int usage,
            Instant from,
            Duration valid) {
        try {
            JcaX509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                    issuer,
                    new BigInteger(96, RANDOM).setBit(95),
                    Date.from(from),
                    Date.from(from.plus(valid)),
                    subject,
                    own.getPublic());
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(usage));
            return new JcaX509CertificateConverter()
                    .setProvider(BC)
                    .getCertificate(builder.build(signer(issuing, algorithm)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static ContentSigner signer(KeyPair keys, String algorithm) {
        try {
            return new JcaContentSignerBuilder(algorithm).setProvider(BC).build(keys.getPrivate());
        } catch (OperatorException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair rsaKeys(int bits) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(bits);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeyPair sm2Keys() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC", BC);
            generator.initialize(new ECGenParameterSpec("sm2p256v1"), RANDOM);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String pem(Object object) {
        StringWriter text = new StringWriter();
        try (JcaPEMWriter pem = new JcaPEMWriter(text)) {
            pem.writeObject(object);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return text.toString();
    }
}

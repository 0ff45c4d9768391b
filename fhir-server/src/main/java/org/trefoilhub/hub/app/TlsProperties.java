package org.trefoilhub.hub.app;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * HTTPS beside plain HTTP, prefix {@code trefoil.tls}.
 *
 * @param port port of HTTPS with HTTP/2
 * @param keyStore PKCS #12 file with the server's key and certificate chain; null = no HTTPS unless {@code selfSigned}
 * @param keyStorePassword password of that file (secret)
 * @param selfSigned whether to make a key store with a certificate for {@code localhost} under the home directory when
 *     none is configured
 */
@ConfigurationProperties("trefoil.tls")
public record TlsProperties(
        @DefaultValue("8443") int port,
        @Nullable Path keyStore,
        @Nullable String keyStorePassword,
        @DefaultValue("false") boolean selfSigned) {

    @Override
    public String toString() {
        return "TlsProperties[port=" + port + ", keyStore=" + keyStore + ", selfSigned=" + selfSigned + "]";
    }
}

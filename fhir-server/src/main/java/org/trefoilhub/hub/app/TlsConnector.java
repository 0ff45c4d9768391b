package org.trefoilhub.hub.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.apache.catalina.connector.Connector;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.coyote.http2.Http2Protocol;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.springframework.boot.autoconfigure.web.ServerProperties;
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.context.annotation.Configuration;

/** Adds HTTPS with HTTP/2 beside plain HTTP when a key store is configured or may be self-signed. */
@Configuration(proxyBeanMethods = false)
class TlsConnector implements WebServerFactoryCustomizer<TomcatServletWebServerFactory> {

    private final TlsProperties tls;
    private final HubProperties hub;
    private final ServerProperties server;

    TlsConnector(TlsProperties tls, HubProperties hub, ServerProperties server) {
        this.tls = tls;
        this.hub = hub;
        this.server = server;
    }

    @Override
    public void customize(TomcatServletWebServerFactory factory) {
        if (tls.keyStore() != null) {
            String password = tls.keyStorePassword();
            factory.addAdditionalTomcatConnectors(connector(tls.keyStore(), password == null ? "" : password));
        } else if (tls.selfSigned()) {
            try {
                SelfSignedKeyStore made = SelfSignedKeyStore.in(hub.home().resolve("tls"));
                factory.addAdditionalTomcatConnectors(connector(made.file(), made.password()));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private Connector connector(Path keyStore, String password) {
        Connector connector = new Connector(Http11NioProtocol.class.getName());
        connector.setPort(tls.port());
        connector.setScheme("https");
        connector.setSecure(true);
        Http11NioProtocol protocol = (Http11NioProtocol) connector.getProtocolHandler();
        protocol.setSSLEnabled(true);
        protocol.setAddress(server.getAddress());
        protocol.setRelaxedQueryChars("|");
        protocol.setRelaxedPathChars("|");
        protocol.setCompression("on");
        protocol.setCompressionMinSize(
                (int) server.getCompression().getMinResponseSize().toBytes());
        protocol.setCompressibleMimeType(
                String.join(",", server.getCompression().getMimeTypes()));

        SSLHostConfig host = new SSLHostConfig();
        host.setProtocols("TLSv1.2+TLSv1.3");
        SSLHostConfigCertificate certificate =
                new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.UNDEFINED);
        certificate.setCertificateKeystoreFile(keyStore.toAbsolutePath().toString());
        certificate.setCertificateKeystoreType("PKCS12");
        certificate.setCertificateKeystorePassword(password);
        host.addCertificate(certificate);
        connector.addSslHostConfig(host);
        connector.addUpgradeProtocol(new Http2Protocol());
        return connector;
    }
}

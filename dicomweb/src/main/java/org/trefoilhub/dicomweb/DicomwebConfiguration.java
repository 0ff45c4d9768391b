package org.trefoilhub.dicomweb;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.multipart.support.StandardServletMultipartResolver;

/**
 * Wires the archive and its doors; the application imports it.
 *
 * <p>Needs beans {@link javax.sql.DataSource}, {@link
 * org.springframework.transaction.PlatformTransactionManager}, {@link org.trefoilhub.access.policy.PolicySource}, {@link
 * java.time.Clock}, {@link org.trefoilhub.dicomweb.archive.DimsePeers}, a method argument resolver for {@link
 * org.trefoilhub.access.policy.Subject}, and the property {@code trefoil.public-url}.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ArchiveProperties.class)
@ComponentScan
public class DicomwebConfiguration {

    /** Leaves {@code multipart/related} alone: those bodies are streamed to the archive, never unpacked beforehand. */
    @Bean
    StandardServletMultipartResolver multipartResolver() {
        StandardServletMultipartResolver resolver = new StandardServletMultipartResolver();
        resolver.setStrictServletCompliance(true);
        return resolver;
    }
}

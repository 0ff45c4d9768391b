package org.trefoilhub.dicomweb;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.ComponentScan;
import org.springframework.context.annotation.Configuration;

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
public class DicomwebConfiguration {}

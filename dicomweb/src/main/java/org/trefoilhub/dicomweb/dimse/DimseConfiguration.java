package org.trefoilhub.dicomweb.dimse;

import java.net.InetSocketAddress;
import java.time.Clock;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.trefoilhub.access.audit.AuditTrail;
import org.trefoilhub.access.policy.PolicySource;
import org.trefoilhub.dicom.net.ServerOptions;
import org.trefoilhub.dicomweb.ArchiveProperties;
import org.trefoilhub.dicomweb.archive.Archive;
import org.trefoilhub.dicomweb.archive.DimsePeers;
import org.trefoilhub.dicomweb.archive.StudyPatients;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(DimseProperties.class)
@ConditionalOnProperty(name = "trefoil.dimse.enabled", matchIfMissing = true)
class DimseConfiguration {

    @Bean
    DimseDoor dimseDoor(
            DimseProperties properties,
            ArchiveProperties archiveProperties,
            Environment environment,
            Archive archive,
            DimsePeers peers,
            PolicySource policies,
            Clock clock,
            AuditTrail trail,
            StudyPatients patients) {
        DimseAudit audit = new DimseAudit(trail, patients);
        // The archive refuses what is too large with a status; the association is cut only far beyond that.
        long maxDatasetBytes = 2 * archiveProperties.maxObject().toBytes();
        ServerOptions options = new ServerOptions(
                bindAddress(properties, environment),
                properties.maxAssociations(),
                Math.toIntExact(properties.maxPduLength().toBytes()),
                properties.artimTimeout(),
                properties.idleTimeout(),
                maxDatasetBytes);
        return new DimseDoor(
                options,
                properties.aeTitle(),
                properties.shutdownGrace(),
                peers,
                new ArchiveReceiverFactory(archive, policies, clock, audit),
                audit);
    }

    private static InetSocketAddress bindAddress(DimseProperties properties, Environment environment) {
        String address = properties.bindAddress();
        if (address == null || address.isBlank()) {
            address = environment.getProperty("server.address", "");
        }
        return address.isBlank()
                ? new InetSocketAddress(properties.port())
                : new InetSocketAddress(address, properties.port());
    }
}

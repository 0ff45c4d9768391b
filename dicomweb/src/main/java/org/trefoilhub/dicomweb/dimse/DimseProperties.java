package org.trefoilhub.dicomweb.dimse;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the DIMSE door, {@code trefoil.dimse.*}.
 *
 * @param enabled whether the port is opened at all
 * @param aeTitle our AE title; associations that call another one are rejected
 * @param port TCP port, 0 = any free one
 * @param bindAddress address to listen on; not set = {@code server.address}, and when that is not set, all
 * @param maxAssociations associations at once
 * @param maxPduLength largest PDU taken
 * @param artimTimeout time for a peer to ask for an association after connecting, and to close after one
 * @param idleTimeout time an association may be silent, and one PDU may take
 * @param shutdownGrace time for requests under way when the hub stops
 */
@ConfigurationProperties("trefoil.dimse")
public record DimseProperties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("TREFOIL") String aeTitle,
        @DefaultValue("11112") int port,
        @Nullable String bindAddress,
        @DefaultValue("64") int maxAssociations,
        @DefaultValue("128KB") DataSize maxPduLength,
        @DefaultValue("10s") Duration artimTimeout,
        @DefaultValue("60s") Duration idleTimeout,
        @DefaultValue("20s") Duration shutdownGrace) {}

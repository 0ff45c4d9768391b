package org.trefoilhub.hub.ingest;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * Settings of the HL7 v2 door, {@code trefoil.hl7v2.*}. Senders and receivers are Devices.
 *
 * @param enabled whether the port is opened at all
 * @param port TCP port of MLLP, 0 = any free one
 * @param bindAddress address to listen on; not set = {@code server.address}, and when that is not set, all
 * @param maxConnections connections at once
 * @param maxMessage largest message taken
 * @param idleTimeout silence after which a connection is closed
 * @param frameTimeout longest time that one message may take to arrive
 * @param shutdownGrace time for messages under way when the hub stops
 * @param parkFor how long a message waits for what it speaks of
 * @param retryInterval how often waiting messages are looked at
 * @param answerTimeout how long a receiver may take to connect and to answer
 * @param longestPause longest time between two tries to deliver
 */
@ConfigurationProperties("trefoil.hl7v2")
public record Hl7v2Properties(
        @DefaultValue("true") boolean enabled,
        @DefaultValue("2575") int port,
        @Nullable String bindAddress,
        @DefaultValue("64") int maxConnections,
        @DefaultValue("32MB") DataSize maxMessage,
        @DefaultValue("10m") Duration idleTimeout,
        @DefaultValue("30s") Duration frameTimeout,
        @DefaultValue("20s") Duration shutdownGrace,
        @DefaultValue("24h") Duration parkFor,
        @DefaultValue("30s") Duration retryInterval,
        @DefaultValue("10s") Duration answerTimeout,
        @DefaultValue("1m") Duration longestPause) {}

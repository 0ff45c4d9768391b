package org.trefoilhub.hub.ingest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.hl7.fhir.r4.model.Bundle;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.trefoilhub.access.audit.AuditAction;
import org.trefoilhub.access.audit.AuditCode;
import org.trefoilhub.access.audit.AuditException;
import org.trefoilhub.access.audit.AuditOutcome;
import org.trefoilhub.access.audit.AuditRecord;
import org.trefoilhub.access.audit.AuditTrail;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.connectors.hl7v2.Acknowledgement;
import org.trefoilhub.connectors.hl7v2.Hl7Message;
import org.trefoilhub.connectors.hl7v2.Hl7Reader;
import org.trefoilhub.connectors.hl7v2.Segment;
import org.trefoilhub.connectors.ingest.ResourceSink;
import org.trefoilhub.connectors.mapping.Dictionary;
import org.trefoilhub.connectors.mapping.MappingContext;
import org.trefoilhub.connectors.mapping.MessageMapper;
import org.trefoilhub.connectors.mapping.Names;
import org.trefoilhub.connectors.mllp.FrameException;
import org.trefoilhub.connectors.mllp.MessageHandler;
import org.trefoilhub.connectors.mllp.MllpOptions;
import org.trefoilhub.connectors.mllp.MllpServer;
import org.trefoilhub.connectors.source.IngestErrorCode;
import org.trefoilhub.connectors.source.IngestException;
import org.trefoilhub.connectors.source.SourceChange;
import org.trefoilhub.connectors.source.SourceSystem;

/**
 * Opens the MLLP port with the application and answers every message once it is stored, parked or in quarantine, and its
 * audit event durable.
 *
 * <p>Answers are of the original mode (MSA-1 AA, AE or AR), whatever MSH-15 and MSH-16 ask for. Thread-safe.
 */
public final class Hl7Door implements SmartLifecycle, MessageHandler {

    private static final Logger log = LoggerFactory.getLogger(Hl7Door.class);

    private final MllpOptions options;
    private final Duration shutdownGrace;
    private final Hl7v2Properties settings;
    private final DeviceSenders senders;
    private final MessageLog messages;
    private final Quarantine quarantine;
    private final ResourceSink sink;
    private final Dictionary dictionary;
    private final Names names;
    private final ZoneId zone;
    private final Clock clock;
    private final AuditTrail trail;
    private @Nullable MllpServer server;

    Hl7Door(
            InetSocketAddress bindAddress,
            Hl7v2Properties settings,
            DeviceSenders senders,
            MessageLog messages,
            Quarantine quarantine,
            ResourceSink sink,
            Dictionary dictionary,
            Names names,
            ZoneId zone,
            Clock clock,
            AuditTrail trail) {
        this.options = new MllpOptions(
                bindAddress,
                settings.maxConnections(),
                Math.toIntExact(settings.maxMessage().toBytes()),
                settings.idleTimeout(),
                settings.frameTimeout());
        this.shutdownGrace = settings.shutdownGrace();
        this.settings = settings;
        this.senders = senders;
        this.messages = messages;
        this.quarantine = quarantine;
        this.sink = sink;
        this.dictionary = dictionary;
        this.names = names;
        this.zone = zone;
        this.clock = clock;
        this.trail = trail;
    }

    /**
     * Binds the port.
     *
     * @throws UncheckedIOException when it cannot be bound
     */
    @Override
    public synchronized void start() {
        if (server != null) {
            return;
        }
        MllpServer started = new MllpServer(options, this);
        try {
            started.start();
        } catch (IOException e) {
            started.close();
            throw new UncheckedIOException(
                    "cannot listen on " + options.bindAddress() + ", free the port or set trefoil.hl7v2.port", e);
        }
        server = started;
        log.info("HL7 v2 door is open");
    }

    /**
     * The address bound.
     *
     * @throws IllegalStateException when the door is closed
     */
    public synchronized InetSocketAddress address() {
        MllpServer current = server;
        if (current == null) {
            throw new IllegalStateException("the HL7 v2 door is closed");
        }
        return current.address();
    }

    @Override
    public synchronized void stop() {
        MllpServer current = server;
        if (current != null) {
            current.stop(shutdownGrace);
            server = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return server != null;
    }

    @Override
    public byte[] handle(byte[] message, InetAddress peer) {
        Segment header = null;
        try {
            header = Hl7Reader.header(message);
            Segment found = header;
            SourceSystem source = senders.find(header.value(3), peer)
                    .orElseThrow(() -> new IngestException(
                            IngestErrorCode.UNKNOWN_SENDER, "expected a sender that is configured for this address"));
            return accept(source, message, found, peer);
        } catch (IngestException e) {
            log.info("an HL7 v2 message is refused: {}", e.code().code());
            boolean recorded = recorded(AuditRecord.of(AuditCode.NETWORK_ENTRY, AuditAction.EXECUTE)
                    .door(Door.HL7V2)
                    .address(peer.getHostAddress())
                    .failed(AuditOutcome.MINOR_FAILURE, e.code().code())
                    .build());
            return answer(header, recorded ? "AR" : "AE", e);
        } catch (RuntimeException e) {
            log.error("an HL7 v2 message cannot be taken now", e);
            return answer(header, "AE", outOfResources(e));
        }
    }

    private byte[] accept(SourceSystem source, byte[] bytes, Segment header, InetAddress peer) {
        MessageLog.Row row =
                messages.begin(source.code(), header.value(10), header.value(9, 1) + "^" + header.value(9, 2), bytes);
        if (row.isSettled()) {
            return recorded(event(source, row, peer).detail("duplicate", "true").build())
                    ? answer(header, "AA", null)
                    : answer(header, "AE", null);
        }
        try {
            ResourceSink.Applied applied = apply(source, row, bytes, false);
            AuditRecord.Builder event =
                    event(source, row, peer).detail("outcome", applied.state().name());
            applied.touched().forEach(event::resource);
            applied.touched().stream()
                    .filter(reference -> reference.startsWith("Patient/"))
                    .forEach(event::patient);
            return recorded(event.build()) ? answer(header, "AA", null) : answer(header, "AE", null);
        } catch (IngestException e) {
            refuse(row, e);
            boolean recorded = recorded(event(source, row, peer)
                    .failed(AuditOutcome.MINOR_FAILURE, e.code().code())
                    .build());
            return answer(header, recorded ? source.refusal().name() : "AE", e);
        }
    }

    private ResourceSink.Applied apply(SourceSystem source, MessageLog.Row row, byte[] bytes, boolean overdue) {
        Hl7Message message = Hl7Reader.read(bytes, source.charset());
        SourceChange change =
                MessageMapper.map(message, new MappingContext(source, names, zone, dictionary, row.received()));
        ResourceSink.Applied applied = sink.apply(source, change, new ResourceSink.Offset(row.id(), overdue));
        if (applied.state() != ResourceSink.State.PARKED) {
            if (row.state().equals("REJECTED")) {
                quarantine.resolved(row);
            }
            for (Bundle.BundleEntryComponent entry : change.bundle().getEntry()) {
                if (entry.getResource().fhirType().equals("ServiceRequest")) {
                    messages.waitingFor(FhirResourceSink.condition(entry.getRequest()))
                            .forEach(this::retry);
                }
            }
        }
        return applied;
    }

    private void refuse(MessageLog.Row row, IngestException e) {
        String reason = e.getMessage() == null ? "" : e.getMessage();
        log.warn(
                "a message of {} goes to quarantine: {} {}",
                row.source(),
                e.code().code(),
                reason);
        Duration again = e.code() == IngestErrorCode.UNKNOWN_STATUS ? settings.retryInterval() : null;
        messages.rejected(row.id(), e.code(), reason, again);
        quarantine.rejected(row, e.code());
    }

    /** Tries a waiting message once more; what fails waits on or goes to quarantine. */
    void retry(MessageLog.Row row) {
        Optional<SourceSystem> source = senders.known(row.source());
        if (source.isEmpty()) {
            messages.parked(row.id(), "", settings.retryInterval());
            return;
        }
        boolean overdue = row.received().plus(settings.parkFor()).isBefore(clock.instant());
        try {
            apply(source.get(), row, row.payload(), overdue);
        } catch (IngestException e) {
            refuse(row, e);
        }
    }

    /** Tries what is due; how many there were. */
    int retryDue() {
        List<MessageLog.Row> due = messages.due(100);
        due.forEach(this::retry);
        return due.size();
    }

    @Override
    public void broken(FrameException.Fault fault, InetAddress peer) {
        recorded(AuditRecord.of(AuditCode.NETWORK_ENTRY, AuditAction.EXECUTE)
                .door(Door.HL7V2)
                .address(peer.getHostAddress())
                .failed(AuditOutcome.MINOR_FAILURE, "MLLP frame: " + fault)
                .build());
    }

    private static AuditRecord.Builder event(SourceSystem source, MessageLog.Row row, InetAddress peer) {
        return AuditRecord.of(AuditCode.PATIENT_RECORD, AuditAction.UPDATE)
                .door(Door.HL7V2)
                .subject(source.subject())
                .address(peer.getHostAddress())
                .detail("source", source.code())
                .detail("message", row.kind())
                .detail("control-id", row.controlId());
    }

    private boolean recorded(AuditRecord event) {
        try {
            trail.record(event);
            return true;
        } catch (AuditException e) {
            log.error(
                    "{} an HL7 v2 message is not acknowledged because its audit event is not durable",
                    e.code().code());
            return false;
        }
    }

    private static IngestException outOfResources(RuntimeException cause) {
        return new IngestException(IngestErrorCode.OUT_OF_RESOURCES, "the hub cannot take this message now", cause);
    }

    private byte[] answer(@Nullable Segment header, String code, @Nullable IngestException why) {
        Instant now = clock.instant();
        String controlId = UUID.randomUUID().toString().replace("-", "").substring(0, 20);
        return Acknowledgement.of(header, code, why, controlId, now, zone).getBytes(StandardCharsets.US_ASCII);
    }
}

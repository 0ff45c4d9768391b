package org.trefoilhub.hub.ingest;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.trefoilhub.access.audit.AuditAction;
import org.trefoilhub.access.audit.AuditCode;
import org.trefoilhub.access.audit.AuditOutcome;
import org.trefoilhub.access.audit.AuditRecord;
import org.trefoilhub.access.audit.AuditTrail;
import org.trefoilhub.access.policy.AccessRequest;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Environment;
import org.trefoilhub.access.policy.PolicySource;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.connectors.hl7v2.Hl7Message;
import org.trefoilhub.connectors.hl7v2.Hl7Reader;
import org.trefoilhub.connectors.mllp.MllpClient;
import org.trefoilhub.connectors.source.IngestException;
import org.trefoilhub.interceptors.fhir.facts.FactSource;

/**
 * Delivers the outbox: each message until its receiver answers AA (or CA), messages of one exam in order.
 *
 * <p>Delivery is a door: the policy is asked for the receiver at the moment of sending, and an audit event is durable before
 * the bytes leave. A receiver that cannot be reached is tried again after 1, 2, 4 ... seconds up to the longest pause; so is
 * a message that is answered with an error, which holds up its own exam alone. What waits survives a restart.
 */
final class OutboxSender implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(OutboxSender.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final int BATCH = 100;

    private final Outbox outbox;
    private final Hl7Receivers receivers;
    private final OutgoingMessages messages;
    private final PolicySource policies;
    private final FactSource facts;
    private final AuditTrail trail;
    private final Hl7v2Properties settings;
    private final Clock clock;
    private final Runnable parked;

    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private final Map<String, Pause> pauses = new ConcurrentHashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition signalled = lock.newCondition();
    private boolean wake;
    private volatile boolean running;
    private @Nullable ExecutorService threads;

    private record Pause(int failures, Instant until) {}

    OutboxSender(
            Outbox outbox,
            Hl7Receivers receivers,
            OutgoingMessages messages,
            PolicySource policies,
            FactSource facts,
            AuditTrail trail,
            Hl7v2Properties settings,
            Clock clock,
            Runnable parked) {
        this.outbox = outbox;
        this.receivers = receivers;
        this.messages = messages;
        this.policies = policies;
        this.facts = facts;
        this.trail = trail;
        this.settings = settings;
        this.clock = clock;
        this.parked = parked;
    }

    @Override
    public synchronized void start() {
        if (running) {
            return;
        }
        running = true;
        outbox.onGrowth(this::wakeUp);
        ExecutorService started = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "hl7v2-outbox");
            thread.setDaemon(true);
            return thread;
        });
        threads = started;
        started.execute(() -> follow(started));
        started.execute(this::lookAtParked);
    }

    @Override
    public synchronized void stop() {
        running = false;
        wakeUp();
        ExecutorService current = threads;
        if (current != null) {
            current.shutdownNow();
            try {
                if (!current.awaitTermination(10, TimeUnit.SECONDS)) {
                    log.warn("the HL7 v2 outbox did not stop within 10 s");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            threads = null;
        }
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void wakeUp() {
        lock.lock();
        try {
            wake = true;
            signalled.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean rest(Duration longest, boolean wakeable) {
        lock.lock();
        try {
            long left = longest.toNanos();
            while (left > 0 && running && !(wakeable && wake)) {
                left = signalled.awaitNanos(left);
            }
            if (wakeable) {
                wake = false;
            }
            return running;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    private void lookAtParked() {
        while (rest(settings.retryInterval(), false)) {
            try {
                parked.run();
            } catch (RuntimeException e) {
                log.warn("waiting messages cannot be looked at now", e);
            }
        }
    }

    private void follow(ExecutorService workers) {
        do {
            try {
                for (String receiver : outbox.receivers()) {
                    Pause pause = pauses.get(receiver);
                    boolean due = pause == null || !pause.until().isAfter(clock.instant());
                    if (due && busy.add(receiver)) {
                        workers.execute(() -> {
                            try {
                                serve(receiver);
                            } catch (RuntimeException e) {
                                log.warn("messages to {} cannot be sent now", receiver, e);
                            } finally {
                                busy.remove(receiver);
                            }
                        });
                    }
                }
            } catch (RuntimeException e) {
                log.warn("the HL7 v2 outbox cannot be read now", e);
            }
        } while (rest(LOOK, true));
    }

    private void serve(String code) {
        Optional<Hl7Receivers.Receiver> known = receivers.of(code);
        if (known.isEmpty()) {
            // No longer configured, or not for the moment: nothing is lost meanwhile.
            pause(code);
            return;
        }
        Hl7Receivers.Receiver receiver = known.get();
        List<Outbox.Row> due = outbox.due(code, BATCH);
        if (due.isEmpty()) {
            return;
        }
        try (MllpClient client =
                new MllpClient(new InetSocketAddress(receiver.host(), receiver.port()), settings.answerTimeout())) {
            while (!due.isEmpty() && running) {
                for (Outbox.Row row : due) {
                    deliver(row, receiver, client);
                }
                pauses.remove(code);
                due = outbox.due(code, BATCH);
            }
        } catch (IOException e) {
            log.info("receiver {} cannot be reached: {}", code, e.getClass().getSimpleName());
            pause(code);
        }
    }

    private void pause(String code) {
        pauses.compute(code, (receiver, before) -> {
            int failures = before == null ? 1 : before.failures() + 1;
            return new Pause(failures, clock.instant().plus(backOff(failures)));
        });
    }

    private Duration backOff(int failures) {
        Duration pause = Duration.ofSeconds(1L << Math.min(failures - 1, 20));
        return pause.compareTo(settings.longestPause()) > 0 ? settings.longestPause() : pause;
    }

    private void deliver(Outbox.Row row, Hl7Receivers.Receiver receiver, MllpClient client) throws IOException {
        ResourceFacts known = facts.load(List.of(row.reference())).get(row.reference());
        boolean permitted = known != null
                && policies.current()
                        .decide(AccessRequest.of(
                                receiver.subject(), Action.VIEW, known, new Environment(Door.HL7V2, clock.instant())))
                        .permitted();
        AuditRecord.Builder event = AuditRecord.of(AuditCode.PATIENT_RECORD, AuditAction.READ)
                .subtype(AuditCode.NOTIFICATION)
                .door(Door.HL7V2)
                .subject(receiver.subject())
                .resource(row.reference())
                .detail("receiver", receiver.code())
                .detail("control-id", "TRF" + row.id());
        if (known != null && known.patients() != null) {
            event.patients(known.patients());
        }
        if (!permitted) {
            trail.record(event.failed(AuditOutcome.MINOR_FAILURE, "no policy permits it")
                    .build());
            outbox.withheld(row.id(), "no policy permits it");
            return;
        }
        Optional<String> message = row.payload() != null ? Optional.of(row.payload()) : messages.make(row, receiver);
        if (message.isEmpty()) {
            outbox.withheld(row.id(), "there is nothing left to tell");
            return;
        }
        if (row.payload() == null) {
            outbox.made(row.id(), message.get());
        }
        trail.record(event.build());
        byte[] answer;
        try {
            answer = client.send(message.get().getBytes(receiver.charset()));
        } catch (IOException e) {
            outbox.failed(row.id(), "no answer", Duration.ZERO);
            throw e;
        }
        String code = code(answer);
        if (code.equals("AA") || code.equals("CA")) {
            outbox.delivered(row.id());
        } else {
            log.warn("receiver {} answers {} to a message of kind {}", receiver.code(), code, row.kind());
            outbox.failed(row.id(), "answered " + code, backOff(row.attempts() + 1));
        }
    }

    private static String code(byte[] answer) {
        try {
            Hl7Message message = Hl7Reader.read(answer, null);
            String code = message.required("MSA").value(1);
            return code.matches("[A-Z]{2}") ? code : "nothing known";
        } catch (IngestException e) {
            return "nothing readable";
        }
    }
}

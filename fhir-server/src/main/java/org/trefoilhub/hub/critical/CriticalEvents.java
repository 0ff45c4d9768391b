package org.trefoilhub.hub.critical;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Task;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Subject;

/**
 * The open consoles and what they are told: cases of their ward, of themselves and of their department. Every event asks
 * the policy anew and names the Task alone; what stands in it the console reads at the FHIR door.
 *
 * <p>A new connection is told of every open case first, so a popup comes back after a login or a lost connection. A
 * connection ends with the login session, at the latest with the next heartbeat.
 */
public final class CriticalEvents implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(CriticalEvents.class);
    private static final long HEARTBEAT_SECONDS = 5;
    private static final long LONGEST_MILLIS = TimeUnit.HOURS.toMillis(1);

    private final CriticalDesk desk;
    private final CriticalPolicy policy;
    private final Predicate<Subject> live;
    private final List<Connection> connections = new CopyOnWriteArrayList<>();
    private final ExecutorService sender = Executors.newSingleThreadExecutor(task -> thread(task, "critical-events"));
    private final ScheduledExecutorService heart =
            Executors.newSingleThreadScheduledExecutor(task -> thread(task, "critical-heartbeat"));

    /** One open console. */
    private record Connection(Subject subject, SseEmitter emitter) {}

    /**
     * Serves consoles.
     *
     * @param live whether the login session of a subject still lasts; asking is no use of it
     */
    CriticalEvents(CriticalDesk desk, CriticalPolicy policy, Predicate<Subject> live) {
        this.desk = desk;
        this.policy = policy;
        this.live = live;
        heart.scheduleWithFixedDelay(this::beat, HEARTBEAT_SECONDS, HEARTBEAT_SECONDS, TimeUnit.SECONDS);
    }

    private static Thread thread(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }

    /** Opens a connection; what is open follows. */
    SseEmitter open(Subject subject) {
        SseEmitter emitter = new SseEmitter(LONGEST_MILLIS);
        Connection connection = new Connection(subject, emitter);
        emitter.onCompletion(() -> connections.remove(connection));
        emitter.onTimeout(emitter::complete);
        emitter.onError(error -> connections.remove(connection));
        sender.execute(() -> {
            comment(connection, "open");
            connections.add(connection);
            for (Task task : stored()) {
                tell(connection, task);
            }
        });
        return emitter;
    }

    private List<Task> stored() {
        try {
            return desk.openCases();
        } catch (DataAccessException e) {
            log.warn("open critical values could not be read for a console; it is told of new ones", e);
            return List.of();
        }
    }

    /** Tells whoever is concerned of a case that was written. */
    void changed(Task task) {
        if (!connections.isEmpty()) {
            try {
                sender.execute(() -> connections.forEach(connection -> tell(connection, task)));
            } catch (RejectedExecutionException e) {
                log.debug("the hub is ending; the next connection is told", e);
            }
        }
    }

    private void tell(Connection connection, Task task) {
        try {
            String relation = relation(connection.subject(), task);
            if (relation.isEmpty() || !policy.permits(connection.subject(), Action.VIEW, Words.reference(task))) {
                return;
            }
            connection
                    .emitter()
                    .send(SseEmitter.event()
                            .id(Words.reference(task) + "/_history/"
                                    + task.getMeta().getVersionId())
                            .name(task.getCode().getCoding().stream()
                                    .filter(coding -> Words.TASK_KIND.equals(coding.getSystem()))
                                    .map(coding -> coding.getCode())
                                    .findFirst()
                                    .orElse(Words.CRITICAL_VALUE))
                            .data(content(task, relation), MediaType.APPLICATION_JSON));
        } catch (IOException | IllegalStateException e) {
            connections.remove(connection);
            log.debug("a console has gone", e);
        } catch (DataAccessException e) {
            log.warn("a console was not told of a critical value; it is when it connects again", e);
        }
    }

    /** What a person is to a case: {@code owner}, {@code recipient}, {@code performing}; empty when it is none of his. */
    private String relation(Subject subject, Task task) {
        List<Reference> owner = task.hasOwner() ? List.of(task.getOwner()) : List.of();
        if (desk.addressees(owner).has(subject)) {
            return "owner";
        }
        if (desk.addressees(new ArrayList<>(task.getRestriction().getRecipient()))
                .has(subject)) {
            return "recipient";
        }
        return desk.performing(task)
                        .map(department -> desk.addressees(List.of(department)).has(subject))
                        .orElse(false)
                ? "performing"
                : "";
    }

    /** Codes and times alone: no name, no finding, nothing of the patient. */
    private static Map<String, String> content(Task task, String relation) {
        Map<String, String> content = new TreeMap<>();
        content.put("task", Words.reference(task));
        content.put("version", String.valueOf(task.getMeta().getVersionId()));
        content.put("status", task.getStatus().toCode());
        Words.code(task.getBusinessStatus(), Words.STATUS).ifPresent(code -> content.put("businessStatus", code));
        content.put("priority", task.hasPriority() ? task.getPriority().toCode() : "routine");
        content.put("relation", relation);
        if (task.getRestriction().getPeriod().hasEnd()) {
            content.put(
                    "deadline",
                    task.getRestriction().getPeriod().getEnd().toInstant().toString());
        }
        return content;
    }

    private void comment(Connection connection, String text) {
        try {
            connection.emitter().send(SseEmitter.event().comment(text));
        } catch (IOException | IllegalStateException e) {
            connections.remove(connection);
            log.debug("a console has gone", e);
        }
    }

    /** Keeps connections open, and ends those whose login session is over. */
    void beat() {
        for (Connection connection : connections) {
            if (live.test(connection.subject())) {
                comment(connection, "beat");
            } else {
                connections.remove(connection);
                connection.emitter().complete();
            }
        }
    }

    @Override
    public void close() {
        heart.shutdownNow();
        sender.shutdownNow();
        connections.forEach(connection -> connection.emitter().complete());
        connections.clear();
    }
}

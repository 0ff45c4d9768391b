package org.trefoilhub.hub.critical;

import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import org.trefoilhub.access.policy.Subject;

/**
 * {@code GET /events}: server-sent events of the console. Every connection begins with all open cases of the person, so
 * {@code Last-Event-ID} is read by nobody: an event says what a case is now, and an older one says nothing more.
 *
 * <p>Spec: HTML Living Standard, server-sent events.
 */
@RestController
class EventsController {

    private final CriticalEvents events;

    EventsController(CriticalEvents events) {
        this.events = events;
    }

    @GetMapping(path = "/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    ResponseEntity<SseEmitter> open(Subject subject) {
        if (subject.user() == null) {
            // Systems subscribe (FHIR R4 Subscription); this is for people.
            return ResponseEntity.status(HttpStatus.FORBIDDEN).build();
        }
        return ResponseEntity.ok()
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .header("X-Accel-Buffering", "no")
                .body(events.open(subject));
    }
}

package org.trefoilhub.hub.workflow;

import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.Subject;

/**
 * Who did something or says that it happened.
 *
 * @param subject person or client
 * @param person who did it as a source names one, or null
 * @param message what told it, or null
 */
record Actor(Subject subject, @Nullable Reference person, @Nullable Reference message) {

    private static final String USER = Machines.CANONICAL + "/sid/user";
    private static final String CLIENT = Machines.CANONICAL + "/sid/client";

    static Actor of(Subject subject) {
        return new Actor(subject, null, null);
    }

    static Actor of(ReportedEvent event) {
        return new Actor(event.source(), event.actor(), event.message());
    }

    boolean isPerson() {
        return subject.user() != null;
    }

    /** By identifier: a person by user name, a system by client id. */
    Reference who() {
        Identifier identifier = isPerson()
                ? new Identifier().setSystem(USER).setValue(subject.user())
                : new Identifier().setSystem(CLIENT).setValue(subject.client());
        return new Reference().setType(isPerson() ? "Practitioner" : "Device").setIdentifier(identifier);
    }
}

package org.trefoilhub.hub.guide;

import org.hl7.fhir.r4.model.Enumerations.AdministrativeGender;
import org.hl7.fhir.r4.model.Patient;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Lets the validator read its definitions once the hub is ready, on a thread of its own, so that the first person who
 * saves something need not wait for it.
 */
@Order(Ordered.LOWEST_PRECEDENCE)
final class WarmUp implements ApplicationListener<ApplicationReadyEvent> {

    private final ProfileDefinitions definitions;
    private final boolean wanted;

    WarmUp(ProfileDefinitions definitions, boolean wanted) {
        this.definitions = definitions;
        this.wanted = wanted;
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        if (!wanted) {
            return;
        }
        Thread thread = new Thread(this::validateOne, "guide-warm-up");
        thread.setDaemon(true);
        thread.setPriority(Thread.MIN_PRIORITY);
        thread.start();
    }

    private void validateOne() {
        Patient patient = new Patient();
        patient.setGender(AdministrativeGender.UNKNOWN);
        HubProfiles.claim(patient, HubProfiles.SOURCE_PATIENT);
        definitions.get().validate(patient);
    }
}

package org.trefoilhub.hub.app;

import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.context.event.ApplicationReadyEvent;
import org.springframework.context.ApplicationListener;
import org.springframework.context.annotation.Profile;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.stereotype.Component;

/**
 * Loads the demo hospital when all doors are open, then prints addresses, accounts and {@code READY in N s}.
 *
 * <p>The seconds count from the start of the Java process. A demo hospital that cannot be loaded stops the hub: a half
 * loaded demo would only mislead.
 */
@Component
@Profile("demo")
@Order(Ordered.LOWEST_PRECEDENCE)
class ReadyAnnouncement implements ApplicationListener<ApplicationReadyEvent> {

    /** Written to standard output as it is, without time and level (see logback-spring.xml). */
    private static final Logger announce = LoggerFactory.getLogger("org.trefoilhub.announce");

    private final ObjectProvider<DemoHospital> demoHospital;
    private final ObjectProvider<StartupNotice> notices;
    private final HubProperties hub;
    private final Clock clock;
    private final boolean loadDemoHospital;

    ReadyAnnouncement(
            ObjectProvider<DemoHospital> demoHospital,
            ObjectProvider<StartupNotice> notices,
            HubProperties hub,
            Clock clock,
            @Value("${trefoil.demo.load:true}") boolean loadDemoHospital) {
        this.demoHospital = demoHospital;
        this.notices = notices;
        this.hub = hub;
        this.clock = clock;
        this.loadDemoHospital = loadDemoHospital;
    }

    @Override
    public void onApplicationEvent(ApplicationReadyEvent event) {
        if (loadDemoHospital) {
            demoHospital.ifAvailable(ReadyAnnouncement::load);
        }
        announce.info("Console   {}/console/", hub.publicUrl());
        announce.info("Viewer    {}/viewer/", hub.publicUrl());
        announce.info("FHIR      {}", hub.fhirBase());
        announce.info("DICOMweb  {}", hub.dicomWebBase());
        notices.orderedStream().forEach(notice -> notice.lines().forEach(announce::info));
        Instant started =
                Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
        announce.info(
                "READY in {} s", Duration.between(started, clock.instant()).toSeconds());
    }

    private static void load(DemoHospital hospital) {
        try {
            hospital.load();
        } catch (Exception e) {
            throw new IllegalStateException("the demo hospital could not be loaded", e);
        }
    }
}

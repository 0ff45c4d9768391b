package org.trefoilhub.hub.imaging;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Pointcut;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.trefoilhub.dicomweb.archive.PatientLinks;

/**
 * Tells the archive in the transaction that writes a Patient which of its patients that is, so that the archive narrows by
 * its facts from then on: no study of a special patient waits for a projection.
 *
 * <p>At the start it links what earlier versions left open, before a door opens.
 */
public final class PatientLinkHooks implements SmartLifecycle {

    private static final Logger log = LoggerFactory.getLogger(PatientLinkHooks.class);
    private static final int BATCH = 500;

    private final PatientLinks links;
    private final SourcePatients patients;
    private final IdentifierSystems systems;
    private boolean running;

    PatientLinkHooks(PatientLinks links, SourcePatients patients, IdentifierSystems systems) {
        this.links = links;
        this.patients = patients;
        this.systems = systems;
    }

    /** Links a new Patient. */
    @Hook(Pointcut.STORAGE_PRECOMMIT_RESOURCE_CREATED)
    public void created(IBaseResource resource) {
        if (resource instanceof Patient patient) {
            link(patient);
        }
    }

    /** Links a Patient that may have got an identifier. */
    @Hook(Pointcut.STORAGE_PRECOMMIT_RESOURCE_UPDATED)
    public void updated(IBaseResource before, IBaseResource resource) {
        if (resource instanceof Patient patient) {
            link(patient);
        }
    }

    /** Gives the studies of a deleted Patient to the next one with its identifier, if there is one. */
    @Hook(Pointcut.STORAGE_PRECOMMIT_RESOURCE_DELETED)
    public void deleted(IBaseResource resource) {
        if (resource instanceof Patient patient) {
            links.unlink(SourcePatients.reference(patient));
            for (Identifier identifier : patient.getIdentifier()) {
                String issuer = SourcePatients.issuer(identifier, systems);
                if (issuer != null) {
                    String patientId = identifier.getValue().strip();
                    patients.find(issuer, patientId)
                            .filter(reference -> !reference.equals(SourcePatients.reference(patient)))
                            .ifPresent(reference -> links.link(issuer, patientId, reference));
                }
            }
        }
    }

    private void link(Patient patient) {
        for (Identifier identifier : patient.getIdentifier()) {
            String issuer = SourcePatients.issuer(identifier, systems);
            if (issuer != null) {
                links.link(issuer, identifier.getValue().strip(), SourcePatients.reference(patient));
            }
        }
    }

    @Override
    public void start() {
        long after = 0;
        int linked = 0;
        for (var open = links.unlinked(after, BATCH); !open.isEmpty(); open = links.unlinked(after, BATCH)) {
            for (PatientLinks.Unlinked one : open) {
                after = one.key();
                var reference = patients.find(one.issuer(), one.patientId());
                if (reference.isPresent()) {
                    links.link(one.issuer(), one.patientId(), reference.get());
                    linked++;
                }
            }
        }
        if (linked > 0) {
            log.info("linked {} patients of the archive to their Patient resources", linked);
        }
        running = true;
    }

    @Override
    public void stop() {
        running = false;
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    /** Before the doors open: the DIMSE door and the web server start later. */
    @Override
    public int getPhase() {
        return Integer.MIN_VALUE / 2;
    }
}

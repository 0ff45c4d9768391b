package org.trefoilhub.hub.ingest;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import ca.uhn.fhir.rest.server.exceptions.PreconditionFailedException;
import ca.uhn.fhir.rest.server.exceptions.ResourceVersionConflictException;
import ca.uhn.fhir.util.ResourceReferenceInfo;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Bundle.BundleEntryRequestComponent;
import org.hl7.fhir.r4.model.Bundle.HTTPVerb;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Encounter;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Patient.LinkType;
import org.hl7.fhir.r4.model.Property;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;
import org.trefoilhub.access.policy.AccessRequest;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Environment;
import org.trefoilhub.access.policy.PolicyDecision;
import org.trefoilhub.access.policy.PolicySource;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.connectors.ingest.ResourceSink;
import org.trefoilhub.connectors.mapping.Names;
import org.trefoilhub.connectors.source.IngestErrorCode;
import org.trefoilhub.connectors.source.IngestException;
import org.trefoilhub.connectors.source.SourceChange;
import org.trefoilhub.connectors.source.SourceSystem;
import org.trefoilhub.interceptors.fhir.facts.FactSource;

/**
 * Writes changes of sources into the FHIR store: resources, merges, steps and the note in the message log commit together.
 *
 * <p>Changes of one lane (one patient) are applied one after the other. References to something that is not there become
 * logical ones. An element that the source does not send keeps its stored value; the state of an order is the workflow's.
 */
final class FhirResourceSink implements ResourceSink {

    private static final Logger log = LoggerFactory.getLogger(FhirResourceSink.class);
    private static final int ATTEMPTS = 5;
    private static final int LANES = 128;
    private static final Set<String> WRITTEN =
            Set.of("writing", "preliminary", "verified", "released", "printed", "recalled");
    private static final Set<String> NOT_CARRIED = Set.of("id", "meta", "implicitRules", "language", "text");

    private final IngestStore store;
    private final MessageLog messages;
    private final ExamProcess process;
    private final PolicySource policies;
    private final FactSource facts;
    private final TransactionTemplate transaction;
    private final FhirContext context;
    private final Hl7v2Properties settings;
    private final Clock clock;
    private final ReentrantLock[] lanes = new ReentrantLock[LANES];

    FhirResourceSink(
            IngestStore store,
            MessageLog messages,
            ExamProcess process,
            PolicySource policies,
            FactSource facts,
            TransactionTemplate transaction,
            FhirContext context,
            Hl7v2Properties settings,
            Clock clock) {
        this.store = store;
        this.messages = messages;
        this.process = process;
        this.policies = policies;
        this.facts = facts;
        this.transaction = transaction;
        this.context = context;
        this.settings = settings;
        this.clock = clock;
        for (int i = 0; i < LANES; i++) {
            lanes[i] = new ReentrantLock();
        }
    }

    @Override
    public Applied apply(SourceSystem source, SourceChange change, Offset offset) {
        ReentrantLock lane = lanes[Math.floorMod(change.lane().hashCode(), LANES)];
        lane.lock();
        try {
            return retrying(() -> transaction.execute(status -> new Application(source, change, offset).run()));
        } finally {
            lane.unlock();
        }
    }

    /** Tries again what another writer was faster with. */
    private static Applied retrying(Supplier<Applied> attempt) {
        for (int i = 1; ; i++) {
            try {
                return attempt.get();
            } catch (ResourceVersionConflictException
                    | PreconditionFailedException
                    | ConcurrencyFailureException
                    | DataIntegrityViolationException e) {
                if (i == ATTEMPTS) {
                    throw e;
                }
                log.info("a change of a source met another writer, trying again");
            } catch (BaseServerResponseException e) {
                if (e.getStatusCode() >= 500) {
                    throw e;
                }
                throw new IngestException(
                        IngestErrorCode.REFUSED_BY_STORAGE, "the storage refuses the mapped resources", e);
            }
        }
    }

    /** One change on its way in; not shared between attempts. */
    private final class Application {

        private final SourceSystem source;
        private final SourceChange change;
        private final Offset offset;
        private final Map<String, String> resolved = new HashMap<>();
        private final List<String> touched = new ArrayList<>();
        private final Map<String, Action> asked = new LinkedHashMap<>();

        Application(SourceSystem source, SourceChange change, Offset offset) {
            this.source = source;
            this.change = change;
            this.offset = offset;
        }

        Applied run() {
            for (String required : change.requires()) {
                if (resolve(required).isEmpty()) {
                    if (!offset.overdue()) {
                        messages.parked(offset.message(), required, settings.retryInterval());
                        return new Applied(State.PARKED, List.of());
                    }
                    if (change.events().stream()
                                    .noneMatch(event -> event.order().equals(required))
                            || change.bundle().getEntry().stream()
                                    .noneMatch(entry -> entry.getResource() instanceof DiagnosticReport)) {
                        throw new IngestException(
                                IngestErrorCode.NEVER_ARRIVED, "expected the order to arrive before what follows it");
                    }
                    orderOfUnknownState(required);
                }
            }
            boolean newest = false;
            for (Bundle.BundleEntryComponent entry : change.bundle().getEntry()) {
                newest |= write(entry);
            }
            change.merges().forEach(this::merge);
            change.events().forEach(this::step);
            State state =
                    newest || !change.merges().isEmpty() || !change.events().isEmpty()
                            ? State.APPLIED
                            : State.SUPERSEDED;
            messages.settled(offset.message(), state.name());
            // Registered after the writes, so that their facts are stored when it is called.
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void beforeCommit(boolean readOnly) {
                    requireWritten();
                }
            });
            return new Applied(state, touched);
        }

        /** A report whose order never came is not held back for ever. */
        private void orderOfUnknownState(String condition) {
            Bundle.BundleEntryComponent patient = change.bundle().getEntryFirstRep();
            write(patient);
            ServiceRequest order = new ServiceRequest();
            Identifier identifier = Names.identifier(condition);
            identifier
                    .getType()
                    .addCoding()
                    .setSystem("http://terminology.hl7.org/CodeSystem/v2-0203")
                    .setCode("PLAC");
            order.addIdentifier(identifier);
            order.setStatus(ServiceRequest.ServiceRequestStatus.UNKNOWN);
            order.setIntent(ServiceRequest.ServiceRequestIntent.ORDER);
            order.setSubject(new Reference(resolved.get(condition(patient.getRequest()))));
            require(Action.SAVE, order);
            resolved.put(condition, saved(order));
        }

        private Optional<String> resolve(String condition) {
            String known = resolved.get(condition);
            if (known != null) {
                return Optional.of(known);
            }
            Optional<String> found = store.find(condition)
                    .map(resource ->
                            resource.getIdElement().toUnqualifiedVersionless().getValue());
            found.ifPresent(reference -> resolved.put(condition, reference));
            return found;
        }

        /** Writes one resource; false when something newer is stored. */
        private boolean write(Bundle.BundleEntryComponent entry) {
            String condition = condition(entry.getRequest());
            boolean once = entry.getRequest().getMethod() == HTTPVerb.POST;
            Optional<Resource> stored = store.find(condition);
            stored.ifPresent(found -> resolved.put(
                    condition, found.getIdElement().toUnqualifiedVersionless().getValue()));
            if (once && stored.isPresent()) {
                return false;
            }
            boolean numbersOnly = entry.getResource() instanceof ServiceRequest order && !order.hasIntent();
            if (!once && !numbersOnly && messages.isSuperseded(condition, change.eventTime())) {
                return false;
            }
            Resource resource = entry.getResource().copy();
            references(resource);
            if (stored.isPresent()) {
                carryOver(stored.get(), resource);
                resource.setId(stored.get().getIdElement().toUnqualifiedVersionless());
                require(Action.MODIFY, resource);
            } else {
                require(Action.SAVE, resource);
            }
            resolved.put(condition, saved(resource));
            return true;
        }

        private String saved(Resource resource) {
            boolean known = resource.getIdElement().hasIdPart();
            String reference = store.save(resource);
            asked.putIfAbsent(reference, known ? Action.MODIFY : Action.SAVE);
            touched.add(reference);
            return reference;
        }

        private void references(Resource resource) {
            for (ResourceReferenceInfo info : context.newTerser().getAllResourceReferences(resource)) {
                if (info.getResourceReference() instanceof Reference reference
                        && reference.hasReference()
                        && Names.isCondition(reference.getReference())) {
                    String condition = reference.getReference();
                    Optional<String> found = resolve(condition);
                    reference.setReference(found.orElse(null));
                    if (found.isEmpty()) {
                        reference.setIdentifier(Names.identifier(condition));
                    }
                }
            }
            if (resource instanceof Appointment appointment && change.requires().isEmpty()) {
                // The number in SCH-1 was no order's.
                appointment.getBasedOn().removeIf(order -> !order.hasReference());
            }
        }

        /**
         * Refuses what the source may not do with the type at all, or not with the resource as it is; how it is written is
         * asked once its facts are stored.
         */
        private void require(Action action, Resource resource) {
            String type = resource.fhirType();
            PolicyDecision ofType = decide(action, FactSource.of(type));
            if (ofType.errors().isEmpty() && !ofType.permitted()) {
                throw forbidden(type);
            }
            if (action == Action.MODIFY) {
                requireStored(type + "/" + resource.getIdElement().getIdPart());
            }
        }

        private void requireWritten() {
            Map<String, ResourceFacts> known = facts.load(asked.keySet());
            asked.forEach((reference, action) -> {
                ResourceFacts now = known.get(reference);
                if (now == null || !decide(action, now).permitted()) {
                    throw forbidden(reference.substring(0, reference.indexOf('/')));
                }
            });
        }

        private void requireStored(String reference) {
            ResourceFacts known = facts.load(List.of(reference)).get(reference);
            if (known != null && !decide(Action.MODIFY, known).permitted()) {
                throw forbidden(reference.substring(0, reference.indexOf('/')));
            }
        }

        private PolicyDecision decide(Action action, ResourceFacts known) {
            return policies.current()
                    .decide(AccessRequest.of(
                            source.subject(), action, known, new Environment(Door.HL7V2, clock.instant())));
        }

        private IngestException forbidden(String type) {
            return new IngestException(IngestErrorCode.FORBIDDEN, "no policy permits this source to write a " + type);
        }

        private void merge(SourceChange.Merge merge) {
            String survivor = resolve(merge.survivor())
                    .orElseThrow(() -> new IllegalStateException("the survivor is written before its merge"));
            Patient loser = store.find(merge.loser()).map(Patient.class::cast).orElseGet(() -> {
                Patient unknown = new Patient();
                unknown.addIdentifier(Names.identifier(merge.loser()));
                return unknown;
            });
            boolean linked = loser.getLink().stream()
                    .anyMatch(link -> link.getType() == LinkType.REPLACEDBY
                            && survivor.equals(link.getOther().getReference()));
            if (linked && !loser.getActive()) {
                return;
            }
            loser.setActive(false);
            if (!linked) {
                loser.addLink().setType(LinkType.REPLACEDBY).setOther(new Reference(survivor));
            }
            require(loser.hasId() ? Action.MODIFY : Action.SAVE, loser);
            String replaced = saved(loser);
            Patient kept = store.read(Patient.class, survivor)
                    .orElseThrow(() -> new IllegalStateException("the survivor is written before its merge"));
            if (kept.getLink().stream()
                    .noneMatch(link -> replaced.equals(link.getOther().getReference()))) {
                kept.addLink().setType(LinkType.REPLACES).setOther(new Reference(replaced));
                saved(kept);
            }
        }

        private void step(SourceChange.ExamEvent event) {
            Optional<String> order = resolve(event.order());
            Optional<String> task = order.flatMap(store::processOf);
            if (task.isEmpty()) {
                log.debug("a step of an exam without a process is not taken");
                return;
            }
            requireStored(task.get());
            if (event.status().equals("writing") && isWritten(task.get())) {
                // Each version of a report says again that it was written.
                return;
            }
            String actor = event.actor();
            SourceChange.ExamEvent literal = new SourceChange.ExamEvent(
                    order.get(),
                    event.status(),
                    event.occurred(),
                    actor == null || !Names.isCondition(actor)
                            ? null
                            : resolve(actor).orElse(null),
                    event.reason());
            process.report(task.get(), literal, source.subject(), change.source() + "|" + change.controlId());
            touched.add(task.get());
        }
    }

    private boolean isWritten(String task) {
        return store.read(Task.class, task)
                .map(process -> process.getBusinessStatus().getCodingFirstRep().getCode())
                .filter(WRITTEN::contains)
                .isPresent();
    }

    static String condition(BundleEntryRequestComponent request) {
        return request.getMethod() == HTTPVerb.POST
                ? request.getUrl() + "?" + request.getIfNoneExist()
                : request.getUrl();
    }

    /** Takes over what the source does not say. */
    static void carryOver(Resource stored, Resource incoming) {
        for (Property property : stored.children()) {
            if (!property.hasValues() || NOT_CARRIED.contains(property.getName())) {
                continue;
            }
            Property fresh = incoming.getNamedProperty(property.getName());
            if (property.getName().equals("identifier")) {
                for (Base value : property.getValues()) {
                    boolean known = fresh.getValues().stream().anyMatch(each -> same((Identifier) each, value));
                    if (!known) {
                        incoming.setProperty("identifier", value);
                    }
                }
            } else if (fresh == null || !fresh.hasValues()) {
                property.getValues().forEach(value -> incoming.setProperty(property.getName(), value));
            }
        }
        if (stored instanceof ServiceRequest known && incoming instanceof ServiceRequest order) {
            order.setStatus(known.getStatus());
        }
        if (stored instanceof Encounter known
                && incoming instanceof Encounter visit
                && !visit.getPeriod().hasStart()) {
            visit.getPeriod().setStartElement(known.getPeriod().getStartElement());
        }
        if (stored instanceof Patient known
                && incoming instanceof Patient patient
                && known.getLink().stream().anyMatch(link -> link.getType() == LinkType.REPLACEDBY)) {
            // An update under the old number does not undo the merge.
            patient.setActive(known.getActive());
        }
    }

    private static boolean same(Identifier identifier, Base other) {
        return other instanceof Identifier stored
                && String.valueOf(identifier.getSystem()).equals(stored.getSystem())
                && String.valueOf(identifier.getValue()).equals(stored.getValue());
    }
}

package org.trefoilhub.hub.patientindex;

import ca.uhn.fhir.rest.server.exceptions.BaseServerResponseException;
import ca.uhn.fhir.rest.server.exceptions.UnprocessableEntityException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.transaction.TransactionException;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Which source Patients are one person: looks at each written Patient, links what is sure, puts what is possible into review,
 * and does what humans decide. Each look and each decision is one transaction, in which links, golden records and the facts
 * of the policy change together.
 *
 * <p>INVARIANT: one thread at a time writes the index, so that two new records of one person see each other.
 *
 * <p>Clinical resources stay with their source Patient; nothing here rewrites a reference to one.
 */
public final class PatientIndex {

    private static final Logger log = LoggerFactory.getLogger(PatientIndex.class);
    private static final int BATCH = 50;
    private static final int ATTEMPTS = 5;

    private final LinkTable table;
    private final GoldenRecords records;
    private final TransactionTemplate transaction;
    private final Clock clock;
    private final Map<String, Integer> failures = new HashMap<>();

    PatientIndex(LinkTable table, GoldenRecords records, TransactionTemplate transaction, Clock clock) {
        this.table = table;
        this.records = records;
        this.transaction = transaction;
        this.clock = clock;
    }

    /**
     * Looks at Patients that wait. One that fails goes to the end of the line, and after some attempts out of it.
     *
     * @return how many; zero when none waited
     */
    public synchronized int work() {
        Map<Long, String> waiting = table.pending(BATCH);
        Set<String> seen = new TreeSet<>();
        waiting.forEach((number, patient) -> {
            try {
                transaction.executeWithoutResult(status -> {
                    if (seen.add(patient)) {
                        look(patient);
                    }
                    table.done(number);
                });
                failures.remove(patient);
            } catch (DataAccessException
                    | TransactionException
                    | BaseServerResponseException
                    | NoSuchElementException
                    | IllegalStateException e) {
                failed(number, patient, e);
            }
        });
        return waiting.size();
    }

    private void failed(long number, String patient, RuntimeException reason) {
        boolean again = failures.merge(patient, 1, Integer::sum) < ATTEMPTS;
        transaction.executeWithoutResult(status -> {
            table.done(number);
            if (again) {
                table.queue(patient);
            }
        });
        if (again) {
            log.warn("a patient could not be indexed and is tried again", reason);
        } else {
            failures.remove(patient);
            log.error("a patient could not be indexed; it is looked at when it is written next", reason);
        }
    }

    private void look(String id) {
        Optional<Patient> stored = records.read(id);
        if (stored.isEmpty()) {
            forget(id);
            return;
        }
        Patient patient = stored.get();
        if (GoldenRecords.isGolden(patient)) {
            return;
        }
        PersonRecord record = PersonRecord.of(patient);
        table.replaceKeys(id, record.keys());
        Set<String> touched = new LinkedHashSet<>();
        Optional<PersonLink> own = table.match(id);
        own.ifPresent(link -> touched.add(link.golden()));
        if (own.isEmpty() || !own.get().manual()) {
            match(id, patient, record, own, touched);
        }
        touched.forEach(this::refresh);
    }

    private void match(String id, Patient patient, PersonRecord record, Optional<PersonLink> own, Set<String> touched) {
        Map<String, Match> sure = new LinkedHashMap<>();
        Map<String, Match> possible = new LinkedHashMap<>();
        Set<String> merged = mergedWith(patient);
        merged.forEach(other -> sure.put(other, Match.sure("source-merge")));
        for (String candidate : table.candidates(id, record.keys())) {
            Optional<Patient> other = merged.contains(candidate) ? Optional.empty() : records.read(candidate);
            if (other.isPresent() && !GoldenRecords.isGolden(other.get())) {
                Match match = PersonMatcher.compare(record, PersonRecord.of(other.get()));
                if (match.isSure()) {
                    sure.put(candidate, match);
                } else if (match.grade() == Match.Grade.POSSIBLE_MATCH) {
                    possible.put(candidate, match);
                }
            }
        }
        if (own.isPresent()
                && sure.isEmpty()
                && table.members(own.get().golden()).size() > 1) {
            // What linked it is no longer there: a human looks again.
            save(own.get().golden(), id, Match.Grade.POSSIBLE_MATCH, false, "changed");
        }
        sure.forEach((candidate, match) -> {
            if (!join(id, record, candidate, match, touched)) {
                possible.put(candidate, Match.possible(match.rule()));
            }
        });
        possible.forEach((candidate, match) -> review(id, candidate, match, touched));
    }

    /** Source Patients that the source itself has merged with this one (HL7 v2 A40). */
    private static Set<String> mergedWith(Patient patient) {
        Set<String> others = new TreeSet<>();
        for (Patient.PatientLinkComponent link : patient.getLink()) {
            IdType other = new IdType(link.getOther().getReference());
            if ((link.getType() == Patient.LinkType.REPLACEDBY || link.getType() == Patient.LinkType.REPLACES)
                    && "Patient".equals(other.getResourceType())
                    && other.hasIdPart()) {
                others.add(other.getIdPart());
            }
        }
        return others;
    }

    /** Makes one person of two records; answers false where a human must look. */
    private boolean join(String id, PersonRecord record, String candidate, Match match, Set<String> touched) {
        Optional<PersonLink> own = table.match(id);
        Optional<PersonLink> other = table.match(candidate);
        if (own.isPresent()
                && other.isPresent()
                && own.get().golden().equals(other.get().golden())) {
            return true;
        }
        boolean told = match.rule().equals("source-merge");
        List<PersonRecord> mine = own.map(link -> memberRecords(link.golden())).orElse(List.of(record));
        List<PersonRecord> theirs =
                other.map(link -> memberRecords(link.golden())).orElseGet(() -> memberRecords(List.of(candidate)));
        if (!told && !PersonMatcher.mayJoin(mine, theirs)) {
            return false;
        }
        if (isRefused(own, candidate) || isRefused(other, id)) {
            // Somebody has said that they are two.
            return true;
        }
        String golden = other.or(() -> own).map(PersonLink::golden).orElseGet(() -> found(candidate));
        touched.add(golden);
        if (other.isEmpty() && own.isPresent()) {
            save(golden, candidate, Match.Grade.MATCH, false, match.rule());
        } else if (own.isPresent()) {
            if (own.get().manual()
                    || table.members(own.get().golden()).stream().anyMatch(one -> refuses(golden, one))) {
                return false;
            }
            move(own.get().golden(), golden, false);
            touched.remove(own.get().golden());
        } else {
            save(golden, id, Match.Grade.MATCH, false, match.rule());
        }
        return true;
    }

    private boolean isRefused(Optional<PersonLink> person, String patient) {
        return person.map(link -> refuses(link.golden(), patient)).orElse(false);
    }

    private boolean refuses(String golden, String patient) {
        return table.link(golden, patient)
                .map(link -> link.result() == Match.Grade.NO_MATCH)
                .orElse(false);
    }

    /** Makes a golden record for a patient that had none. */
    private String found(String patient) {
        Patient source = records.read(patient).orElseThrow();
        String golden = records.create(source);
        save(golden, patient, Match.Grade.MATCH, false, "first");
        return golden;
    }

    private void review(String id, String candidate, Match match, Set<String> touched) {
        Optional<PersonLink> own = table.match(id);
        String golden = table.match(candidate).map(PersonLink::golden).orElseGet(() -> found(candidate));
        boolean together = own.map(link -> link.golden().equals(golden)).orElse(false);
        touched.add(golden);
        if (!together && table.link(golden, id).isEmpty()) {
            save(golden, id, Match.Grade.POSSIBLE_MATCH, false, match.rule());
        }
    }

    private List<PersonRecord> memberRecords(String golden) {
        return memberRecords(table.members(golden));
    }

    private List<PersonRecord> memberRecords(List<String> patients) {
        return patients.stream()
                .map(records::read)
                .flatMap(Optional::stream)
                .map(PersonRecord::of)
                .toList();
    }

    private void forget(String id) {
        table.replaceKeys(id, List.of());
        for (PersonLink link : table.links(null, id)) {
            table.delete(link.golden(), id);
            refresh(link.golden());
        }
    }

    private void refresh(String golden) {
        List<Patient> sources = new ArrayList<>();
        table.members(golden).forEach(member -> records.read(member).ifPresent(sources::add));
        records.refresh(golden, sources);
    }

    private void save(String golden, String patient, Match.Grade result, boolean manual, String rule) {
        table.save(new PersonLink(golden, patient, result, manual, rule, clock.instant()));
    }

    /** Gives everything of one golden record to another and leaves it as an address. */
    private void move(String from, String to, boolean manual) {
        for (PersonLink link : table.links(from, null)) {
            table.delete(from, link.patient());
            Optional<PersonLink> there = table.link(to, link.patient());
            if (link.isMatch() || there.isEmpty()) {
                save(to, link.patient(), link.result(), link.manual() || manual, manual ? "merge" : link.rule());
            }
        }
        records.redirect(from, to);
    }

    // ---- what humans decide

    /** Links, by everything that is given. */
    List<PersonLink> links(@Nullable String golden, @Nullable String patient, Match.@Nullable Grade result) {
        return table.links(golden, patient, result);
    }

    /**
     * Says whether a source Patient is the person of a golden record.
     *
     * @throws UnprocessableEntityException when there is no link between them, or the patient belongs to another person
     */
    synchronized PersonLink decide(String golden, String patient, Match.Grade result) {
        return Objects.requireNonNull(transaction.execute(status -> {
            PersonLink link = table.link(golden, patient)
                    .orElseThrow(() -> new UnprocessableEntityException("there is no link between the two"));
            if (result == Match.Grade.MATCH) {
                table.match(patient).filter(one -> !one.golden().equals(golden)).ifPresent(one -> {
                    throw new UnprocessableEntityException(
                            "the patient is linked to another golden record; merge the golden records or unlink first");
                });
            } else if (link.isMatch()) {
                separate(patient, table.members(golden));
            }
            save(golden, patient, result, true, "manual");
            refresh(golden);
            return table.link(golden, patient).orElseThrow();
        }));
    }

    /** Takes back what a merge wrote into the source Patients. */
    private void separate(String patient, List<String> others) {
        for (String one : others) {
            records.read(one).ifPresent(stored -> {
                boolean itself = one.equals(patient);
                boolean wasReplaced = stored.getLink().stream()
                        .anyMatch(link ->
                                link.getType() == Patient.LinkType.REPLACEDBY && (itself || leadsTo(link, patient)));
                boolean changed = stored.getLink()
                        .removeIf(link -> (link.getType() == Patient.LinkType.REPLACEDBY
                                        || link.getType() == Patient.LinkType.REPLACES)
                                && (itself || leadsTo(link, patient)));
                if (wasReplaced) {
                    stored.setActive(true);
                }
                if (changed) {
                    records.save(stored);
                }
            });
        }
    }

    private static boolean leadsTo(Patient.PatientLinkComponent link, String patient) {
        return patient.equals(new IdType(link.getOther().getReference()).getIdPart());
    }

    /** Makes one person of two golden records. */
    synchronized void mergeGolden(String from, String to) {
        transaction.executeWithoutResult(status -> {
            if (from.equals(to) || !table.isGolden(from) || !table.isGolden(to)) {
                throw new UnprocessableEntityException("expected two golden records");
            }
            move(from, to, true);
            refresh(to);
        });
    }

    /**
     * Merges a source Patient into another as HL7 v2 A40 does: the source stays with everything that refers to it, inactive
     * and replaced by the target, and both are one person.
     *
     * @return the target as it is now
     */
    synchronized Patient mergeSource(String source, String target) {
        return Objects.requireNonNull(transaction.execute(status -> {
            Patient gone = source(source);
            Patient stays = source(target);
            if (source.equals(target) || !mergedWith(gone).isEmpty() && gone.hasActive() && !gone.getActive()) {
                throw new UnprocessableEntityException("expected two patients of which the source is not merged yet");
            }
            gone.setActive(false);
            gone.addLink().setType(Patient.LinkType.REPLACEDBY).setOther(new Reference("Patient/" + target));
            stays.addLink().setType(Patient.LinkType.REPLACES).setOther(new Reference("Patient/" + source));
            records.save(gone);
            records.save(stays);
            Optional<PersonLink> person = table.match(target);
            String golden = person.map(PersonLink::golden).orElseGet(() -> found(target));
            Optional<PersonLink> before = table.match(source);
            if (before.isPresent() && !before.get().golden().equals(golden)) {
                // Only this record was merged; what else was linked to it stays the person it was.
                table.delete(before.get().golden(), source);
                refresh(before.get().golden());
            }
            save(golden, source, Match.Grade.MATCH, true, "source-merge");
            refresh(golden);
            return records.read(target).orElseThrow();
        }));
    }

    private Patient source(String id) {
        Patient patient =
                records.read(id).orElseThrow(() -> new UnprocessableEntityException("expected patients that exist"));
        if (GoldenRecords.isGolden(patient)) {
            throw new UnprocessableEntityException("expected source patients, not golden records");
        }
        return patient;
    }
}

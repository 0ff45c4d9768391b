package org.trefoilhub.hub.access;

import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.jpa.api.dao.DaoRegistry;
import ca.uhn.fhir.jpa.searchparam.SearchParameterMap;
import ca.uhn.fhir.model.api.IQueryParameterType;
import ca.uhn.fhir.rest.api.server.SystemRequestDetails;
import ca.uhn.fhir.rest.param.ReferenceParam;
import ca.uhn.fhir.rest.param.TokenParam;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.r4.model.CareTeam;
import org.hl7.fhir.r4.model.Group;
import org.hl7.fhir.r4.model.Period;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.trefoilhub.hub.smart.Memberships;
import org.trefoilhub.interceptors.fhir.policy.PeriodBounds;

/**
 * Memberships by the stored Groups and CareTeams (FHIR R4 Group.member, CareTeam.participant): a person is a member by
 * Practitioner, by PractitionerRole, or by a team that is a member itself.
 *
 * <p>Answers from memory until a record changes; what is committed counts on the next request. Inactive groups and
 * members, and periods that are over or to come, do not count. A storage that cannot be asked lets nobody pass: its
 * exception goes on.
 */
@Interceptor
public final class StoredMemberships implements Memberships {

    private static final int MOST_KEPT = 10_000;

    private final DaoRegistry daos;
    private final String userSystem;
    private final PeriodBounds bounds;
    private final Clock clock;
    private final Map<String, Held> held = new ConcurrentHashMap<>();
    private final AtomicLong generation = new AtomicLong();

    /** INVARIANT: what was read before the latest change has an older generation and is not used. */
    private record Held(long generation, List<Membership> memberships) {}

    private record Membership(String group, @Nullable Instant start, @Nullable Instant end) {
        boolean covers(Instant now) {
            return (start == null || !now.isBefore(start)) && (end == null || now.isBefore(end));
        }

        /** The same person in a group that this group belongs to: as long as both last. */
        Membership within(Membership outer) {
            return new Membership(
                    outer.group, start == null ? outer.start : later(start, outer.start), earlier(end, outer.end));
        }

        private static Instant later(Instant one, @Nullable Instant other) {
            return other == null || one.isAfter(other) ? one : other;
        }

        private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
            if (one == null) {
                return other;
            }
            return other == null || one.isBefore(other) ? one : other;
        }
    }

    /**
     * Memberships of the storage.
     *
     * @param daos the storage
     * @param canonical base of our identifier systems
     * @param zone the hospital's time zone, in which days end
     * @param clock tells which periods count
     */
    StoredMemberships(DaoRegistry daos, String canonical, ZoneId zone, Clock clock) {
        this.daos = daos;
        this.userSystem = canonical + "/sid/user";
        this.bounds = new PeriodBounds(zone);
        this.clock = clock;
    }

    @Override
    public Set<String> of(String user) {
        long now = generation.get();
        Held kept = held.get(user);
        if (kept == null || kept.generation() != now) {
            kept = new Held(now, read(user));
            if (held.size() >= MOST_KEPT) {
                held.clear();
            }
            held.put(user, kept);
        }
        Instant instant = clock.instant();
        return kept.memberships().stream()
                .filter(membership -> membership.covers(instant))
                .map(Membership::group)
                .collect(Collectors.toUnmodifiableSet());
    }

    private List<Membership> read(String user) {
        List<Membership> found = new ArrayList<>();
        Deque<Membership> open = new ArrayDeque<>();
        for (Resource person : search("Practitioner", "identifier", new TokenParam(userSystem, user))) {
            open.add(new Membership(reference(person), null, null));
            for (Resource role : search("PractitionerRole", "practitioner", new ReferenceParam(reference(person)))) {
                if (role instanceof PractitionerRole post && (!post.hasActive() || post.getActive())) {
                    open.add(membership(reference(role), post.getPeriod()));
                }
            }
        }
        Set<Membership> seen = new HashSet<>();
        while (!open.isEmpty()) {
            Membership inner = open.remove();
            for (Membership outer : around(inner.group())) {
                Membership whole = inner.within(outer);
                if (seen.add(whole)) {
                    found.add(whole);
                    open.add(whole);
                }
            }
        }
        return List.copyOf(found);
    }

    /** The groups and teams that a person, a post or a team is a member of. */
    private List<Membership> around(String member) {
        List<Membership> around = new ArrayList<>();
        for (Resource found : search("CareTeam", "participant", new ReferenceParam(member))) {
            if (found instanceof CareTeam team
                    && (!team.hasStatus() || team.getStatus() == CareTeam.CareTeamStatus.ACTIVE)) {
                Membership whole = membership(reference(team), team.getPeriod());
                team.getParticipant().stream()
                        .filter(participant -> names(participant.getMember(), member))
                        .map(participant ->
                                membership(member, participant.getPeriod()).within(whole))
                        .forEach(around::add);
            }
        }
        if (!member.startsWith("CareTeam/")) {
            for (Resource found : search("Group", "member", new ReferenceParam(member))) {
                if (found instanceof Group group && (!group.hasActive() || group.getActive())) {
                    Membership whole = new Membership(reference(group), null, null);
                    group.getMember().stream()
                            .filter(one -> names(one.getEntity(), member) && !one.getInactive())
                            .map(one -> membership(member, one.getPeriod()).within(whole))
                            .forEach(around::add);
                }
            }
        }
        return around;
    }

    private static boolean names(Reference reference, String member) {
        return member.equals(
                reference.getReferenceElement().toUnqualifiedVersionless().getValue());
    }

    private Membership membership(String group, Period period) {
        return new Membership(group, bounds.start(period), bounds.end(period));
    }

    private static String reference(Resource resource) {
        return resource.fhirType() + "/" + resource.getIdElement().getIdPart();
    }

    private List<Resource> search(String type, String parameter, IQueryParameterType value) {
        return daos
                .getResourceDao(type)
                .search(SearchParameterMap.newSynchronous(parameter, value), new SystemRequestDetails())
                .getAllResources()
                .stream()
                .map(Resource.class::cast)
                .toList();
    }

    /** Looks at a new resource. */
    @Hook(Pointcut.STORAGE_PRECOMMIT_RESOURCE_CREATED)
    public void created(IBaseResource resource) {
        written(resource);
    }

    /** Looks at a changed resource. */
    @Hook(Pointcut.STORAGE_PRECOMMIT_RESOURCE_UPDATED)
    public void updated(@Nullable IBaseResource before, IBaseResource after) {
        written(after);
    }

    /** Looks at a deleted resource. */
    @Hook(Pointcut.STORAGE_PRECOMMIT_RESOURCE_DELETED)
    public void deleted(IBaseResource resource) {
        written(resource);
    }

    private void written(IBaseResource resource) {
        boolean concerns = resource instanceof CareTeam
                || resource instanceof Group
                || resource instanceof Practitioner
                || resource instanceof PractitionerRole;
        if (!concerns) {
            return;
        }
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            changed();
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                changed();
            }
        });
    }

    private void changed() {
        generation.incrementAndGet();
        held.clear();
    }
}

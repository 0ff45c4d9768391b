package org.trefoilhub.interceptors.fhir.enforce;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.interceptor.api.Hook;
import ca.uhn.fhir.interceptor.api.Interceptor;
import ca.uhn.fhir.interceptor.api.Pointcut;
import ca.uhn.fhir.jpa.subscription.model.CanonicalSubscription;
import ca.uhn.fhir.jpa.subscription.model.ResourceDeliveryMessage;
import ca.uhn.fhir.rest.api.EncodingEnum;
import ca.uhn.fhir.rest.api.server.RequestDetails;
import ca.uhn.fhir.util.FhirTerser;
import ca.uhn.fhir.util.UrlUtil;
import java.util.Map;
import java.util.Optional;
import org.hl7.fhir.instance.model.api.IBaseResource;
import org.hl7.fhir.instance.model.api.IIdType;
import org.hl7.fhir.r4.model.Binary;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.Resource;
import org.hl7.fhir.r4.model.Subscription;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.trefoilhub.access.policy.AccessDeniedException;
import org.trefoilhub.access.policy.AccessErrorCode;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.error.Refusals;
import org.trefoilhub.interceptors.fhir.mask.MaskLevel;
import org.trefoilhub.interceptors.fhir.subject.RequestSubjects;

/**
 * Notifications: a subscription belongs to the client that made it, is about types that client may see, and each delivery
 * asks for that client as it is then. A subscription without an owner delivers nothing.
 */
@Interceptor
final class SubscriptionOwner implements NotificationGate {

    static final String TYPE = "Subscription";

    /** Tag that names the owner; set by the hub alone. */
    static final String OWNER_SYSTEM = ExportOwner.CLIENT_SYSTEM;

    private static final Logger LOG = LoggerFactory.getLogger(SubscriptionOwner.class);

    private final FhirContext context;
    private final RequestSubjects subjects;
    private final PolicyDesk desk;
    private final SearchReach reach;
    private final UnmaskedPart unmasked;
    private final WrittenReferences written;
    private final Veil veil;

    SubscriptionOwner(
            FhirContext context,
            RequestSubjects subjects,
            PolicyDesk desk,
            UnmaskedPart unmasked,
            WrittenReferences written,
            Veil veil) {
        this.context = context;
        this.subjects = subjects;
        this.desk = desk;
        this.reach = new SearchReach(context);
        this.unmasked = unmasked;
        this.written = written;
        this.veil = veil;
    }

    /** Notes the owner. */
    @Hook(value = Pointcut.STORAGE_PRESTORAGE_RESOURCE_CREATED, order = FhirEnforcement.HOOK_ORDER)
    public void beforeCreate(IBaseResource resource, @Nullable RequestDetails request) {
        if (resource instanceof Subscription subscription && !RequestSubjects.isSystem(request)) {
            claim(subscription, null, request);
        }
    }

    /** Keeps the owner, and keeps others out. */
    @Hook(value = Pointcut.STORAGE_PRESTORAGE_RESOURCE_UPDATED, order = FhirEnforcement.HOOK_ORDER)
    public void beforeUpdate(@Nullable IBaseResource before, IBaseResource after, @Nullable RequestDetails request) {
        if (after instanceof Subscription subscription && !RequestSubjects.isSystem(request)) {
            claim(subscription, before instanceof Subscription old ? old : null, request);
        }
    }

    private void claim(Subscription subscription, @Nullable Subscription before, @Nullable RequestDetails request) {
        try {
            Subject subject = subjects.of(request);
            if (subject.user() != null) {
                throw new AccessDeniedException(
                        AccessErrorCode.DENIED, "subscriptions belong to client systems, not to persons", null);
            }
            if (before != null && !subject.client().equals(owner(before))) {
                throw new AccessDeniedException(AccessErrorCode.NOT_FOUND, "there is no such resource", null);
            }
            requirePlain(subscription);
            requireCriteria(subject, subscription.getCriteria());
            subscription.getMeta().getTag().removeIf(tag -> OWNER_SYSTEM.equals(tag.getSystem()));
            subscription.getMeta().addTag(new Coding(OWNER_SYSTEM, subject.client(), null));
        } catch (AccessDeniedException e) {
            throw Refusals.of(e);
        }
    }

    /** Extensions make HAPI search, or read again, as the system for what it delivers. */
    private static void requirePlain(Subscription subscription) {
        if (subscription.hasExtension()
                || subscription.getChannel().hasExtension()
                || subscription.getCriteriaElement().hasExtension()
                || subscription.getChannel().getPayloadElement().hasExtension()) {
            throw new AccessDeniedException(
                    AccessErrorCode.OPERATION_UNKNOWN,
                    "an extension of a subscription has no rule that says which permission it needs",
                    null);
        }
    }

    private void requireCriteria(Subject subject, @Nullable String criteria) {
        if (criteria == null || criteria.isBlank()) {
            // Refused by FHIR's own rules.
            return;
        }
        int question = criteria.indexOf('?');
        String type = question < 0 ? criteria : criteria.substring(0, question);
        desk.requireSome(subject, Action.VIEW, type, Door.SUBSCRIPTION);
        if (question >= 0) {
            Map<String, String[]> parameters = UrlUtil.parseQueryString(criteria.substring(question + 1));
            reach.types(type, parameters)
                    .forEach(other -> desk.requireAll(subject, Action.VIEW, other.type(), Door.SUBSCRIPTION));
            written.requireVisibleCriteria(subject, type, parameters);
            // Refuses what no condition on rows could express; the rest is asked for at each delivery.
            if (unmasked.of(subject, Action.VIEW, Door.SUBSCRIPTION, type, parameters)
                    .contains(UnmaskedPart.NOTHING)) {
                throw AccessDeniedException.untranslatable("it looks at texts that speak of several patients");
            }
        }
    }

    /** Whether criteria that look at identities would tell of a resource whose identity is masked. */
    private boolean looksBehindMask(Subject subject, String criteria, String reference) {
        int question = criteria.indexOf('?');
        return question >= 0
                && !reach.identifying(
                                criteria.substring(0, question),
                                UrlUtil.parseQueryString(criteria.substring(question + 1)))
                        .isEmpty()
                && veil.level(subject, Action.VIEW, Door.SUBSCRIPTION, reference) != MaskLevel.NONE;
    }

    @Override
    public boolean owns(Subject subject, CanonicalSubscription subscription) {
        return subject.user() == null && subject.client().equals(owner(subscription));
    }

    private static @Nullable String owner(CanonicalSubscription subscription) {
        return subscription.getTags() == null ? null : subscription.getTags().get(OWNER_SYSTEM);
    }

    static @Nullable String owner(Subscription subscription) {
        return subscription.getMeta().getTag().stream()
                .filter(tag -> OWNER_SYSTEM.equals(tag.getSystem()))
                .map(Coding::getCode)
                .findFirst()
                .orElse(null);
    }

    /** Asks for the owner at the moment of delivery; false keeps the notification back. */
    @Override
    @Hook(value = Pointcut.SUBSCRIPTION_BEFORE_DELIVERY, order = FhirEnforcement.HOOK_ORDER)
    public boolean mayDeliver(CanonicalSubscription subscription, ResourceDeliveryMessage message) {
        String owner = owner(subscription);
        Optional<Subject> subject = owner == null ? Optional.empty() : subjects.ofClient(owner);
        IIdType payload = message.getPayloadId(context);
        boolean deliver = subject.isPresent()
                && payload != null
                && payload.hasResourceType()
                && mayDeliver(
                        subject.get().searching(),
                        subscription,
                        message,
                        payload.getResourceType() + "/" + payload.getIdPart());
        if (!deliver) {
            LOG.info("kept a notification of subscription {} back from {}", subscription.getIdPart(), owner);
        }
        return deliver;
    }

    private boolean mayDeliver(
            Subject subject, CanonicalSubscription subscription, ResourceDeliveryMessage message, String reference) {
        if (!desk.permits(subject, Action.VIEW, reference, Door.SUBSCRIPTION)) {
            return false;
        }
        String criteria = subscription.getCriteriaString();
        try {
            // The policy may have changed since the subscription was made.
            requireCriteria(subject, criteria);
            if (criteria != null && looksBehindMask(subject, criteria, reference)) {
                return false;
            }
        } catch (AccessDeniedException e) {
            LOG.debug("the criteria of a subscription are not permitted any more", e);
            return false;
        }
        MaskLevel level = veil.level(subject, Action.VIEW, Door.SUBSCRIPTION, reference);
        IBaseResource content = message.getPayload(context);
        if (content instanceof Binary binary) {
            return level == MaskLevel.NONE && ExportOwner.mayRead(subject, binary);
        }
        if (content instanceof Subscription other) {
            return subject.client().equals(owner(other));
        }
        if (content instanceof Resource resource) {
            Resource shown = veil.show(subject, Action.VIEW, Door.SUBSCRIPTION, resource);
            if (shown != resource) {
                // The message holds its content twice: as text, and as it was read from that.
                message.setPayload(context, shown, EncodingEnum.JSON);
                FhirTerser terser = context.newTerser();
                terser.clear(resource);
                terser.cloneInto(shown, resource, true);
                resource.setId(shown.getIdElement());
            }
            return true;
        }
        // Content that is loaded later cannot be masked here.
        return subscription.getPayloadString() == null || level == MaskLevel.NONE;
    }
}

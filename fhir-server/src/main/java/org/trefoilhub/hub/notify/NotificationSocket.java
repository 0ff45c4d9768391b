package org.trefoilhub.hub.notify;

import ca.uhn.fhir.broker.api.IMessageListener;
import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.jpa.subscription.channel.subscription.SubscriptionChannelRegistry;
import ca.uhn.fhir.jpa.subscription.channel.subscription.SubscriptionResourceDeliveryMessageConsumer;
import ca.uhn.fhir.jpa.subscription.match.registry.ActiveSubscription;
import ca.uhn.fhir.jpa.subscription.match.registry.SubscriptionRegistry;
import ca.uhn.fhir.jpa.subscription.model.CanonicalSubscriptionChannelType;
import ca.uhn.fhir.jpa.subscription.model.ResourceDeliveryMessage;
import ca.uhn.fhir.rest.server.messaging.IMessage;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.hl7.fhir.instance.model.api.IIdType;
import org.hl7.fhir.r4.model.IdType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.socket.CloseStatus;
import org.springframework.web.socket.TextMessage;
import org.springframework.web.socket.WebSocketSession;
import org.springframework.web.socket.handler.ConcurrentWebSocketSessionDecorator;
import org.springframework.web.socket.handler.TextWebSocketHandler;
import org.trefoilhub.access.audit.AuditAction;
import org.trefoilhub.access.audit.AuditCode;
import org.trefoilhub.access.audit.AuditException;
import org.trefoilhub.access.audit.AuditOutcome;
import org.trefoilhub.access.audit.AuditRecord;
import org.trefoilhub.access.audit.AuditTrail;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.enforce.NotificationGate;

/**
 * Notifications to whoever made the subscription: each ping is asked for as the policy and the client are at that moment.
 *
 * <p>A subscription of another, one that is not active yet and one that does not exist end the connection alike. A message
 * names the subscription only, never the resource. What is bound, refused and sent is in the audit before the other end hears
 * of it; when that cannot be, the connection ends.
 */
final class NotificationSocket extends TextWebSocketHandler {

    /** Session attribute that holds the {@link Subject} of the handshake. */
    static final String SUBJECT = NotificationSocket.class.getName() + ".subject";

    private static final Logger LOG = LoggerFactory.getLogger(NotificationSocket.class);
    private static final CloseStatus UNKNOWN = CloseStatus.POLICY_VIOLATION.withReason("there is no such subscription");
    private static final int SEND_MILLIS = 5_000;
    private static final int BUFFER = 64 * 1024;

    private final SubscriptionRegistry subscriptions;
    private final SubscriptionChannelRegistry channels;
    private final NotificationGate gate;
    private final AuditTrail trail;
    private final FhirContext context;
    private final Map<String, Bound> bound = new ConcurrentHashMap<>();

    NotificationSocket(
            SubscriptionRegistry subscriptions,
            SubscriptionChannelRegistry channels,
            NotificationGate gate,
            AuditTrail trail,
            FhirContext context) {
        this.subscriptions = subscriptions;
        this.channels = channels;
        this.gate = gate;
        this.trail = trail;
        this.context = context;
    }

    @Override
    protected void handleTextMessage(WebSocketSession session, TextMessage message) throws IOException {
        String text = message.getPayload();
        if (!text.startsWith("bind ") || bound.containsKey(session.getId())) {
            session.close(CloseStatus.POLICY_VIOLATION.withReason("one `bind` is expected"));
            return;
        }
        String id = new IdType(text.substring("bind ".length()).strip()).getIdPart();
        ActiveSubscription subscription = id == null ? null : subscriptions.get(id);
        if (!(session.getAttributes().get(SUBJECT) instanceof Subject subject)) {
            session.close(UNKNOWN);
            return;
        }
        if (subscription == null
                || !gate.owns(subject, subscription.getSubscription())
                || subscription.getChannelType() != CanonicalSubscriptionChannelType.WEBSOCKET) {
            recorded(of(AuditCode.BIND, id, subject).failed(AuditOutcome.MINOR_FAILURE, "no such subscription"));
            session.close(UNKNOWN);
            return;
        }
        SubscriptionResourceDeliveryMessageConsumer channel =
                channels.getDeliveryConsumerWithListeners(subscription.getChannelName());
        if (channel == null) {
            recorded(of(AuditCode.BIND, id, subject).failed(AuditOutcome.MINOR_FAILURE, "not open yet"));
            session.close(UNKNOWN);
            return;
        }
        if (!recorded(of(AuditCode.BIND, id, subject))) {
            session.close(CloseStatus.SERVICE_OVERLOAD);
            return;
        }
        Bound binding =
                new Bound(id, new ConcurrentWebSocketSessionDecorator(session, SEND_MILLIS, BUFFER), channel, subject);
        bound.put(session.getId(), binding);
        binding.send("bound " + id);
        channel.addListener(binding);
    }

    private static AuditRecord.Builder of(AuditCode what, @Nullable String id, Subject subject) {
        AuditRecord.Builder event = AuditRecord.of(AuditCode.REST, AuditAction.READ)
                .subtype(what)
                .door(Door.SUBSCRIPTION)
                .subject(subject);
        // An id that FHIR does not know as one is none.
        return id == null || !id.matches("[A-Za-z0-9.-]{1,64}") ? event : event.resource("Subscription/" + id);
    }

    /** Whether the event is durable; without it nothing may be said. */
    private boolean recorded(AuditRecord.Builder event) {
        try {
            trail.record(event.build());
            return true;
        } catch (AuditException e) {
            LOG.error("{} a notification is kept back because its audit event is not durable", e.code().code());
            return false;
        }
    }

    @Override
    public void afterConnectionClosed(WebSocketSession session, CloseStatus status) {
        Bound binding = bound.remove(session.getId());
        if (binding != null) {
            binding.channel.removeListener(binding);
        }
    }

    /** One connection that listens to one subscription. */
    private final class Bound implements IMessageListener<ResourceDeliveryMessage> {

        private final String id;
        private final WebSocketSession session;
        private final SubscriptionResourceDeliveryMessageConsumer channel;
        private final Subject subject;

        Bound(
                String id,
                WebSocketSession session,
                SubscriptionResourceDeliveryMessageConsumer channel,
                Subject subject) {
            this.id = id;
            this.session = session;
            this.channel = channel;
            this.subject = subject;
        }

        @Override
        public void handleMessage(IMessage<ResourceDeliveryMessage> message) {
            ActiveSubscription now = subscriptions.get(id);
            ResourceDeliveryMessage content = message.getPayload();
            if (now == null || content == null || !isOfThis(content)) {
                return;
            }
            if (gate.owns(subject, now.getSubscription()) && gate.mayDeliver(now.getSubscription(), content)) {
                AuditRecord.Builder event = of(AuditCode.NOTIFICATION, id, subject);
                IIdType resource = content.getPayloadId(context);
                if (resource != null && resource.hasResourceType()) {
                    event.resource(resource.getResourceType() + "/" + resource.getIdPart());
                }
                if (recorded(event)) {
                    send("ping " + id);
                }
            }
        }

        private boolean isOfThis(ResourceDeliveryMessage content) {
            return content.getSubscription() != null
                    && id.equals(content.getSubscription().getIdPart());
        }

        void send(String text) {
            try {
                session.sendMessage(new TextMessage(text));
            } catch (IOException | IllegalStateException e) {
                // The other end has gone: the connection is closed and forgotten.
                LOG.debug("a websocket of subscription {} is gone", id, e);
            }
        }

        @Override
        public Class<ResourceDeliveryMessage> getPayloadType() {
            return ResourceDeliveryMessage.class;
        }
    }
}

package org.trefoilhub.hub.notify;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.jpa.subscription.channel.subscription.SubscriptionChannelRegistry;
import ca.uhn.fhir.jpa.subscription.match.registry.SubscriptionRegistry;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpStatus;
import org.springframework.http.server.ServerHttpRequest;
import org.springframework.http.server.ServerHttpResponse;
import org.springframework.http.server.ServletServerHttpRequest;
import org.springframework.web.socket.WebSocketHandler;
import org.springframework.web.socket.config.annotation.EnableWebSocket;
import org.springframework.web.socket.config.annotation.WebSocketConfigurer;
import org.springframework.web.socket.server.HandshakeInterceptor;
import org.trefoilhub.access.audit.AuditTrail;
import org.trefoilhub.access.policy.Subject;
import org.trefoilhub.interceptors.fhir.enforce.NotificationGate;
import org.trefoilhub.interceptors.fhir.subject.SubjectProvider;

/** Opens {@code /websocket} to whoever comes with a token. */
@Configuration(proxyBeanMethods = false)
@EnableWebSocket
class NotificationConfiguration {

    @Bean
    WebSocketConfigurer notificationSocket(
            SubscriptionRegistry subscriptions,
            SubscriptionChannelRegistry channels,
            NotificationGate gate,
            AuditTrail trail,
            FhirContext context,
            ObjectProvider<SubjectProvider> subjects) {
        NotificationSocket socket = new NotificationSocket(subscriptions, channels, gate, trail, context);
        return registry ->
                registry.addHandler(socket, "/websocket").addInterceptors(new Identified(subjects.getIfAvailable()));
    }

    /** Takes the subject of the handshake along; without one there is no connection. */
    private record Identified(@Nullable SubjectProvider subjects) implements HandshakeInterceptor {

        @Override
        public boolean beforeHandshake(
                ServerHttpRequest request,
                ServerHttpResponse response,
                WebSocketHandler handler,
                Map<String, Object> attributes) {
            Optional<Subject> subject = Optional.empty();
            if (subjects != null && request instanceof ServletServerHttpRequest servlet) {
                HttpServletRequest plain = servlet.getServletRequest();
                subject = subjects.of(plain);
            }
            subject.ifPresent(known -> attributes.put(NotificationSocket.SUBJECT, known));
            if (subject.isEmpty()) {
                response.setStatusCode(HttpStatus.UNAUTHORIZED);
            }
            return subject.isPresent();
        }

        @Override
        public void afterHandshake(
                ServerHttpRequest request,
                ServerHttpResponse response,
                WebSocketHandler handler,
                @Nullable Exception exception) {
            // Nothing was begun before.
        }
    }
}

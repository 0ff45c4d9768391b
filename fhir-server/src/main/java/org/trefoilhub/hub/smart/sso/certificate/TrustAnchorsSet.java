package org.trefoilhub.hub.smart.sso.certificate;

import java.util.List;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Certificate login exists where somebody is trusted to issue certificates. */
final class TrustAnchorsSet implements Condition {

    @Override
    public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
        return !Binder.get(context.getEnvironment())
                .bind("trefoil.smart.certificate.trust-anchors", Bindable.listOf(String.class))
                .orElse(List.of())
                .isEmpty();
    }
}

package org.trefoilhub.hub.audit;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;
import org.trefoilhub.access.audit.AuditAction;
import org.trefoilhub.access.audit.AuditCode;
import org.trefoilhub.access.audit.AuditOutcome;
import org.trefoilhub.access.audit.AuditRecord;
import org.trefoilhub.access.audit.AuditTrail;
import org.trefoilhub.hub.smart.LoginEvent;

/** Tells the audit what happens at the login page, before its answer leaves. */
@Component
class LoginAudit {

    private final AuditTrail trail;

    LoginAudit(AuditTrail trail) {
        this.trail = trail;
    }

    @EventListener
    void on(LoginEvent event) {
        AuditRecord.Builder record = AuditRecord.of(AuditCode.USER_AUTHENTICATION, AuditAction.EXECUTE);
        if (event instanceof LoginEvent.Began began) {
            record.subtype(AuditCode.LOGIN).user(began.user()).detail("method", began.method());
            if (began.position() != null) {
                record.detail("position", began.position());
            }
        } else if (event instanceof LoginEvent.Refused refused) {
            record.subtype(AuditCode.LOGIN)
                    .failed(AuditOutcome.MINOR_FAILURE, refused.code())
                    .user(refused.user())
                    .detail("method", refused.method());
        } else if (event instanceof LoginEvent.Ended ended) {
            record.subtype(AuditCode.LOGOUT).user(ended.user());
        } else if (event instanceof LoginEvent.AppRefused refused) {
            record.subtype(AuditCode.TOKEN)
                    .failed(AuditOutcome.MINOR_FAILURE, refused.code())
                    .user(refused.user())
                    .detail("refused-client", refused.client());
        } else if (event instanceof LoginEvent.TokenReused reused) {
            // Whoever holds the copy is not proven: the client whose token it was is told of, not named as the agent.
            record = AuditRecord.of(AuditCode.SECURITY_ALERT, AuditAction.EXECUTE)
                    .subtype(AuditCode.TOKEN)
                    .failed(AuditOutcome.SERIOUS_FAILURE, "refresh token used twice")
                    .user(reused.user())
                    .detail("token-of-client", reused.client());
        }
        trail.record(record.build());
    }
}

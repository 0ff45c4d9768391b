package org.trefoilhub.hub.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.trefoilhub.access.audit.AuditCode;
import org.trefoilhub.access.audit.AuditOutcome;
import org.trefoilhub.access.audit.AuditRecord;
import org.trefoilhub.access.audit.AuditTrail;
import org.trefoilhub.hub.smart.LoginEvent;

/** What the login page tells, as the audit keeps it. */
class LoginAuditTest {

    private final List<AuditRecord> recorded = new ArrayList<>();

    private AuditRecord of(LoginEvent event) {
        new LoginAudit(new AuditTrail() {
                    @Override
                    public void write(AuditRecord written) {
                        throw new AssertionError("a login has no transaction");
                    }

                    @Override
                    public void record(List<AuditRecord> events) {
                        recorded.addAll(events);
                    }
                })
                .on(event);
        assertThat(recorded).hasSize(1);
        return recorded.get(0);
    }

    @Test
    void shouldTellOfAnAppThatWasRefusedAsAFailure() {
        AuditRecord event = of(new LoginEvent.AppRefused("li", "cdss", "access_denied", null));
        assertThat(event.type()).isEqualTo(AuditCode.USER_AUTHENTICATION);
        assertThat(event.subtypes()).containsExactly(AuditCode.TOKEN);
        assertThat(event.outcome()).isEqualTo(AuditOutcome.MINOR_FAILURE);
        assertThat(event.reason()).isEqualTo("access_denied");
        assertThat(event.user()).isEqualTo("li");
        assertThat(event.client()).isNull();
        assertThat(event.details()).containsEntry("refused-client", "cdss");
    }

    @Test
    void shouldRaiseAnAlertWhenATokenComesBack() {
        AuditRecord event = of(new LoginEvent.TokenReused("li", "cdss"));
        assertThat(event.type()).isEqualTo(AuditCode.SECURITY_ALERT);
        assertThat(event.outcome()).isEqualTo(AuditOutcome.SERIOUS_FAILURE);
        assertThat(event.user()).isEqualTo("li");
        assertThat(event.details()).containsEntry("token-of-client", "cdss");
    }
}

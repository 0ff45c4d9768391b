package org.trefoilhub.hub.audit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.junit.jupiter.api.Test;
import org.trefoilhub.access.audit.AuditAction;
import org.trefoilhub.access.audit.AuditCode;
import org.trefoilhub.access.audit.AuditOutcome;
import org.trefoilhub.access.audit.AuditRecord;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.Subject;

/** What is stored of an event holds everything, in the form that earlier editions wrote. */
class AuditContentTest {

    private static final AuditRecord FULL = AuditRecord.of(AuditCode.REST, AuditAction.READ)
            .subtype(AuditCode.interaction("read"))
            .subtype(AuditCode.PRINT)
            .failed(AuditOutcome.MINOR_FAILURE, "404 \"gone\"\n")
            .door(Door.FHIR_REST)
            .subject(new Subject(
                    "console",
                    "医生",
                    java.util.Set.of("doctor"),
                    java.util.Set.of("radiology"),
                    Clearance.R,
                    java.util.Set.of(),
                    null))
            .address("10.0.0.1")
            .purpose("TREAT")
            .patient("Patient/1")
            .patient("Patient/2")
            .resource("Observation/3")
            .study("2.25.1")
            .query("/fhir/Observation?subject=Patient/1&code=a|b\\")
            .policy("Consent/3#1")
            .detail("reason", "抢救")
            .traceId("trace")
            .build();

    private static final AuditRecord EMPTY =
            AuditRecord.of(AuditCode.EXPORT, AuditAction.EXECUTE).build();

    @Test
    void shouldReadWhatItWrote() {
        assertThat(AuditContent.record(AuditContent.row(1, 2, FULL))).isEqualTo(FULL);
        assertThat(AuditContent.record(AuditContent.row(1, 2, EMPTY))).isEqualTo(EMPTY);
    }

    @Test
    void shouldWriteEveryPartAsAMapperWould() throws JsonProcessingException {
        JsonMapper mapper = JsonMapper.builder()
                .defaultPropertyInclusion(
                        JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
                .build();
        assertThat(AuditContent.write(FULL)).isEqualTo(mapper.writeValueAsString(FULL));
        assertThat(AuditContent.write(EMPTY)).isEqualTo(mapper.writeValueAsString(EMPTY));
    }
}

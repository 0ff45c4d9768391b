package org.trefoilhub.interceptors.fhir.error;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import ca.uhn.fhir.rest.server.servlet.ServletRequestDetails;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InputMaskTest {

    @Test
    void shouldTakeOutValuesOfParametersAndTheirBeginnings() {
        ServletRequestDetails request = request("Patient", Map.of("birthdate", "Zhang77", "name", "李雷"), null);
        assertThat(InputMask.mask("Invalid format: \"Zhang77\", prefix \"Zhang\", 李雷", request))
                .isEqualTo("Invalid format: \"…\", prefix \"…\", …");
    }

    @Test
    void shouldKeepNamesOfParametersAndResourceTypes() {
        ServletRequestDetails request = request("Patient/P0001", Map.of("subject", "Patient/P0002"), null);
        assertThat(InputMask.mask("Patient has no parameter subject for Patient/P0002 or P0001", request))
                .isEqualTo("Patient has no parameter subject for Patient/… or …");
    }

    @Test
    void shouldTakeOutWhatABodySaysButNotItsMembers() {
        String json = "{\"resourceType\":\"Patient\",\"gender\":\"\\u674e\\u96f7\",\"name\":[{\"family\":\"Zhang";
        ServletRequestDetails request = request("Patient", Map.of(), json);
        assertThat(InputMask.mask("gender \"李雷\" and family Zhang of Patient", request))
                .isEqualTo("gender \"…\" and family … of Patient");
        String xml = "<Patient><birthDate value=\"Zhang\"/>李雷</Patient>";
        assertThat(InputMask.mask("birthDate has value Zhang, 李雷", request("Patient", Map.of(), xml)))
                .isEqualTo("birthDate has value …, …");
    }

    @Test
    void shouldEndOnABodyThatEndsInAnEscape() {
        assertThat(InputMask.mask("cannot read Zhang", request("Patient", Map.of(), "\"Zhang\\")))
                .isEqualTo("cannot read …");
    }

    private static ServletRequestDetails request(String path, Map<String, String> parameters, String body) {
        ServletRequestDetails request = new ServletRequestDetails() {
            @Override
            public FhirContext getFhirContext() {
                return FhirContext.forR4Cached();
            }

            @Override
            public String getHeader(String name) {
                return null;
            }
        };
        request.setRequestPath(path);
        Map<String, String[]> values = new HashMap<>();
        parameters.forEach((name, value) -> values.put(name, new String[] {value}));
        request.setParameters(values);
        if (body != null) {
            request.setRequestContents(body.getBytes(StandardCharsets.UTF_8));
        }
        return request;
    }
}

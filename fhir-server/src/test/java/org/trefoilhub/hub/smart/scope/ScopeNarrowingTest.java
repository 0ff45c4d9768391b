package org.trefoilhub.hub.smart.scope;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScopeNarrowingTest {

    private static final Set<SmartScope.Context> PERSON = EnumSet.of(SmartScope.Context.USER);

    @ParameterizedTest
    @CsvSource({
        "user/*.cruds,user/*.cruds",
        "user/Patient.read,user/Patient.rs",
        "user/*.write,user/*.cud",
        "system/*.*,system/*.cruds",
        "patient/Observation.rs,patient/Observation.rs",
        "user/Observation.rs?category=http://x|laboratory,user/Observation.rs?category=http://x|laboratory"
    })
    void bothVersionsAreRead(String text, String meaning) {
        assertThat(SmartScope.parse(text).orElseThrow()).hasToString(meaning);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "user/Patient.",
                "user/Patient.sr",
                "user/Patient.rr",
                "user/patient.rs",
                "user/Patient.rs?category=x",
                "user/Patient.rs?",
                "user/Patient.rs?category=",
                "user/Patient.rs?category=http://x|a&status=final",
                "user/Patient.rs?category=http://x|a,",
                "user/Patient.rs?status=final",
                "user/Patient.rs?category:not=http://x|a",
                "user/*/x.rs",
                "admin/*.rs",
                "user/Patient",
                "",
                "openid"
            })
    void whatIsNoResourceScopeIsNotRead(String text) {
        assertThat(SmartScope.parse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "user/*.cruds,user/*.rs,user/*.rs",
        "user/Patient.cruds,user/*.rs,user/Patient.rs",
        "user/*.rs,user/Patient.cruds,user/Patient.rs",
        "user/Patient.read,user/*.cruds,user/Patient.read",
        "user/Patient.*,user/*.rs,user/Patient.rs"
    })
    void aRequestIsCutToTheMaximum(String requested, String maximum, String granted) {
        assertThat(ScopeNarrowing.narrow(List.of(requested), List.of(maximum), PERSON))
                .containsExactly(granted);
    }

    @Test
    void nothingIsGrantedOutsideTheMaximumOrTheGrantsContext() {
        List<String> maximum = List.of("openid", "user/Patient.rs", "system/*.cruds", "patient/*.rs");
        List<String> requested = List.of(
                "user/Observation.rs", "user/Patient.cud", "system/*.rs", "patient/Patient.rs", "launch", "profile");

        assertThat(ScopeNarrowing.narrow(requested, maximum, PERSON)).isEmpty();
        assertThat(ScopeNarrowing.narrow(List.of("openid"), maximum, EnumSet.of(SmartScope.Context.SYSTEM)))
                .isEmpty();
    }

    @Test
    void severalMaximaAddUp() {
        assertThat(ScopeNarrowing.narrow(List.of("user/*.cruds"), List.of("user/Patient.rs", "user/Task.cu"), PERSON))
                .containsExactly("user/Patient.rs", "user/Task.cu");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "user/Observation.rs?category=s|a;user/*.rs;user/Observation.rs?category=s|a",
                "user/Observation.rs;user/Observation.rs?category=s|a;user/Observation.rs?category=s|a",
                "user/*.cruds;user/Observation.rs?category=s|a;user/Observation.rs?category=s|a",
                "user/Observation.rs?category=s|a,s|b;user/Observation.r?category=s|b,s|c;user/Observation.r?category=s|b"
            })
    void aQueryIsNeverLost(String requested, String maximum, String granted) {
        assertThat(ScopeNarrowing.narrow(List.of(requested), List.of(maximum), PERSON))
                .containsExactly(granted);
    }

    @Test
    void queriesWithoutACommonPartGrantNothing() {
        assertThat(ScopeNarrowing.narrow(
                        List.of("user/Observation.rs?category=s|a"),
                        List.of("user/Observation.rs?category=s|b"),
                        PERSON))
                .isEmpty();
    }
}

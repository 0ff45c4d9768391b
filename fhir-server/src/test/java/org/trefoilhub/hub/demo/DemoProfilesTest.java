package org.trefoilhub.hub.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.Test;
import org.trefoilhub.hub.guide.GuideProfiles;

/** What the demo hospital loads keeps the profiles that it claims, so that the hub need not look at it again in a start. */
class DemoProfilesTest {

    /** Of each profile. */
    private static final int LOOKED_AT = 10;

    @Test
    void keepsTheProfilesOfTheGuide() throws Exception {
        ZonedDateTime now = ZonedDateTime.of(2026, 11, 24, 10, 30, 0, 0, ZoneId.of("Asia/Shanghai"));
        DemoHospitalData data = DemoHospitalData.read(Path.of("src/demo/hospital.json"));
        List<Bundle> bundles = new ArrayList<>();
        bundles.add(DemoResources.foundation(data, List.of(), List.of(), List.of()));
        data.patients().forEach(patient -> bundles.add(DemoResources.patient(patient, now)));
        bundles.add(DemoResources.exams(DemoExams.invent(data, now)));
        DemoHospitalData.DemoPatient inpatient = data.patients().stream()
                .filter(DemoHospitalData.DemoPatient::inpatient)
                .findFirst()
                .orElseThrow();
        bundles.add(DemoResources.labs(
                inpatient, 0, DemoExams.labTrend(data, inpatient, 1).get(0), now));

        Map<String, Integer> count = new HashMap<>();
        Set<String> shapes = new HashSet<>();
        List<String> errors = new ArrayList<>();
        for (Bundle bundle : bundles) {
            for (Bundle.BundleEntryComponent entry : bundle.getEntry()) {
                Resource resource = entry.getResource();
                String profile = resource.getMeta().getProfile().stream()
                        .map(uri -> uri.getValue())
                        .findFirst()
                        .orElse("");
                if (profile.isEmpty() || count.merge(profile, 1, Integer::sum) > LOOKED_AT) {
                    continue;
                }
                shapes.add(profile);
                GuideProfiles.errors(resource)
                        .forEach(error -> errors.add(entry.getRequest().getIfNoneExist() + ": " + error));
            }
        }

        assertThat(errors).isEmpty();
        assertThat(new TreeSet<>(shapes)).hasSize(9);
    }
}

package org.trefoilhub.hub.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.function.Predicate;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.trefoilhub.hub.fixture.HubFixture;

/** The ImagingStudy of a study, found as clients find it: by its UID. */
final class ImagingStudies {

    private ImagingStudies() {}

    static Bundle find(HubFixture hub, String studyInstanceUid) {
        return hub.search("ImagingStudy?identifier=urn:dicom:uid%7Curn:oid:" + studyInstanceUid);
    }

    /** Waits until there is one and it is as wanted. */
    static ImagingStudy await(
            HubFixture hub, String studyInstanceUid, Duration patience, Predicate<ImagingStudy> wanted)
            throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            Bundle found = find(hub, studyInstanceUid);
            assertThat(found.getTotal())
                    .as("ImagingStudies of " + studyInstanceUid)
                    .isLessThanOrEqualTo(1);
            if (found.getTotal() == 1
                    && found.getEntryFirstRep().getResource() instanceof ImagingStudy study
                    && wanted.test(study)) {
                return study;
            }
            assertThat(System.nanoTime())
                    .as("the ImagingStudy of " + studyInstanceUid + " did not come within " + patience)
                    .isLessThan(deadline);
            Thread.sleep(50);
        }
    }
}

package org.trefoilhub.hub.enforce;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.util.UUID;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.trefoilhub.hub.fixture.TestStudies;

/** With the policies that the hub ships, a study without Patient ID is the archive's alone, at every door. */
class SeededUnassignedStudyIT {

    private static PolicyHub hub;
    private static String unassigned;
    private static String assigned;

    @BeforeAll
    static void store() throws InterruptedException {
        hub = new PolicyHub();
        unassigned = TestStudies.uid();
        assigned = TestStudies.uid();
        hub.hub.store(TestStudies.slice(unassigned, TestStudies.uid(), 1, null));
        hub.hub.store(TestStudies.slice(assigned, TestStudies.uid(), 1, "U-" + UUID.randomUUID()));
        for (String study : new String[] {unassigned, assigned}) {
            for (int i = 0; total("conformance", study) == 0; i++) {
                assertThat(i).as("ImagingStudy within a minute").isLessThan(600);
                Thread.sleep(100);
            }
        }
    }

    @Test
    void shouldBeFoundByTheArchiveOnly() {
        for (String client : new String[] {"ris", "cloud-imaging", "cdss-backend", "health-commission"}) {
            assertThat(total(client, assigned)).as(client).isEqualTo(1);
            assertThat(total(client, unassigned)).as(client).isZero();
        }
        assertThat(total("conformance", unassigned)).isEqualTo(1);
    }

    @Test
    void shouldNotBeToldByDicomweb() {
        for (String client : new String[] {"ris", "cloud-imaging"}) {
            assertThat(dicomweb(client, "/studies?StudyInstanceUID=" + assigned).body())
                    .contains(assigned);
            assertThat(dicomweb(client, "/studies?StudyInstanceUID=" + unassigned)
                            .body())
                    .doesNotContain(unassigned);
            assertThat(dicomweb(client, "/studies/" + assigned + "/metadata").status())
                    .isEqualTo(200);
            for (String more : new String[] {"/metadata", "/rendered", "/thumbnail"}) {
                assertThat(dicomweb(client, "/studies/" + unassigned + more).status())
                        .as(client + more)
                        .isEqualTo(404);
            }
        }
        assertThat(dicomweb("conformance", "/studies/" + unassigned + "/metadata")
                        .status())
                .isEqualTo(200);
    }

    private static int total(String client, String study) {
        return hub.search(client, "ImagingStudy?identifier=urn:dicom:uid%7Curn:oid:" + study)
                .total();
    }

    private static PolicyHub.Answer dicomweb(String client, String path) {
        var answer = hub.hub.send(HttpRequest.newBuilder(URI.create(hub.hub.base() + "/dicom-web" + path))
                .header("Authorization", "Bearer " + hub.token(client)));
        return new PolicyHub.Answer(
                answer.statusCode(), answer.body(), answer.headers().map());
    }
}

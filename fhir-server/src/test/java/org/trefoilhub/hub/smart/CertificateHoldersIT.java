package org.trefoilhub.hub.smart;

import static org.assertj.core.api.Assertions.assertThat;

import org.hl7.fhir.r4.model.Practitioner;
import org.junit.jupiter.api.Test;
import org.trefoilhub.hub.fixture.HubFixture;

/** Finds whose certificate it is among the Practitioners of the real storage. */
class CertificateHoldersIT {

    private static final String SID = "https://trefoil-hub.org/fhir/sid/";

    @Test
    void shouldFindTheOneActivePractitionerWithTheSerialNumber() {
        HubFixture hub = HubFixture.onH2();
        CertificateHolders holders = hub.bean(CertificateHolders.class);
        create(hub, "holder-1", "C0FFEE01", true);
        create(hub, "holder-2", "C0FFEE02", false);
        create(hub, "holder-3", "C0FFEE03", true);
        create(hub, "holder-4", "C0FFEE03", true);

        assertThat(holders.user("C0FFEE01")).contains("holder-1");
        assertThat(holders.user("C0FFEE02")).as("not active").isEmpty();
        assertThat(holders.user("C0FFEE03")).as("two of them").isEmpty();
        assertThat(holders.user("C0FFEE04")).as("nobody").isEmpty();
    }

    private static void create(HubFixture hub, String user, String serial, boolean active) {
        Practitioner practitioner = new Practitioner();
        practitioner.setActive(active);
        practitioner.addIdentifier().setSystem(SID + "user").setValue(user);
        practitioner.addIdentifier().setSystem(SID + "cert-sn").setValue(serial);
        assertThat(hub.create(practitioner).statusCode()).isEqualTo(201);
    }
}

package org.trefoilhub.hub.demo;

import java.util.List;
import java.util.stream.Collectors;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Profile;
import org.springframework.stereotype.Component;
import org.trefoilhub.hub.app.StartupNotice;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.hub.smart.account.ClientAccount;
import org.trefoilhub.hub.smart.account.UserAccount;

/** Tells who starts the demo where modalities send and which accounts there are; their passwords are no secret. */
@Component
@Profile("demo")
@ConditionalOnProperty("trefoil.demo.data")
class DemoNotice implements StartupNotice {

    private final AccountStore accounts;
    private final int dimsePort;
    private final int mllpPort;

    DemoNotice(
            AccountStore accounts,
            @Value("${trefoil.dimse.port:11112}") int dimsePort,
            @Value("${trefoil.hl7v2.port:2575}") int mllpPort) {
        this.accounts = accounts;
        this.dimsePort = dimsePort;
        this.mllpPort = mllpPort;
    }

    @Override
    public List<String> lines() {
        String users = accounts.users().stream().map(UserAccount::name).collect(Collectors.joining(", "));
        String clients = accounts.clients().stream()
                .filter(client -> !client.isPublic())
                .map(ClientAccount::id)
                .collect(Collectors.joining(", "));
        return List.of(
                "DIMSE     TREFOIL at localhost:" + dimsePort + " (known peers: MODALITY1, CONFORMANCE)",
                "HL7 v2    MLLP at localhost:" + mllpPort + " (senders HIS, RIS, LIS, UIS, EIS, PIS, ECG)",
                "Users     password trefoil-demo: " + users,
                "Clients   secret <client>-secret: " + clients);
    }
}

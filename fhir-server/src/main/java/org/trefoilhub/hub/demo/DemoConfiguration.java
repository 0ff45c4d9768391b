package org.trefoilhub.hub.demo;

import ca.uhn.fhir.context.FhirContext;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.hl7.fhir.r4.model.Device;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.trefoilhub.hub.app.DemoHospital;
import org.trefoilhub.hub.app.HubProperties;
import org.trefoilhub.hub.imaging.DimsePeerDevice;
import org.trefoilhub.hub.smart.LoaderCredentials;
import org.trefoilhub.hub.smart.account.AccountStore;
import org.trefoilhub.hub.smart.account.ClientAccount;

/** Wires the loader, in profile {@code demo} and only when {@code trefoil.demo.data} names the folder of the demo data. */
@Configuration(proxyBeanMethods = false)
@Profile("demo")
@ConditionalOnProperty("trefoil.demo.data")
class DemoConfiguration {

    private static final Logger announce = LoggerFactory.getLogger("org.trefoilhub.announce");
    private static final List<String> LOOPBACK = List.of("127.0.0.0/8", "::1/128");
    /** Where test tools receive C-MOVE sub-operations. */
    private static final int CONFORMANCE_PORT = 11113;

    @Bean
    DemoHospital demoHospital(
            @Value("${trefoil.demo.data}") Path dataFolder,
            HubProperties hub,
            FhirContext fhir,
            Clock clock,
            AccountStore accounts,
            LoaderCredentials credentials) {
        DemoHttp http = new DemoHttp(
                fhir,
                hub.publicUrl().toString(),
                new DemoAccessToken(hub.publicUrl().toString(), credentials.clientId(), credentials.secret(), clock));
        List<DemoResources.Person> people = accounts.users().stream()
                .map(u -> new DemoResources.Person(u.name(), u.displayName(), u.roles(), u.departments()))
                .toList();
        List<Device> peers = List.of(
                DimsePeerDevice.of(DemoResources.CANONICAL, "MODALITY1", "modality", LOOPBACK, null, 0),
                DimsePeerDevice.of(
                        DemoResources.CANONICAL,
                        "CONFORMANCE",
                        "conformance",
                        LOOPBACK,
                        "127.0.0.1",
                        CONFORMANCE_PORT));
        List<String> clients = new ArrayList<>(
                accounts.clients().stream().map(ClientAccount::id).toList());
        clients.removeAll(List.of("modality", "conformance"));
        DemoHospitalLoader loader =
                new DemoHospitalLoader(dataFolder, hub.home(), http, clock, hub.zone(), people, clients, peers);
        return () -> loader.load(announce::info);
    }
}

package org.trefoilhub.hub.smart.sso.certificate;

import java.time.Clock;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.trefoilhub.hub.smart.CertificateHolders;
import org.trefoilhub.hub.smart.LoginOffer;

/** Certificate login, where trust anchors are configured. */
@Configuration(proxyBeanMethods = false)
@Conditional(TrustAnchorsSet.class)
@EnableConfigurationProperties(CertificateProperties.class)
class CertificateConfiguration {

    @Bean
    CertificateProof certificateProof(CertificateProperties properties, Clock clock) {
        return new CertificateProof(
                properties.trustAnchors(),
                new RevocationLists(properties.crls(), properties.crlRefresh(), clock),
                clock);
    }

    @Bean
    CertificateUsers certificateUsers(
            CertificateProperties properties, CertificateProof proofs, CertificateHolders holders) {
        return new CertificateUsers(
                properties.users(), proofs.hasOneAnchor(), holders, properties.practitionerBinding());
    }

    @Bean
    LoginOffer certificateOffer() {
        return new LoginOffer(CertificateController.PATH, "证书登录", "Certificate", 20);
    }
}

package org.trefoilhub.hub.smart.sso.scan;

import java.time.Clock;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.trefoilhub.hub.smart.LoginOffer;

/** Scan-code login: the codes always, since clients use them too; its page unless it is switched off. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ScanProperties.class)
class ScanConfiguration {

    static final String ENABLED = "trefoil.smart.scan.enabled";

    @Bean
    ScanCodes scanCodes(Clock clock, ScanProperties properties) {
        return new ScanCodes(clock, properties.lifetime());
    }

    @Bean
    @ConditionalOnProperty(name = ENABLED, matchIfMissing = true)
    LoginOffer scanOffer() {
        return new LoginOffer(ScanController.PATH, "扫码登录", "Scan a code", 10);
    }
}

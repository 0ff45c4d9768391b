package org.trefoilhub.hub.guide;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the implementation guide in the hub, prefix {@code trefoil.guide}.
 *
 * @param validateProfiles whether a resource that claims a profile of the guide is checked when it is written
 * @param warmUp whether the definitions are read right after the start, so that the first such write need not wait for them
 */
@ConfigurationProperties("trefoil.guide")
record GuideProperties(@DefaultValue("true") boolean validateProfiles, @DefaultValue("true") boolean warmUp) {}

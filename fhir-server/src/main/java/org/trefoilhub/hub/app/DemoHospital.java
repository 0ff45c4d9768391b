package org.trefoilhub.hub.app;

/**
 * The demo hospital: patients, orders, reports and images that profile {@code demo} brings.
 *
 * <p>Called once per start, when every door is open. Implementations load what is missing through the public
 * interfaces and return at once when it is there.
 */
@FunctionalInterface
public interface DemoHospital {

    /** Loads what is missing; returns when it can be searched. */
    void load() throws Exception;
}

package org.trefoilhub.hub.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** The version of the running hub, written into the jar by the build. */
final class HubVersion {

    private HubVersion() {}

    /**
     * The Maven version, e.g. {@code 0.1.0-SNAPSHOT}.
     *
     * @throws IllegalStateException when the build did not write it
     */
    static String current() {
        try (InputStream in = HubVersion.class.getResourceAsStream("/trefoil-version.properties")) {
            if (in == null) {
                throw new IllegalStateException("trefoil-version.properties is missing from the class path");
            }
            Properties properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package org.trefoilhub.hub.app;

import java.util.List;

/**
 * Lines that a feature wants to show to who starts the demo, for example its accounts.
 *
 * <p>Beans of this type are printed in their order, after the demo hospital is loaded and before {@code READY}.
 */
@FunctionalInterface
public interface StartupNotice {

    /** The lines, without line breaks; may be empty. */
    List<String> lines();
}

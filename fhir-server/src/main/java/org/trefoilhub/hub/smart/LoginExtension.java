package org.trefoilhub.hub.smart;

import org.springframework.security.config.annotation.web.builders.HttpSecurity;

/** Adds what a way to log in needs to the chain with the browser session. Paths under {@code /login} are open. */
@FunctionalInterface
public interface LoginExtension {

    /**
     * Called once, when the chain is built.
     *
     * @param http the chain
     * @throws Exception as the builder's own methods do
     */
    void extend(HttpSecurity http) throws Exception;
}

package org.trefoilhub.hub.smart;

/**
 * A way to log in beside the password form; the login page shows those that are configured.
 *
 * @param path where it begins, under {@code /login/}
 * @param chinese its name in Chinese
 * @param english its name in English
 * @param rank place among the others, smallest first
 */
public record LoginOffer(String path, String chinese, String english, int rank) {}

package org.trefoilhub.access.policy;

import java.util.Locale;
import java.util.Optional;

/** What an actor wants to do with a resource; codes are those of the code system {@code report-action}. */
public enum Action {
    /** Read, search, query or retrieve. */
    VIEW,
    /** Create a new resource or store a new object. */
    SAVE,
    /** Change an existing resource. */
    MODIFY,
    /** Delete a resource or reject an object. */
    DELETE,
    /** Print a report or an image. */
    PRINT,
    /** Keep a copy as a file. */
    DOWNLOAD,
    /** Take out many resources at once, as Bulk Data export does. */
    EXPORT,
    /** Hand on to somebody outside, by link or by push. */
    SHARE,
    /** Set the confidentiality level or a sensitivity of a patient. */
    LABEL;

    /**
     * The code of this action in policies and requests.
     *
     * @return lower-case code such as {@code view}
     */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Finds an action by its code.
     *
     * @param code lower-case code, compared exactly
     * @return the action, or empty when no action has that code
     */
    public static Optional<Action> ofCode(String code) {
        for (Action action : values()) {
            if (action.code().equals(code)) {
                return Optional.of(action);
            }
        }
        return Optional.empty();
    }
}

package org.trefoilhub.dicom.net.pdu;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The User Information item of an association request or answer: its sub-items in the order of the wire.
 *
 * <p>Spec: DICOM PS3.8 annex D.1, PS3.7 annex D.3.3.
 */
public record UserInformation(List<UserItem> items) {

    public UserInformation {
        items = List.copyOf(items);
    }

    /** The first item of this type, if there is one. */
    public <T extends UserItem> Optional<T> first(Class<T> type) {
        return all(type).findFirst();
    }

    /** All items of this type, in the order of the wire. */
    public <T extends UserItem> Stream<T> all(Class<T> type) {
        return items.stream().filter(type::isInstance).map(type::cast);
    }

    /** Largest P-DATA-TF variable field the sender will take, in bytes; 0 = it names no limit. */
    public long maximumLength() {
        return first(UserItem.MaximumLength.class)
                .map(UserItem.MaximumLength::bytes)
                .orElse(0L);
    }

    /** Implementation Class UID, null when the (mandatory) item is missing. */
    public @Nullable String implementationClassUid() {
        return first(UserItem.ImplementationClassUid.class)
                .map(UserItem.ImplementationClassUid::uid)
                .orElse(null);
    }
}

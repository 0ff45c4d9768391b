package org.trefoilhub.dicomweb.archive;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.access.policy.Action;

/**
 * Store, search, retrieve and delete on behalf of one subject through one door.
 *
 * <p>Every method asks the policy. Where nothing of the kind could ever be permitted, or the scope cannot be translated,
 * it throws {@link org.trefoilhub.access.policy.AccessDeniedException}; what the policy hides looks absent (empty
 * results), and what it wants masked is masked. Thread-safe.
 */
public interface ArchiveSession {

    /**
     * Stores one object: spools the stream to disk, parses it there, asks the policy, makes the bytes durable and then
     * visible. When the outcome says stored, the object survives the death of the process.
     *
     * @param object Part 10 file or bare data set, read to its end but not closed
     * @throws IOException if the stream breaks off or the disk fails; nothing is visible then
     */
    StoreOutcome store(InputStream object, StoreContext context) throws IOException;

    /**
     * Searches the index.
     *
     * @throws org.trefoilhub.dicomweb.error.ArchiveException if a matching value is malformed
     */
    SearchPage search(QueryLevel level, QidoQuery query);

    /** One instance, or empty if it is absent or hidden. */
    Optional<StoredInstance> instance(String studyInstanceUid, String seriesInstanceUid, String sopInstanceUid);

    /** The instances of a study (series null) or series in order of series and instance number; empty if absent or hidden. */
    List<StoredInstance> instances(String studyInstanceUid, @Nullable String seriesInstanceUid);

    /** Prepared metadata of a study, series (instance null) or instance; empty if absent or hidden. */
    Optional<MetadataDocument> metadata(
            String studyInstanceUid, @Nullable String seriesInstanceUid, @Nullable String sopInstanceUid);

    /**
     * Makes sure that a visible study may also be printed, kept as a file or handed on.
     *
     * @param action what is to be done with it
     * @throws org.trefoilhub.access.policy.AccessDeniedException if the policy does not permit that
     */
    void require(Action action, String studyInstanceUid);

    /** Summary of a study for projections, or empty if it is absent or hidden. */
    Optional<StudySummary> study(String studyInstanceUid);

    /**
     * Makes a study, series or instance invisible and appends the deletions to the feed. The bytes are kept until a
     * retention rule says otherwise.
     *
     * @return number of instances deleted; 0 if there was nothing to be seen
     */
    int delete(String studyInstanceUid, @Nullable String seriesInstanceUid, @Nullable String sopInstanceUid);
}

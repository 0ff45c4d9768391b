package org.trefoilhub.dicom.net;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.encoding.TransferSyntax;

/**
 * Serves one set of SOP classes as their provider (SCP).
 *
 * <p>Thread-safety: an instance given to one association is called by that association's thread only.
 */
public interface DimseService {

    /** Whether this service handles the SOP class. */
    boolean supports(String sopClassUid);

    /**
     * Chooses among the transfer syntaxes proposed for a SOP class this service supports.
     *
     * <p>By default the first registered one in the order of the proposal, so that the sender need not re-encode.
     *
     * @return empty = none of them is supported
     */
    default Optional<TransferSyntax> choose(String sopClassUid, List<String> proposed) {
        return proposed.stream()
                .map(TransferSyntax::of)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /**
     * Answers a SOP Class Extended Negotiation item for a SOP class this service supports.
     *
     * @param proposed the Service-class-application-information of the requestor
     * @return what to answer, null = no answer, which means the defaults of the service class
     */
    default byte @Nullable [] negotiate(String sopClassUid, byte[] proposed) {
        return null;
    }

    /**
     * Does what the request asks. What it leaves unread of the data set is read and thrown away.
     *
     * @throws IOException when the data set cannot be read because the association broke; any other failure belongs
     *     into a status. A runtime exception is answered as processing failure (0x0110).
     */
    DimseStatus handle(DimseRequest request) throws IOException;
}

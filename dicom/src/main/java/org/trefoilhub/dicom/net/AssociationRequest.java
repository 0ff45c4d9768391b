package org.trefoilhub.dicom.net;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.trefoilhub.dicom.encoding.TransferSyntax;

/**
 * What {@link Association#open} needs to know.
 *
 * @param callingAeTitle our name, 1 to 16 printable ASCII characters
 * @param calledAeTitle the peer's name, the same
 * @param address of the peer
 * @param proposals at most 128, in the order of preference
 * @param connectTimeout for the TCP connection
 * @param responseTimeout for the answer to a request, and for one PDU to come in or go out
 * @param maxPduLengthBytes largest P-DATA-TF variable field taken
 */
public record AssociationRequest(
        String callingAeTitle,
        String calledAeTitle,
        InetSocketAddress address,
        List<Proposal> proposals,
        Duration connectTimeout,
        Duration responseTimeout,
        int maxPduLengthBytes) {

    /** A presentation context to propose: transfer syntaxes in the order of preference, at least one. */
    public record Proposal(String abstractSyntax, List<TransferSyntax> transferSyntaxes) {
        public Proposal {
            transferSyntaxes = List.copyOf(transferSyntaxes);
            if (transferSyntaxes.isEmpty()) {
                throw new IllegalArgumentException("a proposal needs a transfer syntax");
            }
        }
    }

    /** Presentation context identifiers are odd and one byte. */
    private static final int MAX_PROPOSALS = 128;

    public AssociationRequest {
        proposals = List.copyOf(proposals);
        if (!AeTitles.valid(callingAeTitle) || !AeTitles.valid(calledAeTitle)) {
            throw new IllegalArgumentException("an AE title is expected to be 1 to 16 printable ASCII characters");
        }
        if (proposals.isEmpty() || proposals.size() > MAX_PROPOSALS) {
            throw new IllegalArgumentException(
                    proposals.size() + " presentation contexts, expected 1 to " + MAX_PROPOSALS);
        }
    }

    /** No proposals yet, 10 s to connect, 60 s to respond, PDUs of 128 KiB. */
    public static Builder builder(String callingAeTitle, String calledAeTitle, InetSocketAddress address) {
        return new Builder(callingAeTitle, calledAeTitle, address);
    }

    /** Builds a request. Not thread-safe. */
    public static final class Builder {
        private final String callingAeTitle;
        private final String calledAeTitle;
        private final InetSocketAddress address;
        private final List<Proposal> proposals = new ArrayList<>();
        private Duration connectTimeout = Duration.ofSeconds(10);
        private Duration responseTimeout = Duration.ofSeconds(60);

        private Builder(String callingAeTitle, String calledAeTitle, InetSocketAddress address) {
            this.callingAeTitle = callingAeTitle;
            this.calledAeTitle = calledAeTitle;
            this.address = address;
        }

        /** One more presentation context. */
        public Builder propose(String abstractSyntax, TransferSyntax... transferSyntaxes) {
            proposals.add(new Proposal(abstractSyntax, List.of(transferSyntaxes)));
            return this;
        }

        public Builder connectTimeout(Duration timeout) {
            connectTimeout = timeout;
            return this;
        }

        public Builder responseTimeout(Duration timeout) {
            responseTimeout = timeout;
            return this;
        }

        public AssociationRequest build() {
            return new AssociationRequest(
                    callingAeTitle,
                    calledAeTitle,
                    address,
                    proposals,
                    connectTimeout,
                    responseTimeout,
                    ServerOptions.at(address).maxPduLengthBytes());
        }
    }
}

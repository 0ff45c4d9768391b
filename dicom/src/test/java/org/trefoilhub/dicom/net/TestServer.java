package org.trefoilhub.dicom.net;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.trefoilhub.dicom.encoding.TransferSyntax;

/** A server on a free loopback port that knows every peer but {@code STRANGER}. */
final class TestServer implements AutoCloseable {

    static final String CT = "1.2.840.10008.5.1.4.1.1.2";
    static final String AE_TITLE = "TREFOIL";

    /** Short waits, so that tests of waiting are short. */
    static final ServerOptions OPTIONS = ServerOptions.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .withMaxAssociations(4)
            .withMaxPduLengthBytes(8192)
            .withArtimTimeout(Duration.ofMillis(700))
            .withIdleTimeout(Duration.ofMillis(1500));

    private final DicomServer server;

    TestServer(ServerOptions options, StorageScp.Receiver receiver) throws IOException {
        server = new DicomServer(options, peer -> {
            if (!peer.calledAeTitle().equals(AE_TITLE)) {
                return new AssociationAcceptor.Reject(RejectReason.CALLED_AE_TITLE_NOT_RECOGNIZED);
            }
            return peer.callingAeTitle().equals("STRANGER")
                    ? new AssociationAcceptor.Reject(RejectReason.CALLING_AE_TITLE_NOT_RECOGNIZED)
                    : new AssociationAcceptor.Accept(List.of(new VerificationScp(), new StorageScp(receiver)));
        });
        server.start();
    }

    DicomServer server() {
        return server;
    }

    InetSocketAddress address() {
        return server.address();
    }

    AssociationRequest.Builder request(String calling) {
        return AssociationRequest.builder(calling, AE_TITLE, address())
                .connectTimeout(Duration.ofSeconds(5))
                .responseTimeout(Duration.ofSeconds(10));
    }

    /** Whether the server still does what it is there for. */
    void mustEcho() throws IOException {
        try (Association association = Association.open(request("PROBE")
                .propose(VerificationScp.SOP_CLASS_UID, TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN)
                .build())) {
            DimseStatus status = association.echo();
            if (!status.isSuccess()) {
                throw new AssertionError("echo answered " + status);
            }
        }
    }

    /** Waits until no association is left, which each of them promises. */
    void mustBecomeIdle(Duration within) throws InterruptedException {
        long deadline = System.nanoTime() + within.toNanos();
        while (server.associations() > 0) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(server.associations() + " associations are left after " + within);
            }
            Thread.sleep(20);
        }
    }

    @Override
    public void close() {
        server.stop(Duration.ofSeconds(3));
    }
}

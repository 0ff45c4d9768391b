package org.trefoilhub.dicom.net.pdu;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One protocol data unit of the DICOM upper layer.
 *
 * <p>Thread-safety: all implementations are immutable, except that the buffer of a {@link DataValue} is a view on bytes
 * of its creator.
 *
 * <p>Spec: DICOM PS3.8 section 9.3.
 */
public sealed interface Pdu {

    /** The application context every DICOM association names (PS3.7 annex A). */
    String DICOM_APPLICATION_CONTEXT = "1.2.840.10008.3.1.1.1";

    /** The PDU-type byte, 1 to 7. */
    int type();

    /**
     * A-ASSOCIATE-RQ: who calls whom, and what they would like to talk about.
     *
     * @param protocolVersion bit field; bit 0 is the only version there is
     * @param calledAeTitle without padding, possibly empty or malformed as received
     * @param callingAeTitle without padding, possibly empty or malformed as received
     * @param presentationContexts in the order proposed, at most 128, identifiers odd and unique
     */
    record AssociateRequest(
            int protocolVersion,
            String calledAeTitle,
            String callingAeTitle,
            String applicationContextName,
            List<ProposedContext> presentationContexts,
            UserInformation userInformation)
            implements Pdu {
        public AssociateRequest {
            presentationContexts = List.copyOf(presentationContexts);
        }

        @Override
        public int type() {
            return 0x01;
        }
    }

    /**
     * A-ASSOCIATE-AC: what of it was accepted. The AE titles are echoes of the request and carry no meaning
     * (PS3.8 section 9.3.3).
     */
    record AssociateAccept(
            int protocolVersion,
            String calledAeTitle,
            String callingAeTitle,
            String applicationContextName,
            List<AnsweredContext> presentationContexts,
            UserInformation userInformation)
            implements Pdu {
        public AssociateAccept {
            presentationContexts = List.copyOf(presentationContexts);
        }

        @Override
        public int type() {
            return 0x02;
        }
    }

    /** A-ASSOCIATE-RJ: result (1 permanent, 2 transient), source and reason as PS3.8 table 9-21 has them. */
    record AssociateReject(int result, int source, int reason) implements Pdu {
        @Override
        public int type() {
            return 0x03;
        }
    }

    /** P-DATA-TF: fragments of one DIMSE message, one or more of them. */
    record PresentationData(List<DataValue> values) implements Pdu {
        public PresentationData {
            values = List.copyOf(values);
        }

        @Override
        public int type() {
            return 0x04;
        }
    }

    /** A-RELEASE-RQ. */
    record ReleaseRequest() implements Pdu {
        @Override
        public int type() {
            return 0x05;
        }
    }

    /** A-RELEASE-RP. */
    record ReleaseResponse() implements Pdu {
        @Override
        public int type() {
            return 0x06;
        }
    }

    /** A-ABORT: source 0 (service user) or 2 (service provider), reason as PS3.8 table 9-26 (0 when of the user). */
    record Abort(int source, int reason) implements Pdu {
        public static final int SOURCE_USER = 0;
        public static final int SOURCE_PROVIDER = 2;

        public static final int REASON_NOT_SPECIFIED = 0;
        public static final int UNRECOGNIZED_PDU = 1;
        public static final int UNEXPECTED_PDU = 2;
        public static final int UNRECOGNIZED_PARAMETER = 4;
        public static final int UNEXPECTED_PARAMETER = 5;
        public static final int INVALID_PARAMETER_VALUE = 6;

        @Override
        public int type() {
            return 0x07;
        }
    }

    /** A presentation context proposed: identifier odd, 1 to 255; transfer syntaxes in the order of preference. */
    record ProposedContext(int id, String abstractSyntax, List<String> transferSyntaxes) {
        public ProposedContext {
            transferSyntaxes = List.copyOf(transferSyntaxes);
        }
    }

    /**
     * A presentation context answered.
     *
     * @param transferSyntax the one chosen; null when the context was not accepted (what is sent then is not significant)
     */
    record AnsweredContext(int id, Result result, @Nullable String transferSyntax) {
        /** Result/Reason of PS3.8 table 9-18, its ordinal is the byte sent. */
        public enum Result {
            ACCEPTANCE,
            USER_REJECTION,
            NO_REASON,
            ABSTRACT_SYNTAX_NOT_SUPPORTED,
            TRANSFER_SYNTAXES_NOT_SUPPORTED
        }
    }
}

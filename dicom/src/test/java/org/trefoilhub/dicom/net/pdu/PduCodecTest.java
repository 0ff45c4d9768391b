package org.trefoilhub.dicom.net.pdu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.trefoilhub.dicom.net.pdu.Pdu.AnsweredContext;
import org.trefoilhub.dicom.net.pdu.Pdu.ProposedContext;

class PduCodecTest {

    @Test
    void shouldReadAssociateRequest() throws PduFormatException {
        assertThat(PduFixture.decode(PduFixture.bytes("a-associate-rq")))
                .isEqualTo(new Pdu.AssociateRequest(
                        1,
                        "TREFOIL",
                        "ECHOSCU",
                        "1.2.840.10008.3.1.1.1",
                        List.of(new ProposedContext(1, "1.2.840.10008.1.1", List.of("1.2.840.10008.1.2"))),
                        new UserInformation(List.of(
                                new UserItem.MaximumLength(16384),
                                new UserItem.ImplementationClassUid("1.2.276.0.7230010.3.0.3.6.7"),
                                new UserItem.ImplementationVersionName("OFFIS_DCMTK_367")))));
    }

    @Test
    void shouldReadEveryUserItemAndSkipUnknownItems() throws PduFormatException {
        Pdu.AssociateRequest request =
                (Pdu.AssociateRequest) PduFixture.decode(PduFixture.bytes("a-associate-rq-all-items"));

        assertThat(request.presentationContexts())
                .containsExactly(new ProposedContext(
                        255, "1.2.840.10008.5.1.4.1.1.2", List.of("1.2.840.10008.1.2", "2.25.17.18.19.20")));
        UserInformation user = request.userInformation();
        assertThat(user.maximumLength()).isZero();
        assertThat(user.implementationClassUid()).isEqualTo("2.25.9");
        assertThat(user.first(UserItem.AsynchronousOperationsWindow.class))
                .contains(new UserItem.AsynchronousOperationsWindow(5, 6));
        assertThat(user.first(UserItem.RoleSelection.class)).contains(new UserItem.RoleSelection("1.2.3", true, false));
        assertThat(user.first(UserItem.ImplementationVersionName.class))
                .contains(new UserItem.ImplementationVersionName("V1"));
        assertThat(user.first(UserItem.ExtendedNegotiation.class)).hasValueSatisfying(item -> {
            assertThat(item.sopClassUid()).isEqualTo("1.2.3");
            assertThat(item.information()).containsExactly(2, 0, 3, 0, 1, 0);
        });
        assertThat(user.first(UserItem.CommonExtendedNegotiation.class))
                .contains(new UserItem.CommonExtendedNegotiation("1.2.3", "1.2.4", List.of("1.2.5")));
        assertThat(user.first(UserItem.UserIdentity.class)).hasValueSatisfying(item -> {
            assertThat(item.identityType()).isEqualTo(2);
            assertThat(item.positiveResponseRequested()).isTrue();
            assertThat(item.primaryField()).asString().isEqualTo("bob");
            assertThat(item.secondaryField()).asString().isEqualTo("pw");
            assertThat(item.toString()).doesNotContain("bob").doesNotContain("pw");
        });
        assertThat(user.first(UserItem.UserIdentityResponse.class))
                .hasValueSatisfying(
                        item -> assertThat(item.serverResponse()).asString().isEqualTo("ok"));
        assertThat(user.first(UserItem.Unknown.class)).hasValueSatisfying(item -> {
            assertThat(item.type()).isEqualTo(0x5F);
            assertThat(item.content()).containsExactly(0xAA, 0xBB);
        });
    }

    @Test
    void shouldReadAssociateAccept() throws PduFormatException {
        Pdu.AssociateAccept accept = (Pdu.AssociateAccept) PduFixture.decode(PduFixture.bytes("a-associate-ac"));

        assertThat(accept.presentationContexts())
                .containsExactly(
                        new AnsweredContext(1, AnsweredContext.Result.ACCEPTANCE, "1.2.840.10008.1.2"),
                        new AnsweredContext(3, AnsweredContext.Result.ABSTRACT_SYNTAX_NOT_SUPPORTED, null));
        assertThat(accept.userInformation().maximumLength()).isEqualTo(131072);
    }

    @Test
    void shouldReadRejectReleaseAndAbort() throws PduFormatException {
        assertThat(PduFixture.decode(PduFixture.bytes("a-associate-rj"))).isEqualTo(new Pdu.AssociateReject(1, 1, 3));
        assertThat(PduFixture.decode(PduFixture.bytes("a-release-rq"))).isEqualTo(new Pdu.ReleaseRequest());
        assertThat(PduFixture.decode(PduFixture.bytes("a-release-rp"))).isEqualTo(new Pdu.ReleaseResponse());
        assertThat(PduFixture.decode(PduFixture.bytes("a-abort"))).isEqualTo(new Pdu.Abort(2, 6));
    }

    @Test
    void shouldReadDataValues() throws PduFormatException {
        Pdu.PresentationData data = (Pdu.PresentationData) PduFixture.decode(PduFixture.bytes("p-data-tf-two-values"));

        assertThat(data.values())
                .containsExactly(
                        new DataValue(5, true, true, ByteBuffer.wrap(new byte[] {(byte) 0xAA, (byte) 0xBB})),
                        new DataValue(5, false, false, ByteBuffer.wrap(new byte[] {1, 2, 3, 4})));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a-associate-rq",
                "a-associate-ac",
                "a-associate-rj",
                "p-data-tf-echo-rq",
                "p-data-tf-two-values",
                "a-release-rq",
                "a-release-rp",
                "a-abort"
            })
    void shouldWriteWhatItRead(String name) throws PduFormatException {
        byte[] bytes = PduFixture.bytes(name);

        assertThat(PduEncoder.encode(PduFixture.decode(bytes))).isEqualTo(bytes);
    }

    @Test
    void shouldWriteEveryUserItemAsItReadIt() throws PduFormatException {
        byte[] written = PduEncoder.encode(PduFixture.decode(PduFixture.bytes("a-associate-rq-all-items")));
        byte[] again = PduEncoder.encode(PduFixture.decode(written));

        assertThat(again).isEqualTo(written);
        // Unknown item 7AH (7 bytes) and the padding NUL of the abstract syntax are gone, nothing else.
        assertThat(written).hasSize(PduFixture.bytes("a-associate-rq-all-items").length - 8);
    }

    @Test
    void shouldPrefixOneDataValue() {
        ByteBuffer pdu = ByteBuffer.allocate(16);
        pdu.position(12).put(new byte[] {1, 2, 3, 4}).flip();

        PduEncoder.putDataHeader(pdu, 7, false, true);

        assertThat(pdu.array()).containsExactly(4, 0, 0, 0, 0, 10, 0, 0, 0, 6, 7, 2, 1, 2, 3, 4);
    }

    @Test
    void shouldRefuseEveryTruncation() {
        for (String name : PduFixture.NAMES) {
            byte[] bytes = PduFixture.bytes(name);
            for (int length = PduDecoder.HEADER_BYTES; length < bytes.length; length++) {
                byte[] shortened = Arrays.copyOf(bytes, length);
                try {
                    // A cut between two items is a PDU of its own; it must just not throw anything unexpected.
                    PduFixture.decode(shortened);
                } catch (PduFormatException expected) {
                    assertThat(expected.abortReason()).isEqualTo(Pdu.Abort.INVALID_PARAMETER_VALUE);
                }
            }
        }
    }

    @Test
    void shouldNameUnknownTypesAsUnrecognized() {
        assertThatThrownBy(() -> PduDecoder.decode(0x47, ByteBuffer.allocate(4)))
                .asInstanceOf(type(PduFormatException.class))
                .extracting(PduFormatException::abortReason)
                .isEqualTo(Pdu.Abort.UNRECOGNIZED_PDU);
    }

    @Test
    void shouldRefuseContextsThatAreProposedTwiceEvenOrEmpty() {
        UserInformation user = new UserInformation(List.of());
        List<List<ProposedContext>> wrong = List.of(
                List.of(new ProposedContext(1, "1.2", List.of("1.3")), new ProposedContext(1, "1.2", List.of("1.3"))),
                List.of(new ProposedContext(2, "1.2", List.of("1.3"))),
                List.of(new ProposedContext(3, "1.2", List.of())));
        for (List<ProposedContext> contexts : wrong) {
            byte[] bytes = PduEncoder.encode(
                    new Pdu.AssociateRequest(1, "A", "B", Pdu.DICOM_APPLICATION_CONTEXT, contexts, user));
            assertThatThrownBy(() -> PduFixture.decode(bytes)).isInstanceOf(PduFormatException.class);
        }
    }

    @Test
    void shouldRefuseToWriteWhatDoesNotFit() {
        assertThatThrownBy(() -> PduEncoder.encode(new Pdu.AssociateRequest(
                        1, "SEVENTEEN-LETTERS", "B", "1.2", List.of(), new UserInformation(List.of()))))
                .isInstanceOf(IllegalArgumentException.class);
    }
}

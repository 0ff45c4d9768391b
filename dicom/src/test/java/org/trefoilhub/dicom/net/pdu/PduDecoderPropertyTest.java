package org.trefoilhub.dicom.net.pdu;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.trefoilhub.dicom.net.pdu.Pdu.ProposedContext;

class PduDecoderPropertyTest {

    @Property(tries = 2000)
    void shouldEndInARecordOrAFormatErrorWhateverTheBytes(
            @ForAll @IntRange(min = 0, max = 255) int type, @ForAll @Size(max = 400) byte[] body) {
        decode(type, body);
    }

    @Property(tries = 2000)
    void shouldSurviveMutationsOfRealPdus(
            @ForAll("fixtures") byte[] pdu,
            @ForAll @Size(min = 1, max = 6) List<@IntRange(min = 0, max = 10_000) Integer> places,
            @ForAll @Size(6) byte[] values,
            @ForAll @IntRange(min = 0, max = 400) int cut) {
        byte[] mutated = pdu.clone();
        for (int i = 0; i < places.size(); i++) {
            mutated[places.get(i) % mutated.length] = values[i];
        }
        int length = Math.max(PduDecoder.HEADER_BYTES, mutated.length - cut % mutated.length);
        decode(pdu[0] & 0xFF, Arrays.copyOfRange(mutated, PduDecoder.HEADER_BYTES, length));
    }

    @Property(tries = 500)
    void shouldReadBackWhatIsWritten(@ForAll("requests") Pdu.AssociateRequest request) throws PduFormatException {
        assertThat(PduFixture.decode(PduEncoder.encode(request))).isEqualTo(request);
    }

    /** Whatever is readable can be written, and reads the same again. */
    private static void decode(int type, byte[] body) {
        Pdu pdu;
        try {
            pdu = PduDecoder.decode(type, ByteBuffer.wrap(body));
        } catch (PduFormatException e) {
            assertThat(e).hasMessageNotContaining("\n");
            return;
        }
        assertThat(pdu.type()).isEqualTo(type);
        assertThat(pdu.toString()).isNotNull();
        byte[] written = PduEncoder.encode(pdu);
        try {
            assertThat(PduEncoder.encode(PduFixture.decode(written))).isEqualTo(written);
        } catch (PduFormatException e) {
            throw new AssertionError("cannot read what was written", e);
        }
    }

    @Provide
    Arbitrary<byte[]> fixtures() {
        return Arbitraries.of(PduFixture.NAMES).map(PduFixture::bytes);
    }

    @Provide
    Arbitrary<Pdu.AssociateRequest> requests() {
        Arbitrary<String> title = Arbitraries.strings()
                .withCharRange('A', 'Z')
                .withChars('_', '-', '1')
                .ofMinLength(1)
                .ofMaxLength(16);
        Arbitrary<String> uid = Arbitraries.integers()
                .between(0, 99999)
                .list()
                .ofMinSize(1)
                .ofMaxSize(8)
                .map(parts -> "1.2" + parts.stream().map(p -> "." + p).reduce("", String::concat));
        Arbitrary<List<ProposedContext>> contexts = Combinators.combine(
                        uid, uid.list().ofMinSize(1).ofMaxSize(30))
                .as((abstractSyntax, transferSyntaxes) -> new ProposedContext(1, abstractSyntax, transferSyntaxes))
                .list()
                .ofMaxSize(128)
                .map(PduDecoderPropertyTest::numbered);
        Arbitrary<UserItem> item = Arbitraries.oneOf(
                Arbitraries.longs().between(0, 0xFFFFFFFFL).map(UserItem.MaximumLength::new),
                uid.map(UserItem.ImplementationClassUid::new),
                title.map(UserItem.ImplementationVersionName::new),
                Combinators.combine(
                                Arbitraries.integers().between(0, 65535),
                                Arbitraries.integers().between(0, 65535))
                        .as(UserItem.AsynchronousOperationsWindow::new),
                Combinators.combine(uid, Arbitraries.of(true, false), Arbitraries.of(true, false))
                        .as(UserItem.RoleSelection::new),
                Combinators.combine(uid, uid, uid.list().ofMaxSize(5)).as(UserItem.CommonExtendedNegotiation::new));
        return Combinators.combine(title, title, uid, contexts, item.list().ofMaxSize(20))
                .as((called, calling, context, proposed, items) ->
                        new Pdu.AssociateRequest(1, called, calling, context, proposed, new UserInformation(items)));
    }

    private static List<ProposedContext> numbered(List<ProposedContext> contexts) {
        return java.util.stream.IntStream.range(0, contexts.size())
                .mapToObj(i -> new ProposedContext(
                        2 * i + 1,
                        contexts.get(i).abstractSyntax(),
                        contexts.get(i).transferSyntaxes()))
                .toList();
    }
}

package org.trefoilhub.dicom.net.pdu;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.trefoilhub.dicom.net.pdu.Pdu.AnsweredContext;
import org.trefoilhub.dicom.net.pdu.Pdu.ProposedContext;

/**
 * Turns the bytes of a PDU into its record.
 *
 * <p>Pure and stateless. Input of any kind ends in a record or a {@link PduFormatException}; the memory used is
 * proportional to the input.
 *
 * <p>Spec: DICOM PS3.8 section 9.3.
 */
public final class PduDecoder {

    /** Bytes before the variable field: PDU type, reserved, length. */
    public static final int HEADER_BYTES = 6;

    private static final int RESERVED_ASSOCIATE_BYTES = 32;
    private static final int AE_TITLE_BYTES = 16;

    private PduDecoder() {}

    /** True for the seven types of PS3.8 section 9.3.1. */
    public static boolean isKnownType(int type) {
        return type >= 1 && type <= 7;
    }

    /**
     * Decodes what follows the six header bytes.
     *
     * @param type the PDU-type byte
     * @param variableField exactly the variable field; the values of a P-DATA-TF are views on it
     * @throws PduFormatException when type or content is not as the standard has it
     */
    public static Pdu decode(int type, ByteBuffer variableField) throws PduFormatException {
        ByteBuffer body = variableField.slice();
        try {
            return switch (type) {
                case 0x01 -> associateRequest(body);
                case 0x02 -> associateAccept(body);
                case 0x03 -> associateReject(body);
                case 0x04 -> presentationData(body);
                case 0x05 -> {
                    fixed(body, "A-RELEASE-RQ");
                    yield new Pdu.ReleaseRequest();
                }
                case 0x06 -> {
                    fixed(body, "A-RELEASE-RP");
                    yield new Pdu.ReleaseResponse();
                }
                case 0x07 -> {
                    fixed(body, "A-ABORT");
                    yield new Pdu.Abort(body.get(2) & 0xFF, body.get(3) & 0xFF);
                }
                default -> throw PduFormatException.unknownType(type);
            };
        } catch (BufferUnderflowException e) {
            PduFormatException shortened = invalid(body, "PDU of type " + type + " ends inside a field");
            shortened.initCause(e);
            throw shortened;
        }
    }

    private static void fixed(ByteBuffer body, String name) throws PduFormatException {
        if (body.remaining() != 4) {
            throw invalid(body, name + " has " + body.remaining() + " bytes of content, expected 4");
        }
    }

    private static Pdu associateReject(ByteBuffer body) throws PduFormatException {
        fixed(body, "A-ASSOCIATE-RJ");
        return new Pdu.AssociateReject(body.get(1) & 0xFF, body.get(2) & 0xFF, body.get(3) & 0xFF);
    }

    private static Pdu associateRequest(ByteBuffer body) throws PduFormatException {
        int version = body.getShort() & 0xFFFF;
        body.getShort();
        String called = aeTitle(body);
        String calling = aeTitle(body);
        skip(body, RESERVED_ASSOCIATE_BYTES);
        String applicationContext = "";
        List<ProposedContext> contexts = new ArrayList<>();
        Set<Integer> identifiers = new HashSet<>();
        List<UserItem> user = new ArrayList<>();
        while (body.hasRemaining()) {
            int itemType = itemType(body);
            ByteBuffer item = itemContent(body);
            switch (itemType) {
                case 0x10 -> applicationContext = uid(item, item.remaining());
                case 0x20 -> {
                    ProposedContext context = proposedContext(item);
                    if (!identifiers.add(context.id())) {
                        throw invalid(item, "presentation context " + context.id() + " is proposed twice");
                    }
                    contexts.add(context);
                }
                case 0x50 -> userItems(item, user);
                default -> {
                    // PS3.8 section 9.3.1: items of unrecognized type shall be ignored.
                }
            }
        }
        return new Pdu.AssociateRequest(
                version, called, calling, applicationContext, contexts, new UserInformation(user));
    }

    private static Pdu associateAccept(ByteBuffer body) throws PduFormatException {
        int version = body.getShort() & 0xFFFF;
        body.getShort();
        String called = aeTitle(body);
        String calling = aeTitle(body);
        skip(body, RESERVED_ASSOCIATE_BYTES);
        String applicationContext = "";
        List<AnsweredContext> contexts = new ArrayList<>();
        Set<Integer> identifiers = new HashSet<>();
        List<UserItem> user = new ArrayList<>();
        while (body.hasRemaining()) {
            int itemType = itemType(body);
            ByteBuffer item = itemContent(body);
            switch (itemType) {
                case 0x10 -> applicationContext = uid(item, item.remaining());
                case 0x21 -> {
                    AnsweredContext context = answeredContext(item);
                    if (!identifiers.add(context.id())) {
                        throw invalid(item, "presentation context " + context.id() + " is answered twice");
                    }
                    contexts.add(context);
                }
                case 0x50 -> userItems(item, user);
                default -> {
                    // As above.
                }
            }
        }
        return new Pdu.AssociateAccept(
                version, called, calling, applicationContext, contexts, new UserInformation(user));
    }

    private static ProposedContext proposedContext(ByteBuffer item) throws PduFormatException {
        int id = contextId(item);
        skip(item, 3);
        String abstractSyntax = null;
        List<String> transferSyntaxes = new ArrayList<>();
        while (item.hasRemaining()) {
            int subType = itemType(item);
            ByteBuffer sub = itemContent(item);
            if (subType == 0x30) {
                if (abstractSyntax != null) {
                    throw invalid(sub, "presentation context " + id + " has two abstract syntaxes");
                }
                abstractSyntax = uid(sub, sub.remaining());
            } else if (subType == 0x40) {
                transferSyntaxes.add(uid(sub, sub.remaining()));
            }
        }
        if (abstractSyntax == null || transferSyntaxes.isEmpty()) {
            throw invalid(item, "presentation context " + id + " lacks an abstract or a transfer syntax");
        }
        return new ProposedContext(id, abstractSyntax, transferSyntaxes);
    }

    private static AnsweredContext answeredContext(ByteBuffer item) throws PduFormatException {
        int id = contextId(item);
        skip(item, 1);
        int resultByte = item.get() & 0xFF;
        skip(item, 1);
        AnsweredContext.Result[] results = AnsweredContext.Result.values();
        if (resultByte >= results.length) {
            throw invalid(item, "presentation context result " + resultByte + ", expected 0 to 4");
        }
        String transferSyntax = null;
        while (item.hasRemaining()) {
            int subType = itemType(item);
            ByteBuffer sub = itemContent(item);
            // Not significant, and often malformed, when the context was refused (PS3.8 section 9.3.3.2).
            if (subType == 0x40 && resultByte == 0) {
                transferSyntax = uid(sub, sub.remaining());
            }
        }
        if (resultByte == 0 && transferSyntax == null) {
            throw invalid(item, "accepted presentation context " + id + " has no transfer syntax");
        }
        return new AnsweredContext(id, results[resultByte], transferSyntax);
    }

    private static void userItems(ByteBuffer items, List<UserItem> into) throws PduFormatException {
        while (items.hasRemaining()) {
            int itemType = itemType(items);
            ByteBuffer item = itemContent(items);
            // What an item holds beyond its fields belongs to a later edition of the standard.
            into.add(userItem(itemType, item));
        }
    }

    private static UserItem userItem(int itemType, ByteBuffer item) throws PduFormatException {
        return switch (itemType) {
            case 0x51 -> new UserItem.MaximumLength(item.getInt() & 0xFFFFFFFFL);
            case 0x52 -> new UserItem.ImplementationClassUid(uid(item, item.remaining()));
            case 0x53 -> new UserItem.AsynchronousOperationsWindow(item.getShort() & 0xFFFF, item.getShort() & 0xFFFF);
            case 0x54 ->
                new UserItem.RoleSelection(uid(item, item.getShort() & 0xFFFF), item.get() != 0, item.get() != 0);
            case 0x55 -> new UserItem.ImplementationVersionName(text(bytes(item, item.remaining())));
            case 0x56 ->
                new UserItem.ExtendedNegotiation(uid(item, item.getShort() & 0xFFFF), bytes(item, item.remaining()));
            case 0x57 -> commonExtendedNegotiation(item);
            case 0x58 ->
                new UserItem.UserIdentity(
                        item.get() & 0xFF,
                        item.get() != 0,
                        bytes(item, item.getShort() & 0xFFFF),
                        bytes(item, item.getShort() & 0xFFFF));
            case 0x59 -> new UserItem.UserIdentityResponse(bytes(item, item.getShort() & 0xFFFF));
            default -> new UserItem.Unknown(itemType, bytes(item, item.remaining()));
        };
    }

    private static UserItem commonExtendedNegotiation(ByteBuffer item) throws PduFormatException {
        String sopClass = uid(item, item.getShort() & 0xFFFF);
        String serviceClass = uid(item, item.getShort() & 0xFFFF);
        List<String> related = new ArrayList<>();
        // Early senders end here; the list of related classes came with a later edition.
        if (item.hasRemaining()) {
            ByteBuffer list = view(item, item.getShort() & 0xFFFF);
            while (list.hasRemaining()) {
                related.add(uid(list, list.getShort() & 0xFFFF));
            }
        }
        return new UserItem.CommonExtendedNegotiation(sopClass, serviceClass, related);
    }

    private static Pdu presentationData(ByteBuffer body) throws PduFormatException {
        List<DataValue> values = new ArrayList<>();
        while (body.hasRemaining()) {
            int length = body.getInt();
            if (length < 2 || length > body.remaining()) {
                throw invalid(
                        body,
                        "presentation data value of " + (length & 0xFFFFFFFFL) + " bytes, " + body.remaining()
                                + " are left");
            }
            ByteBuffer value = view(body, length);
            int contextId = value.get() & 0xFF;
            int control = value.get();
            values.add(new DataValue(contextId, (control & 1) != 0, (control & 2) != 0, value));
        }
        if (values.isEmpty()) {
            throw invalid(body, "P-DATA-TF without a presentation data value");
        }
        return new Pdu.PresentationData(values);
    }

    private static int contextId(ByteBuffer item) throws PduFormatException {
        int id = item.get() & 0xFF;
        if ((id & 1) == 0) {
            throw invalid(item, "presentation context " + id + " is even, expected an odd identifier");
        }
        return id;
    }

    private static int itemType(ByteBuffer buffer) {
        int itemType = buffer.get() & 0xFF;
        buffer.get();
        return itemType;
    }

    private static ByteBuffer itemContent(ByteBuffer buffer) throws PduFormatException {
        return view(buffer, buffer.getShort() & 0xFFFF);
    }

    /** The next {@code length} bytes; offsets within the view go on counting from the start of the PDU body. */
    private static ByteBuffer view(ByteBuffer buffer, int length) throws PduFormatException {
        if (length > buffer.remaining()) {
            throw invalid(buffer, "item of " + length + " bytes, " + buffer.remaining() + " are left");
        }
        ByteBuffer view = buffer.duplicate();
        view.limit(buffer.position() + length);
        buffer.position(buffer.position() + length);
        return view;
    }

    private static byte[] bytes(ByteBuffer buffer, int length) throws PduFormatException {
        byte[] content = new byte[view(buffer, length).remaining()];
        buffer.get(buffer.position() - length, content);
        return content;
    }

    private static void skip(ByteBuffer buffer, int length) throws PduFormatException {
        view(buffer, length);
    }

    private static String aeTitle(ByteBuffer buffer) throws PduFormatException {
        return text(bytes(buffer, AE_TITLE_BYTES)).trim();
    }

    /**
     * A UID without the trailing NUL or space that old senders pad it with. Not validated: one odd proposal among many
     * must not cost the association, it merely matches nothing.
     */
    private static String uid(ByteBuffer buffer, int length) throws PduFormatException {
        byte[] content = bytes(buffer, length);
        int end = content.length;
        while (end > 0 && (content[end - 1] == 0 || content[end - 1] == ' ')) {
            end--;
        }
        return new String(content, 0, end, StandardCharsets.ISO_8859_1);
    }

    private static String text(byte[] content) {
        return new String(content, StandardCharsets.ISO_8859_1);
    }

    private static PduFormatException invalid(ByteBuffer where, String what) {
        return new PduFormatException(Pdu.Abort.INVALID_PARAMETER_VALUE, what + ", at offset " + where.position());
    }
}

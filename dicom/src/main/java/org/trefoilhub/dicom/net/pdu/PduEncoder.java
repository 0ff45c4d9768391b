package org.trefoilhub.dicom.net.pdu;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.trefoilhub.dicom.net.pdu.Pdu.AnsweredContext;
import org.trefoilhub.dicom.net.pdu.Pdu.ProposedContext;

/**
 * Turns a PDU record into its bytes, header included.
 *
 * <p>Pure and stateless. Values that do not fit their field (an AE title over 16 characters, an item over 64 KiB) are
 * errors of the caller and throw {@link IllegalArgumentException}.
 *
 * <p>Spec: DICOM PS3.8 section 9.3.
 */
public final class PduEncoder {

    private PduEncoder() {}

    /**
     * The whole PDU. The buffers of data values are read through a duplicate, their positions do not move.
     *
     * @throws IllegalArgumentException when a value does not fit its field
     */
    public static byte[] encode(Pdu pdu) {
        Output body = new Output();
        if (pdu instanceof Pdu.AssociateRequest rq) {
            associate(body, rq.protocolVersion(), rq.calledAeTitle(), rq.callingAeTitle(), rq.applicationContextName());
            for (ProposedContext context : rq.presentationContexts()) {
                proposedContext(body, context);
            }
            userInformation(body, rq.userInformation());
        } else if (pdu instanceof Pdu.AssociateAccept ac) {
            associate(body, ac.protocolVersion(), ac.calledAeTitle(), ac.callingAeTitle(), ac.applicationContextName());
            for (AnsweredContext context : ac.presentationContexts()) {
                answeredContext(body, context);
            }
            userInformation(body, ac.userInformation());
        } else if (pdu instanceof Pdu.AssociateReject rj) {
            body.u8(0).u8(rj.result()).u8(rj.source()).u8(rj.reason());
        } else if (pdu instanceof Pdu.PresentationData data) {
            for (DataValue value : data.values()) {
                body.u32(value.data().remaining() + 2L)
                        .u8(value.contextId())
                        .u8(controlHeader(value.command(), value.last()))
                        .bytes(remaining(value.data()));
            }
        } else if (pdu instanceof Pdu.Abort abort) {
            body.u8(0).u8(0).u8(abort.source()).u8(abort.reason());
        } else {
            body.u32(0);
        }
        return new Output()
                .u8(pdu.type())
                .u8(0)
                .u32(body.size())
                .bytes(body.toByteArray())
                .toByteArray();
    }

    /**
     * Writes the twelve bytes before the content of a P-DATA-TF PDU of one value.
     *
     * @param pdu position 0, limit at the end of the content, which begins at byte 12
     */
    public static void putDataHeader(ByteBuffer pdu, int contextId, boolean command, boolean last) {
        int content = pdu.limit() - PduDecoder.HEADER_BYTES - DataValue.OVERHEAD_BYTES;
        pdu.put(0, (byte) 0x04)
                .put(1, (byte) 0)
                .putInt(2, content + DataValue.OVERHEAD_BYTES)
                .putInt(6, content + 2)
                .put(10, (byte) contextId)
                .put(11, (byte) controlHeader(command, last));
    }

    /** Message control header of a presentation data value (PS3.8 annex E.2). */
    public static int controlHeader(boolean command, boolean last) {
        return (command ? 1 : 0) | (last ? 2 : 0);
    }

    private static void associate(Output out, int version, String called, String calling, String applicationContext) {
        out.u16(version).u16(0);
        aeTitle(out, called);
        aeTitle(out, calling);
        out.bytes(new byte[32]);
        item(out, 0x10, new Output().text(applicationContext));
    }

    private static void aeTitle(Output out, String title) {
        if (title.length() > 16) {
            throw new IllegalArgumentException("AE title of " + title.length() + " characters, expected at most 16");
        }
        out.text(title);
        for (int i = title.length(); i < 16; i++) {
            out.u8(' ');
        }
    }

    private static void proposedContext(Output out, ProposedContext context) {
        Output content = new Output().u8(context.id()).u8(0).u8(0).u8(0);
        item(content, 0x30, new Output().text(context.abstractSyntax()));
        for (String transferSyntax : context.transferSyntaxes()) {
            item(content, 0x40, new Output().text(transferSyntax));
        }
        item(out, 0x20, content);
    }

    private static void answeredContext(Output out, AnsweredContext context) {
        Output content = new Output()
                .u8(context.id())
                .u8(0)
                .u8(context.result().ordinal())
                .u8(0);
        String transferSyntax = context.transferSyntax();
        // One transfer syntax sub-item always, not significant when the context is refused (PS3.8 section 9.3.3.2).
        item(content, 0x40, new Output().text(transferSyntax == null ? "1.2.840.10008.1.2" : transferSyntax));
        item(out, 0x21, content);
    }

    private static void userInformation(Output out, UserInformation information) {
        Output content = new Output();
        for (UserItem item : information.items()) {
            item(content, item.type(), userItem(item));
        }
        item(out, 0x50, content);
    }

    private static Output userItem(UserItem item) {
        Output out = new Output();
        if (item instanceof UserItem.MaximumLength length) {
            out.u32(length.bytes());
        } else if (item instanceof UserItem.ImplementationClassUid implementation) {
            out.text(implementation.uid());
        } else if (item instanceof UserItem.AsynchronousOperationsWindow window) {
            out.u16(window.invoked()).u16(window.performed());
        } else if (item instanceof UserItem.RoleSelection role) {
            out.prefixedText(role.sopClassUid()).u8(role.scu() ? 1 : 0).u8(role.scp() ? 1 : 0);
        } else if (item instanceof UserItem.ImplementationVersionName version) {
            out.text(version.name());
        } else if (item instanceof UserItem.ExtendedNegotiation extended) {
            out.prefixedText(extended.sopClassUid()).bytes(extended.information());
        } else if (item instanceof UserItem.CommonExtendedNegotiation common) {
            Output related = new Output();
            common.relatedSopClassUids().forEach(related::prefixedText);
            out.prefixedText(common.sopClassUid())
                    .prefixedText(common.serviceClassUid())
                    .prefixed(related.toByteArray());
        } else if (item instanceof UserItem.UserIdentity identity) {
            out.u8(identity.identityType())
                    .u8(identity.positiveResponseRequested() ? 1 : 0)
                    .prefixed(identity.primaryField())
                    .prefixed(identity.secondaryField());
        } else if (item instanceof UserItem.UserIdentityResponse response) {
            out.prefixed(response.serverResponse());
        } else if (item instanceof UserItem.Unknown unknown) {
            out.bytes(unknown.content());
        }
        return out;
    }

    private static void item(Output out, int type, Output content) {
        out.u8(type).u8(0).prefixed(content.toByteArray());
    }

    private static byte[] remaining(ByteBuffer buffer) {
        byte[] content = new byte[buffer.remaining()];
        buffer.duplicate().get(content);
        return content;
    }

    /** Big-endian fields, as everything of the upper layer is. */
    private static final class Output {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Output u8(int value) {
            bytes.write(value);
            return this;
        }

        Output u16(int value) {
            return u8(value >>> 8).u8(value);
        }

        Output u32(long value) {
            return u16((int) (value >>> 16)).u16((int) value);
        }

        Output bytes(byte[] value) {
            bytes.writeBytes(value);
            return this;
        }

        Output text(String value) {
            return bytes(value.getBytes(StandardCharsets.ISO_8859_1));
        }

        Output prefixed(byte[] value) {
            if (value.length > 0xFFFF) {
                throw new IllegalArgumentException("item of " + value.length + " bytes, expected at most 65535");
            }
            return u16(value.length).bytes(value);
        }

        Output prefixedText(String value) {
            return prefixed(value.getBytes(StandardCharsets.ISO_8859_1));
        }

        int size() {
            return bytes.size();
        }

        byte[] toByteArray() {
            return bytes.toByteArray();
        }
    }
}

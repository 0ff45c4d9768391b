package org.trefoilhub.dicom.net;

import java.io.IOException;
import java.io.InputStream;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.dict.UidDictionary;
import org.trefoilhub.dicom.encoding.TransferSyntax;

/**
 * C-STORE: checks the request and hands the data set as a stream to a {@link Receiver}.
 *
 * <p>Supports every standard storage SOP class, the retired ones included, and every UID outside the standard's own
 * root (private SOP classes of vendors); not the standard's query, print or worklist classes.
 *
 * <p>Answers extended negotiation with level 2 (full) storage, digital signatures preserved, no coercion.
 *
 * <p>Spec: DICOM PS3.4 annex B, PS3.7 section 9.1.1.
 */
public final class StorageScp implements DimseService {

    /**
     * An object on its way in.
     *
     * @param peer who sends it
     * @param sopClassUid as the command set says
     * @param sopInstanceUid as the command set says
     * @param transferSyntax of the data set
     * @param dataset the data set as it comes from the wire, without file meta information
     */
    public record Incoming(
            AssociationPeer peer,
            String sopClassUid,
            String sopInstanceUid,
            TransferSyntax transferSyntax,
            InputStream dataset) {}

    /** Takes objects. */
    @FunctionalInterface
    public interface Receiver {
        /**
         * Keeps the object, and answers success only when it is safe.
         *
         * @throws IOException when the data set broke off: then nothing may be kept
         */
        DimseStatus receive(Incoming incoming) throws IOException;
    }

    private static final String STANDARD_ROOT = "1.2.840.10008.";
    private static final Pattern UID = Pattern.compile("[0-2](\\.(0|[1-9][0-9]*))+");
    private static final Pattern LENIENT_UID = Pattern.compile("[0-9.]+");
    private static final int MAX_UID_CHARACTERS = 64;

    /** PS3.4 section B.3.1.4.1: level 2, signature level 3, no element coercion. */
    private static final byte[] APPLICATION_INFORMATION = {2, 0, 3, 0, 0, 0};

    private final Receiver receiver;

    public StorageScp(Receiver receiver) {
        this.receiver = receiver;
    }

    @Override
    public boolean supports(String sopClassUid) {
        if (sopClassUid.startsWith(STANDARD_ROOT)) {
            return UidDictionary.of(sopClassUid)
                    .map(UidDictionary.Entry::isStorageSopClass)
                    .orElse(false);
        }
        return sopClassUid.length() <= MAX_UID_CHARACTERS
                && UID.matcher(sopClassUid).matches();
    }

    @Override
    public byte @Nullable [] negotiate(String sopClassUid, byte[] proposed) {
        return APPLICATION_INFORMATION.clone();
    }

    @Override
    public DimseStatus handle(DimseRequest request) throws IOException {
        if (request.commandField() != Commands.C_STORE_RQ) {
            return DimseStatus.of(DimseStatus.UNRECOGNIZED_OPERATION);
        }
        InputStream dataset = request.dataset();
        if (dataset == null) {
            return new DimseStatus(DimseStatus.MISTYPED_ARGUMENT, "C-STORE request without a data set");
        }
        String sopClassUid = request.affectedSopClassUid();
        String sopInstanceUid = request.affectedSopInstanceUid();
        if (sopClassUid == null || sopInstanceUid == null || !lenientUid(sopInstanceUid)) {
            return new DimseStatus(
                    DimseStatus.MISTYPED_ARGUMENT, "affected SOP class or instance UID missing or malformed");
        }
        if (!sopClassUid.equals(request.context().abstractSyntax())) {
            return new DimseStatus(
                    DimseStatus.SOP_CLASS_NOT_SUPPORTED, "SOP class is not that of the presentation context");
        }
        return receiver.receive(new Incoming(
                request.peer(), sopClassUid, sopInstanceUid, request.context().transferSyntax(), dataset));
    }

    /** Digits and dots: instances with a component like {@code 01} exist, and are better kept than refused. */
    private static boolean lenientUid(String uid) {
        return uid.length() <= MAX_UID_CHARACTERS && LENIENT_UID.matcher(uid).matches();
    }
}

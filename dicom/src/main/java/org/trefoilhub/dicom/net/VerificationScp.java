package org.trefoilhub.dicom.net;

/** C-ECHO: answers that it is there. Spec: DICOM PS3.4 annex A, PS3.7 section 9.1.5. */
public final class VerificationScp implements DimseService {

    /** Verification SOP Class. */
    public static final String SOP_CLASS_UID = "1.2.840.10008.1.1";

    @Override
    public boolean supports(String sopClassUid) {
        return SOP_CLASS_UID.equals(sopClassUid);
    }

    @Override
    public DimseStatus handle(DimseRequest request) {
        return request.commandField() == Commands.C_ECHO_RQ
                ? DimseStatus.SUCCESS
                : DimseStatus.of(DimseStatus.UNRECOGNIZED_OPERATION);
    }
}

package org.trefoilhub.dicom.net;

import org.trefoilhub.dicom.encoding.TransferSyntax;

/**
 * A presentation context both sides agreed on.
 *
 * @param id odd, 1 to 255
 * @param abstractSyntax SOP class UID
 * @param transferSyntax the one every data set of the context is written in
 */
public record PresentationContext(int id, String abstractSyntax, TransferSyntax transferSyntax) {}

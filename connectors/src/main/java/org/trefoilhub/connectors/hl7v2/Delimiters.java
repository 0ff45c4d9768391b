package org.trefoilhub.connectors.hl7v2;

import org.trefoilhub.connectors.source.IngestErrorCode;
import org.trefoilhub.connectors.source.IngestException;

/**
 * The delimiters of one message.
 *
 * @param field separator of fields, MSH-1
 * @param component separator of components
 * @param repetition separator of repetitions
 * @param escape escape character; 0 = the message has none
 * @param subcomponent separator of subcomponents; 0 = the message has none
 */
record Delimiters(char field, char component, char repetition, char escape, char subcomponent) {

    /** What nearly everybody uses, and what the hub writes. */
    static final Delimiters STANDARD = new Delimiters('|', '^', '~', '\\', '&');

    /**
     * Reads MSH-1 and MSH-2.
     *
     * @throws IngestException with {@link IngestErrorCode#NOT_HL7} when they are absent, equal or letters
     */
    static Delimiters of(String msh) {
        char field = msh.charAt(3);
        int end = msh.indexOf(field, 4);
        String encoding = end < 0 ? msh.substring(4) : msh.substring(4, end);
        if (encoding.length() < 2 || encoding.length() > 5) {
            throw new IngestException(IngestErrorCode.NOT_HL7, "expected 2 to 5 encoding characters in MSH-2");
        }
        String all = field + encoding;
        for (int i = 0; i < all.length(); i++) {
            char c = all.charAt(i);
            if (c <= ' ' || c > '~' || Character.isLetterOrDigit(c) || all.indexOf(c) != i) {
                throw new IngestException(
                        IngestErrorCode.NOT_HL7, "expected different printable delimiters in MSH-1 and MSH-2");
            }
        }
        return new Delimiters(
                field,
                encoding.charAt(0),
                encoding.charAt(1),
                encoding.length() > 2 ? encoding.charAt(2) : 0,
                encoding.length() > 3 ? encoding.charAt(3) : 0);
    }
}

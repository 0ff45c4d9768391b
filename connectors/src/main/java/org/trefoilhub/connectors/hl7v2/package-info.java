/**
 * HL7 v2 messages in their vertical-bar form: reading, writing, and answering.
 *
 * <p>Start from {@link org.trefoilhub.connectors.hl7v2.Hl7Reader} (bytes to {@link
 * org.trefoilhub.connectors.hl7v2.Hl7Message}) and {@link org.trefoilhub.connectors.hl7v2.Hl7Writer}. Structures are not
 * checked against a version of the standard: hospitals send what they send, and each mapper says what it needs. Unknown
 * segments stay as they came.
 *
 * <p>Spec: HL7 v2.5.1 chapter 2, sections 2.5 to 2.7 (messages, delimiters, escapes) and 2.9 (acknowledgements).
 */
@NullMarked
package org.trefoilhub.connectors.hl7v2;

import org.jspecify.annotations.NullMarked;

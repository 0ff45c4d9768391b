package org.trefoilhub.dicom.json;

import org.jspecify.annotations.Nullable;
import org.trefoilhub.dicom.data.DicomElement;

/** Decides which binary values leave as references. */
@FunctionalInterface
public interface BulkDataUri {

    /** Values in memory are written inline; those that are only in a file are left without a value. */
    BulkDataUri INLINE = (path, element) -> null;

    /**
     * The reference to write in place of a value.
     *
     * @param path where the element is: its tag in hexadecimal, behind the tags and item numbers (from 1) of the
     *     sequences around it, joined by slashes: {@code 7FE00010}, {@code 54000100/1/54001010}
     * @param element an element whose value is binary, long text in a file, or encapsulated
     * @return the URI, absolute or relative to the document, or null to write the value inline
     */
    @Nullable
    String uri(String path, DicomElement element);
}

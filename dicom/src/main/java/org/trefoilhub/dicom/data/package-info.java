/** DICOM data sets in memory. */
@org.jspecify.annotations.NullMarked
package org.trefoilhub.dicom.data;

/**
 * Bytes of stored objects under opaque ids.
 *
 * <p>Start from {@link org.trefoilhub.dicomweb.archive.blob.BlobStore} and {@link
 * org.trefoilhub.dicomweb.archive.blob.FileSystemBlobStore}. A put is atomic and durable: when it returns, the bytes
 * survive a crash; before it returns, nothing is to be seen under the id.
 *
 * <p>Knows neither DICOM nor who asks. Used by the archive only.
 */
@NullMarked
package org.trefoilhub.dicomweb.archive.blob;

import org.jspecify.annotations.NullMarked;

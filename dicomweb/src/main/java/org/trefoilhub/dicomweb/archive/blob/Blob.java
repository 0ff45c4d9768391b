package org.trefoilhub.dicomweb.archive.blob;

/**
 * A durable blob.
 *
 * @param lengthBytes number of bytes
 * @param sha256 lower-case hexadecimal SHA-256 of all bytes
 */
public record Blob(BlobId id, long lengthBytes, String sha256) {}

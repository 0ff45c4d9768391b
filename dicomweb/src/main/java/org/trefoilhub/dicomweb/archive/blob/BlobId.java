package org.trefoilhub.dicomweb.archive.blob;

/**
 * Opaque name of a blob: 32 lower-case hexadecimal digits, chosen at random by the store.
 *
 * <p>Says nothing about the object, so it may be logged.
 */
public record BlobId(String value) {
    public BlobId {
        if (value.length() != 32 || !value.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'))) {
            throw new IllegalArgumentException("expected 32 hexadecimal digits");
        }
    }

    @Override
    public String toString() {
        return value;
    }
}

package org.trefoilhub.access.policy;

/**
 * The kind of a thing under policy: a FHIR resource type.
 *
 * <p>{@code ImagingStudy} also governs the DICOM objects of the study.
 *
 * @param type name of a FHIR R4 resource type, such as {@code Patient}; letters only, upper-case first
 */
public record ResourceKind(String type) {

    /** Studies, series and instances at every DICOM door, and the FHIR resource that describes them. */
    public static final ResourceKind IMAGING_STUDY = new ResourceKind("ImagingStudy");

    /**
     * Checks the shape.
     *
     * @throws IllegalArgumentException when the name is not a word of letters that starts in upper case
     */
    public ResourceKind {
        if (type.isEmpty()
                || !Character.isUpperCase(type.charAt(0))
                || !type.chars().allMatch(ResourceKind::isLetter)) {
            throw new IllegalArgumentException("expected the name of a resource type but got `" + type + "`");
        }
    }

    private static boolean isLetter(int c) {
        return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    }
}

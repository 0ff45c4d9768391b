package org.trefoilhub.hub.report.range;

import org.hl7.fhir.r4.model.Element;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;

/** Values of extensions. */
public final class Extensions {

    private Extensions() {}

    /**
     * The value of an element's first extension of a kind.
     *
     * @return null when there is none, or none with a value
     */
    public static @Nullable Type value(Element element, String url) {
        Extension extension = element.getExtensionByUrl(url);
        return extension == null ? null : extension.getValue();
    }
}

package org.trefoilhub.interceptors.fhir.mask;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.hl7.fhir.r4.model.Attachment;
import org.hl7.fhir.r4.model.Base;
import org.hl7.fhir.r4.model.Bundle;
import org.hl7.fhir.r4.model.DomainResource;
import org.hl7.fhir.r4.model.Group;
import org.hl7.fhir.r4.model.IdType;
import org.hl7.fhir.r4.model.ListResource;
import org.hl7.fhir.r4.model.Property;
import org.hl7.fhir.r4.model.Reference;
import org.hl7.fhir.r4.model.Resource;
import org.jspecify.annotations.Nullable;

/**
 * Finds the references in a resource, and takes out those to what is hidden: an entry of a List or a member of a Group as a
 * whole, any other reference leaves {@code data-absent-reason} behind. What lost something is tagged SUBSETTED.
 *
 * <p>Thread-safe.
 */
public final class HiddenReferences {

    private final String base;

    /**
     * Works for one server.
     *
     * @param fhirBase base address of the FHIR door, without trailing slash
     */
    public HiddenReferences(String fhirBase) {
        this.base = fhirBase + "/";
    }

    /**
     * Every literal reference to something of ours, at any depth, contained resources and addresses of attachments included.
     *
     * @param resource looked through
     * @return such as {@code Patient/12}
     */
    public Set<String> in(Resource resource) {
        Set<String> found = new LinkedHashSet<>();
        collect(resource, found);
        return found;
    }

    private void collect(Base element, Set<String> found) {
        String literal = literal(element);
        if (literal != null) {
            found.add(literal);
        }
        if (element instanceof Bundle.BundleEntryComponent entry && entry.hasResource()) {
            Resource inside = entry.getResource();
            String own = literal(inside.fhirType() + "/" + inside.getIdElement().getIdPart());
            if (inside.getIdElement().hasIdPart() && own != null) {
                found.add(own);
            }
        }
        for (Property property : element.children()) {
            property.getValues().forEach(value -> collect(value, found));
        }
    }

    private @Nullable String literal(Base element) {
        if (element instanceof Reference reference) {
            return literal(reference.getReference());
        }
        return element instanceof Attachment attachment ? literal(attachment.getUrl()) : null;
    }

    /**
     * The literal reference behind a text.
     *
     * @param text relative or absolute reference, with or without version
     * @return type and id, or null when it is none of ours
     */
    public @Nullable String literal(@Nullable String text) {
        if (text == null || text.isBlank() || text.startsWith("#") || text.startsWith("urn:") || text.contains("?")) {
            return null;
        }
        String relative = text.startsWith(base) ? text.substring(base.length()) : text;
        if (relative.contains("://")) {
            return null;
        }
        IdType id = new IdType(relative);
        return id.hasResourceType() && id.hasIdPart() ? id.getResourceType() + "/" + id.getIdPart() : null;
    }

    /**
     * Takes references out.
     *
     * @param resource not changed
     * @param hidden tells what is hidden
     * @param <T> type of the resource
     * @return a copy without them, or the resource itself when there are none
     */
    @SuppressWarnings("unchecked")
    public <T extends Resource> T without(T resource, Predicate<String> hidden) {
        if (in(resource).stream().noneMatch(hidden)) {
            return resource;
        }
        Resource copy = resource.copy();
        if (copy instanceof ListResource list) {
            list.getEntry().removeIf(entry -> isHidden(entry.getItem(), hidden));
        } else if (copy instanceof Group group
                && group.getMember().removeIf(member -> isHidden(member.getEntity(), hidden))) {
            // The number would tell how many are hidden.
            group.setQuantityElement(null);
        } else if (copy instanceof Bundle bundle) {
            bundle.getEntry().removeIf(entry -> entry.hasResource() && isAboutHidden(entry.getResource(), hidden));
        }
        cut(copy, hidden);
        if (copy instanceof DomainResource narrated) {
            // It may tell of what was taken out.
            narrated.setText(null);
        }
        Partial.tag(copy, "SUBSETTED");
        return (T) copy;
    }

    /** Whether a resource inside a stored Bundle is a copy of something hidden, or speaks of a hidden patient. */
    private boolean isAboutHidden(Resource resource, Predicate<String> hidden) {
        String own = literal(resource.fhirType() + "/" + resource.getIdElement().getIdPart());
        return (resource.getIdElement().hasIdPart() && own != null && hidden.test(own))
                || in(resource).stream().anyMatch(each -> each.startsWith("Patient/") && hidden.test(each));
    }

    private boolean isHidden(Base element, Predicate<String> hidden) {
        String literal = literal(element);
        return literal != null && hidden.test(literal);
    }

    private void cut(Base element, Predicate<String> hidden) {
        if (isHidden(element, hidden)) {
            if (element instanceof Reference reference) {
                reference.setReference(null);
                reference.setIdentifier(null);
                reference.setDisplay(null);
                Partial.absent(reference);
            } else if (element instanceof Attachment attachment) {
                attachment.setUrl(null);
                attachment.setTitle(null);
                Partial.absent(attachment);
            }
            return;
        }
        for (Property property : element.children()) {
            List<Base> values = new ArrayList<>(property.getValues());
            values.forEach(value -> cut(value, hidden));
        }
    }
}

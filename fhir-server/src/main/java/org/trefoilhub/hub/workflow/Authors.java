package org.trefoilhub.hub.workflow;

import java.util.Optional;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.Extension;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Practitioner;
import org.hl7.fhir.r4.model.PractitionerRole;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;

/**
 * Notes in a report who writes it, so that the policy can show a draft to its authors alone: whoever writes it, and the
 * interpreters whom a source names. Nobody else writes the note, and nobody takes it away.
 */
final class Authors {

    private static final String AUTHOR = Machines.CANONICAL + "/StructureDefinition/report-author";
    private static final String USER = Machines.CANONICAL + "/sid/user";
    private static final String BY_USER = "identifier=" + USER + "|";

    private final Records records;

    Authors(Records records) {
        this.records = records;
    }

    /** Keeps the authors of the version before, and adds those of a report that is not released. */
    void note(@Nullable DiagnosticReport before, DiagnosticReport after, Actor actor) {
        after.getExtension().removeIf(extension -> AUTHOR.equals(extension.getUrl()));
        if (before != null) {
            before.getExtensionsByUrl(AUTHOR).forEach(extension -> after.addExtension(extension.copy()));
        }
        boolean draft = after.getStatus() == DiagnosticReport.DiagnosticReportStatus.PARTIAL;
        if (draft || States.isSigned(after) && !after.hasIssued()) {
            add(after, actor.who());
        }
        if (draft) {
            after.getResultsInterpreter().stream()
                    .flatMap(this::user)
                    .forEach(user -> add(
                            after,
                            new Reference()
                                    .setType("Practitioner")
                                    .setIdentifier(
                                            new Identifier().setSystem(USER).setValue(user))));
        }
    }

    /** Takes the note out of a copy, which is compared. */
    static void strip(DiagnosticReport copy) {
        copy.getExtension().removeIf(extension -> AUTHOR.equals(extension.getUrl()));
    }

    private static void add(DiagnosticReport report, Reference author) {
        boolean known = report.getExtensionsByUrl(AUTHOR).stream()
                .anyMatch(extension -> extension.getValue() instanceof Reference other
                        && other.getIdentifier().equalsDeep(author.getIdentifier()));
        if (!known) {
            report.addExtension(new Extension(AUTHOR, author));
        }
    }

    /** The user name of a person whom a report names by reference, by condition or by identifier. */
    private Stream<String> user(Reference person) {
        if (USER.equals(person.getIdentifier().getSystem())) {
            return Stream.of(person.getIdentifier().getValue());
        }
        String reference = person.getReference();
        if (reference == null) {
            return Stream.empty();
        }
        int condition = reference.indexOf(BY_USER);
        if (condition > 0) {
            return Stream.of(reference.substring(condition + BY_USER.length()));
        }
        String type = person.getReferenceElement().getResourceType();
        if (!person.getReferenceElement().hasIdPart() || type == null) {
            return Stream.empty();
        }
        String literal = type + "/" + person.getReferenceElement().getIdPart();
        Optional<Practitioner> found =
                switch (type) {
                    case "Practitioner" -> records.read(Practitioner.class, literal);
                    case "PractitionerRole" ->
                        records.read(PractitionerRole.class, literal)
                                .map(role -> role.getPractitioner().getReference())
                                .flatMap(of -> records.read(Practitioner.class, of));
                    default -> Optional.empty();
                };
        return found.stream()
                .flatMap(each -> each.getIdentifier().stream())
                .filter(identifier -> USER.equals(identifier.getSystem()))
                .map(Identifier::getValue);
    }
}

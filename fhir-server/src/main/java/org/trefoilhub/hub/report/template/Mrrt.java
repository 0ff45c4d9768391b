package org.trefoilhub.hub.report.template;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.Enumerations.PublicationStatus;
import org.hl7.fhir.r4.model.Questionnaire;
import org.hl7.fhir.r4.model.Questionnaire.QuestionnaireItemComponent;
import org.hl7.fhir.r4.model.Questionnaire.QuestionnaireItemType;
import org.jsoup.Jsoup;
import org.jsoup.nodes.DataNode;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.DocumentType;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.TextNode;
import org.trefoilhub.hub.report.range.Units;

/**
 * Report templates as MRRT files: section is group, select is choice, number is decimal with unit, textarea is text, checkbox
 * is boolean.
 *
 * <p>Calculated expressions, variables and options that score have no place in MRRT and are not exported. What an imported
 * file carries beyond these elements, scripts above all, is not taken over.
 *
 * <p>Spec: IHE Radiology MRRT (RAD-103, RAD-104, RAD-105): HTML5, {@code data-section-name}, {@code data-field-type}, Dublin
 * Core in {@code meta}.
 */
final class Mrrt {

    /** Media type of a template. */
    static final String MEDIA_TYPE = "text/html";

    private static final int MOST_CHARACTERS = 2_000_000;

    private Mrrt() {}

    /** A file that is no MRRT template. */
    static final class MrrtException extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        MrrtException(String message) {
            super(message);
        }
    }

    /** Writes a template as HTML5. */
    static String export(Questionnaire template) {
        Document document = Document.createShell("");
        document.outputSettings().prettyPrint(true).charset("UTF-8");
        document.prependChild(new DocumentType("html", "", ""));
        document.child(0).attr("lang", "zh");
        Element head = document.head();
        head.appendElement("meta").attr("charset", "UTF-8");
        document.title(template.getTitle());
        meta(head, "dcterms.title", template.getTitle());
        meta(head, "dcterms.identifier", template.getUrl());
        meta(head, "dcterms.language", "zh");
        meta(head, "dcterms.type", "IMAGE_REPORT_TEMPLATE");
        meta(head, "dcterms.publisher", template.hasPublisher() ? template.getPublisher() : "-");
        meta(
                head,
                "dcterms.date",
                template.hasDate() ? template.getDateElement().getValueAsString() : "-");
        meta(head, "dcterms.creator", template.hasPublisher() ? template.getPublisher() : "-");
        head.appendElement("script")
                .attr("type", "text/xml")
                .appendChild(new DataNode("<template_attributes><status>"
                        + template.getStatus().toCode().toUpperCase(Locale.ROOT)
                        + "</status><top-level-flag>true</top-level-flag></template_attributes>"));
        sections(template.getItem(), document.body());
        return document.outerHtml();
    }

    private static void meta(Element head, String name, String content) {
        head.appendElement("meta").attr("name", name).attr("content", content);
    }

    private static void sections(List<QuestionnaireItemComponent> items, Element parent) {
        Element open = null;
        for (QuestionnaireItemComponent item : items) {
            if (item.getType() == QuestionnaireItemType.GROUP) {
                open = null;
                Element section = section(parent, item.getLinkId(), item.getText());
                if (item.getRepeats()) {
                    section.attr("data-repeats", "true");
                }
                sections(item.getItem(), section);
            } else {
                boolean top = parent.normalName().equals("body");
                if (top && open == null) {
                    open = section(parent, "items-" + item.getLinkId(), "");
                    open.attr("data-inline", "true");
                }
                field(item, top ? Objects.requireNonNull(open) : parent);
            }
        }
    }

    private static Element section(Element parent, String id, String name) {
        Element section = parent.appendElement("section").attr("id", id);
        section.attr("data-section-name", name.isEmpty() ? id : name);
        if (!name.isEmpty()) {
            section.appendElement("header").addClass("level1").appendChild(new TextNode(name));
        }
        return section;
    }

    private static void field(QuestionnaireItemComponent item, Element parent) {
        Element line = parent.appendElement("p");
        line.appendElement("label").attr("for", item.getLinkId()).appendChild(new TextNode(item.getText()));
        Element field;
        switch (item.getType()) {
            case CHOICE, OPENCHOICE -> {
                field = line.appendElement("select").attr("data-field-type", "SELECTION_LIST");
                if (item.getRepeats()) {
                    field.attr("multiple", "multiple");
                }
                item.getAnswerOption().forEach(option -> {
                    if (option.getValue() instanceof Coding coding) {
                        field(coding, line);
                    }
                });
            }
            case DECIMAL, INTEGER -> {
                field = line.appendElement("input")
                        .attr("type", "number")
                        .attr("data-field-type", "NUMBER")
                        .attr("step", item.getType() == QuestionnaireItemType.INTEGER ? "1" : "any");
                Sdc.unit(item).ifPresent(unit -> line.child(1).attr("data-field-units", unit.getCode()));
                Sdc.number(item, Sdc.MIN).ifPresent(low -> line.child(1).attr("min", low.toPlainString()));
                Sdc.number(item, Sdc.MAX).ifPresent(high -> line.child(1).attr("max", high.toPlainString()));
            }
            case BOOLEAN ->
                field = line.appendElement("input").attr("type", "checkbox").attr("data-field-type", "CHECKBOX");
            case DATE ->
                field = line.appendElement("input").attr("type", "date").attr("data-field-type", "DATE");
            case TEXT -> field = line.appendElement("textarea").attr("data-field-type", "TEXTAREA");
            default -> field = line.appendElement("input").attr("type", "text").attr("data-field-type", "TEXT");
        }
        field.attr("id", item.getLinkId()).attr("name", item.getText());
        if (item.getRequired()) {
            field.attr("data-field-completion-action", "ALERT").attr("required", "required");
        }
    }

    private static void field(Coding coding, Element line) {
        line.child(1)
                .appendElement("option")
                .attr("value", coding.getCode())
                .attr("data-system", coding.hasSystem() ? coding.getSystem() : "")
                .appendChild(new TextNode(coding.hasDisplay() ? coding.getDisplay() : coding.getCode()));
    }

    /**
     * Reads a template.
     *
     * @param html the file
     * @return a draft without id
     * @throws MrrtException when it has no title, no section or fields that share an id
     */
    static Questionnaire parse(String html) {
        if (html.length() > MOST_CHARACTERS) {
            throw new MrrtException("expected a template of at most " + MOST_CHARACTERS + " characters");
        }
        Document document = Jsoup.parse(html);
        String title = content(document, "dcterms.title").orElse(document.title());
        if (title.isBlank()) {
            throw new MrrtException("expected a title");
        }
        Questionnaire template = new Questionnaire();
        template.setStatus(PublicationStatus.DRAFT);
        template.setTitle(title);
        content(document, "dcterms.identifier")
                .filter(each -> each.matches("(https?://|urn:)\\S+"))
                .ifPresent(template::setUrl);
        content(document, "dcterms.publisher").ifPresent(template::setPublisher);
        template.addSubjectType("Patient");
        Set<String> ids = new HashSet<>();
        for (Element section : document.body().children()) {
            if (section.normalName().equals("section")) {
                if (section.hasAttr("data-inline")) {
                    fields(section, ids).forEach(template::addItem);
                } else {
                    template.addItem(group(section, ids));
                }
            }
        }
        if (template.getItem().isEmpty()) {
            throw new MrrtException("expected sections with a name");
        }
        return template;
    }

    private static Optional<String> content(Document document, String name) {
        return document.select("meta[name]").stream()
                .filter(meta -> meta.attr("name").equalsIgnoreCase(name))
                .map(meta -> meta.attr("content"))
                .filter(content -> !content.isBlank())
                .findFirst();
    }

    private static QuestionnaireItemComponent group(Element section, Set<String> ids) {
        QuestionnaireItemComponent group = new QuestionnaireItemComponent();
        group.setLinkId(id(section, ids));
        group.setText(section.attr("data-section-name"));
        group.setType(QuestionnaireItemType.GROUP);
        if (section.hasAttr("data-repeats")) {
            group.setRepeats(true);
        }
        fields(section, ids).forEach(group::addItem);
        return group;
    }

    private static List<QuestionnaireItemComponent> fields(Element parent, Set<String> ids) {
        List<QuestionnaireItemComponent> items = new ArrayList<>();
        for (Element child : parent.children()) {
            switch (child.normalName()) {
                case "section" -> items.add(group(child, ids));
                case "select", "input", "textarea" -> items.add(question(child, ids));
                default -> items.addAll(fields(child, ids));
            }
        }
        return items;
    }

    private static QuestionnaireItemComponent question(Element field, Set<String> ids) {
        QuestionnaireItemComponent item = new QuestionnaireItemComponent();
        item.setLinkId(id(field, ids));
        item.setText(text(field, item.getLinkId()));
        if (field.hasAttr("required")
                || field.attr("data-field-completion-action").equals("ALERT")) {
            item.setRequired(true);
        }
        String type = field.attr("data-field-type").toUpperCase(Locale.ROOT);
        if (field.normalName().equals("select")) {
            item.setType(QuestionnaireItemType.CHOICE);
            if (field.hasAttr("multiple")) {
                item.setRepeats(true);
            }
            for (Element option : field.select("option")) {
                String code = option.hasAttr("value") ? option.attr("value") : option.text();
                if (!code.isBlank()) {
                    Coding coding = new Coding().setCode(code).setDisplay(option.text());
                    if (!option.attr("data-system").isEmpty()) {
                        coding.setSystem(option.attr("data-system"));
                    }
                    item.addAnswerOption().setValue(coding);
                }
            }
        } else if (field.normalName().equals("textarea") || type.equals("TEXTAREA")) {
            item.setType(QuestionnaireItemType.TEXT);
        } else if (type.equals("NUMBER") || field.attr("type").equals("number")) {
            number(item, field);
        } else if (type.equals("CHECKBOX") || field.attr("type").equals("checkbox")) {
            item.setType(QuestionnaireItemType.BOOLEAN);
        } else if (type.equals("DATE") || field.attr("type").equals("date")) {
            item.setType(QuestionnaireItemType.DATE);
        } else {
            item.setType(QuestionnaireItemType.STRING);
        }
        return item;
    }

    private static void number(QuestionnaireItemComponent item, Element field) {
        item.setType(field.attr("step").equals("1") ? QuestionnaireItemType.INTEGER : QuestionnaireItemType.DECIMAL);
        String unit = field.attr("data-field-units");
        if (!unit.isEmpty()) {
            item.addExtension(Sdc.UNIT, new Coding(Units.UCUM, unit, unit));
        }
        limit(item, Sdc.MIN, field.attr("min"));
        limit(item, Sdc.MAX, field.attr("max"));
    }

    private static void limit(QuestionnaireItemComponent item, String url, String value) {
        if (value.matches("-?\\d{1,12}(\\.\\d{1,8})?")) {
            item.addExtension(url, new DecimalType(new BigDecimal(value)));
        }
    }

    private static String text(Element field, String id) {
        String name = field.attr("name");
        if (!name.isBlank()) {
            return name;
        }
        Element root = field.root();
        return root.select("label[for]").stream()
                .filter(label -> label.attr("for").equals(id))
                .map(Element::text)
                .findFirst()
                .orElse(id);
    }

    private static String id(Element element, Set<String> ids) {
        String id = element.id().isBlank() ? element.attr("data-section-name").strip() : element.id();
        if (id.isBlank() || !ids.add(id)) {
            throw new MrrtException("expected an id of its own for each section and field");
        }
        return id;
    }
}

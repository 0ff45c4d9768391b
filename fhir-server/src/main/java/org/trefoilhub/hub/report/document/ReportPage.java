package org.trefoilhub.hub.report.document;

import java.time.Instant;
import java.time.LocalDate;
import java.time.Period;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DateTimeType;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.DiagnosticReport.DiagnosticReportStatus;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.Patient;
import org.hl7.fhir.r4.model.Quantity;
import org.hl7.fhir.r4.model.Type;
import org.jspecify.annotations.Nullable;

/** The HTML of a report; pure. Everything that comes from data is escaped. */
final class ReportPage {

    private static final DateTimeFormatter MINUTE = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm");
    private static final Set<String> FINDINGS = Set.of("18782-3", "59776-5");
    private static final Set<String> LEFT_OUT = Set.of("report-positivity", "report-critical");
    private static final Map<String, String> FLAGS =
            Map.of("HH", "↑↑ 危急", "H", "↑", "L", "↓", "LL", "↓↓ 危急", "N", "", "AA", "危急", "A", "异常");
    private static final Map<String, String> UNITS =
            Map.of("[ppth]", "‰", "mm[Hg]", "mmHg", "deg", "°", "1", "", "[hnsf'U]", "HU");
    private static final String STYLE =
            """
            @page { size: A4; margin: 18mm 16mm 20mm 16mm;
              @bottom-right { content: "第 " counter(page) " 页 / 共 " counter(pages) " 页"; font: 9pt 'Noto Sans SC'; color: #555; }
              @bottom-left { content: "本报告仅供临床参考"; font: 9pt 'Noto Sans SC'; color: #555; } }
            body { font: 10.5pt/1.55 'Noto Sans SC'; color: #111; }
            h1 { font-size: 17pt; font-weight: normal; text-align: center; margin: 0 0 2mm 0; }
            h2 { font-size: 11.5pt; font-weight: normal; margin: 4mm 0 1mm 0; border-bottom: 0.4mm solid #444; }
            .state { text-align: center; font-size: 12pt; color: #b00020; margin: 0 0 2mm 0; }
            table { width: 100%; border-collapse: collapse; }
            .who td { padding: 0.6mm 2mm 0.6mm 0; vertical-align: top; }
            .values { font-size: 9.5pt; -fs-table-paginate: paginate; }
            .values th { font-weight: normal; text-align: left; border-bottom: 0.3mm solid #777; background: #eee; padding: 0.8mm 1.5mm; }
            .values td { border-bottom: 0.15mm solid #bbb; padding: 0.6mm 1.5mm; }
            .values tr { page-break-inside: avoid; }
            .off { color: #b00020; }
            .text { white-space: pre-wrap; }
            .images img { width: 84mm; margin: 1mm 2mm 1mm 0; }
            .sign { margin-top: 6mm; }
            """;

    private ReportPage() {}

    /**
     * What is printed beside the report itself.
     *
     * @param patient null when the printer may not see the patient
     * @param observations results in the order of the report
     * @param images JPEG
     * @param hospital name of the hospital or department that made the report
     * @param people names of those who interpreted the results, in the order of the report
     * @param zone zone of the hospital
     */
    record Content(
            @Nullable Patient patient,
            List<Observation> observations,
            List<byte[]> images,
            String hospital,
            List<String> people,
            ZoneId zone) {}

    /** The page, well-formed. */
    static String html(DiagnosticReport report, Content content) {
        StringBuilder html = new StringBuilder();
        html.append("<!DOCTYPE html><html lang=\"zh\"><head><meta charset=\"UTF-8\"/><title>检查报告</title><style>")
                .append(STYLE)
                .append("</style></head><body>");
        html.append("<h1>").append(escape(content.hospital())).append("检查报告</h1>");
        String state = state(report);
        if (!state.isEmpty()) {
            html.append("<div class=\"state\">").append(state).append("</div>");
        }
        who(html, report, content);
        values(html, content.observations());
        for (Observation each : content.observations()) {
            if (isOneOf(each, FINDINGS) && each.hasValueStringType()) {
                section(html, "检查所见", each.getValueStringType().getValue());
            }
        }
        if (report.hasConclusion()) {
            section(html, "诊断意见", report.getConclusion());
        }
        if (!content.images().isEmpty()) {
            html.append("<h2>关键图像</h2><div class=\"images\">");
            for (byte[] image : content.images()) {
                html.append("<img alt=\"\" src=\"data:image/jpeg;base64,")
                        .append(Base64.getEncoder().encodeToString(image))
                        .append("\"/>");
            }
            html.append("</div>");
        }
        html.append("<table class=\"sign\"><tr>");
        List<String> roles = List.of("报告医师", "审核医师");
        for (int i = 0; i < roles.size(); i++) {
            html.append("<td>")
                    .append(roles.get(i))
                    .append("：")
                    .append(
                            i < content.people().size()
                                    ? escape(content.people().get(i))
                                    : "")
                    .append("</td>");
        }
        html.append("<td>发布时间：")
                .append(report.hasIssued() ? time(report.getIssued().toInstant(), content.zone()) : "—")
                .append("</td></tr></table></body></html>");
        return html.toString();
    }

    /** What must be said of the state of the report, above all that it is preliminary. */
    static String state(DiagnosticReport report) {
        DiagnosticReportStatus status = report.getStatus();
        return switch (status) {
            case PRELIMINARY -> "初步报告，仅供参考";
            case AMENDED -> "修订报告";
            case CORRECTED -> "更正报告";
            case APPENDED -> "补充报告";
            default -> "";
        };
    }

    private static void who(StringBuilder html, DiagnosticReport report, Content content) {
        Patient patient = content.patient();
        html.append("<table class=\"who\"><tr>");
        cell(html, "姓名", patient == null ? "—" : name(patient));
        cell(html, "性别", patient == null ? "—" : sex(patient));
        cell(html, "年龄", patient == null ? "—" : age(patient, report, content.zone()));
        cell(
                html,
                "病人号",
                patient == null ? "—" : patient.getIdentifierFirstRep().getValue());
        html.append("</tr><tr>");
        cell(html, "检查项目", text(report.getCode()));
        cell(html, "报告号", identifier(report));
        cell(
                html,
                "检查时间",
                report.getEffective() instanceof DateTimeType time && time.getValue() != null
                        ? time(time.getValue().toInstant(), content.zone())
                        : "—");
        cell(html, "报告状态", status(report));
        html.append("</tr></table>");
    }

    private static void cell(StringBuilder html, String name, @Nullable String value) {
        html.append("<td>")
                .append(name)
                .append("：")
                .append(escape(value == null ? "—" : value))
                .append("</td>");
    }

    private static void values(StringBuilder html, List<Observation> observations) {
        List<Observation> shown = observations.stream()
                .filter(each -> each.hasValue() && !each.hasValueStringType() && !isOneOf(each, LEFT_OUT))
                .toList();
        if (shown.isEmpty()) {
            return;
        }
        html.append("<h2>测量与评分</h2><table class=\"values\"><thead><tr><th>项目</th><th>部位</th><th>结果</th>")
                .append("<th>参考范围</th><th>标记</th></tr></thead><tbody>");
        for (Observation each : shown) {
            String flag = each.getInterpretation().stream()
                    .flatMap(concept -> concept.getCoding().stream())
                    .map(Coding::getCode)
                    .findFirst()
                    .orElse("");
            String mark = FLAGS.getOrDefault(flag, flag);
            html.append(mark.isEmpty() ? "<tr>" : "<tr class=\"off\">");
            td(html, text(each.getCode()));
            td(html, text(each.getBodySite()));
            td(html, value(each.getValue()));
            td(html, each.hasReferenceRange() ? range(each.getReferenceRangeFirstRep()) : "");
            td(html, mark);
            html.append("</tr>");
        }
        html.append("</tbody></table>");
    }

    private static void td(StringBuilder html, String value) {
        html.append("<td>").append(escape(value)).append("</td>");
    }

    private static String range(Observation.ObservationReferenceRangeComponent range) {
        if (range.hasText()) {
            return range.getText();
        }
        String low = range.hasLow() ? range.getLow().getValue().toPlainString() : "";
        String high = range.hasHigh() ? range.getHigh().getValue().toPlainString() : "";
        return low + "–" + high;
    }

    private static void section(StringBuilder html, String title, String text) {
        html.append("<h2>")
                .append(title)
                .append("</h2><div class=\"text\">")
                .append(escape(text))
                .append("</div>");
    }

    private static String value(Type value) {
        if (value instanceof Quantity quantity && quantity.hasValue()) {
            String unit = quantity.hasUnit() ? quantity.getUnit() : "";
            return quantity.getValue().toPlainString() + " " + UNITS.getOrDefault(unit, unit);
        }
        if (value instanceof CodeableConcept concept) {
            return text(concept);
        }
        String text = value.primitiveValue();
        return "true".equals(text) ? "是" : "false".equals(text) ? "否" : text == null ? "" : text;
    }

    static String text(CodeableConcept concept) {
        if (concept.hasText()) {
            return concept.getText();
        }
        return concept.getCoding().stream()
                .map(coding -> coding.hasDisplay() ? coding.getDisplay() : coding.getCode())
                .findFirst()
                .orElse("");
    }

    private static boolean isOneOf(Observation observation, Set<String> codes) {
        return observation.getCode().getCoding().stream().anyMatch(coding -> codes.contains(coding.getCode()));
    }

    private static String name(Patient patient) {
        return patient.getName().stream()
                .map(name -> name.hasText() ? name.getText() : name.getFamily() + name.getGivenAsSingleString())
                .findFirst()
                .orElse("—");
    }

    private static String sex(Patient patient) {
        return patient.hasGender()
                ? switch (patient.getGender()) {
                    case MALE -> "男";
                    case FEMALE -> "女";
                    default -> "未知";
                }
                : "未知";
    }

    private static String age(Patient patient, DiagnosticReport report, ZoneId zone) {
        String born = patient.getBirthDateElement().getValueAsString();
        if (born == null
                || born.length() != 10
                || !(report.getEffective() instanceof DateTimeType time)
                || time.getValue() == null) {
            return "—";
        }
        Period age = Period.between(
                LocalDate.parse(born), time.getValue().toInstant().atZone(zone).toLocalDate());
        return age.getYears() >= 3
                ? age.getYears() + "岁"
                : age.toTotalMonths() >= 1 ? age.toTotalMonths() + "月" : age.getDays() + "天";
    }

    private static String identifier(DiagnosticReport report) {
        return report.getIdentifier().stream()
                .map(Identifier::getValue)
                .findFirst()
                .orElse(report.getIdElement().getIdPart());
    }

    private static String status(DiagnosticReport report) {
        String state = state(report);
        return state.isEmpty() ? "已发布" : state;
    }

    static String time(Instant instant, ZoneId zone) {
        return MINUTE.format(instant.atZone(zone));
    }

    /** Text for the page; what XML 1.0 has no characters for is left out. */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            switch (point) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> {
                    boolean printable = point >= 0x20 && point <= 0xD7FF
                            || point >= 0xE000 && point <= 0xFFFD
                            || point >= 0x10000
                            || point == '\n'
                            || point == '\t';
                    if (printable) {
                        escaped.appendCodePoint(point);
                    }
                }
            }
        });
        return escaped.toString();
    }
}

package org.trefoilhub.hub.ingest;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.hl7.fhir.r4.model.ActivityDefinition;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.ConceptMap;
import org.hl7.fhir.r4.model.ConceptMap.SourceElementComponent;
import org.trefoilhub.connectors.mapping.Dictionary;
import org.trefoilhub.connectors.mapping.Names;

/**
 * The ConceptMaps and the exam catalogue of the store.
 *
 * <p>States of a source are translated by the ConceptMap {@code {c}/ConceptMap/exam-status-SOURCE} (lower case) when there
 * is one with the code, else by what is the same for everybody: HL7 table 0038 and the codes of {@code exam-status} itself
 * with their Chinese names.
 */
final class StoredDictionary implements Dictionary {

    private static final Map<String, String> COMMON = Map.ofEntries(
            Map.entry("SC", "booked"),
            Map.entry("IP", "in-exam"),
            Map.entry("CM", "examined"),
            Map.entry("CA", "cancelled"),
            Map.entry("DC", "cancelled"),
            Map.entry("requested", "requested"),
            Map.entry("booked", "booked"),
            Map.entry("checked-in", "checked-in"),
            Map.entry("in-exam", "in-exam"),
            Map.entry("examined", "examined"),
            Map.entry("writing", "writing"),
            Map.entry("preliminary", "preliminary"),
            Map.entry("verified", "verified"),
            Map.entry("released", "released"),
            Map.entry("printed", "printed"),
            Map.entry("cancelled", "cancelled"),
            Map.entry("recalled", "recalled"),
            Map.entry("已申请", "requested"),
            Map.entry("已预约", "booked"),
            Map.entry("已登记", "checked-in"),
            Map.entry("已报到", "checked-in"),
            Map.entry("检查中", "in-exam"),
            Map.entry("已检查", "examined"),
            Map.entry("报告书写", "writing"),
            Map.entry("初步报告", "preliminary"),
            Map.entry("已审核", "verified"),
            Map.entry("已发布", "released"),
            Map.entry("已打印", "printed"),
            Map.entry("已取消", "cancelled"),
            Map.entry("召回", "recalled"));

    private final IngestStore store;
    private final Names names;

    StoredDictionary(IngestStore store, Names names) {
        this.store = store;
        this.names = names;
    }

    @Override
    public Optional<String> examStatus(String source, String code) {
        return store.conceptMap(names.canonical() + "/ConceptMap/exam-status-" + source.toLowerCase(Locale.ROOT))
                .flatMap(map -> translated(map, code))
                .or(() -> Optional.ofNullable(COMMON.get(code)));
    }

    private static Optional<String> translated(ConceptMap map, String code) {
        return map.getGroup().stream()
                .flatMap(group -> group.getElement().stream())
                .filter(element -> code.equals(element.getCode()))
                .map(SourceElementComponent::getTargetFirstRep)
                .filter(ConceptMap.TargetElementComponent::hasCode)
                .map(ConceptMap.TargetElementComponent::getCode)
                .findFirst();
    }

    @Override
    public Optional<String> examKind(String item) {
        if (item.isEmpty()) {
            return Optional.empty();
        }
        return store
                .find(Names.condition("ActivityDefinition", names.sid("exam-item"), item))
                .map(ActivityDefinition.class::cast)
                .stream()
                .flatMap(found -> found.getTopic().stream())
                .map(CodeableConcept::getCodingFirstRep)
                .filter(coding -> names.codeSystem("exam-kind").equals(coding.getSystem()))
                .map(Coding::getCode)
                .findFirst();
    }
}

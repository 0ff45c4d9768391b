package org.trefoilhub.hub.report.range;

import static org.assertj.core.api.Assertions.assertThat;

import ca.uhn.fhir.context.FhirContext;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.IntegerType;
import org.hl7.fhir.r4.model.Observation;
import org.hl7.fhir.r4.model.ObservationDefinition;
import org.hl7.fhir.r4.model.Quantity;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every row of the table of reference ranges, at both sides of each boundary, against what is shipped. */
class ReferenceTableTest {

    private static final Path TABLE = Path.of("src/test/resources/corpus/ranges/reference-table.txt");
    private static final Path DATA = Path.of("../ig/src/main/resources/org/trefoilhub/ig/data/ObservationDefinition");
    private static final List<ObservationDefinition> SHIPPED = shipped();
    private static final ReferenceRanges RANGES = new ReferenceRanges(SHIPPED);

    private static List<ObservationDefinition> shipped() {
        try (Stream<Path> files = Files.list(DATA)) {
            return files.map(file -> {
                        try {
                            return FhirContext.forR4Cached()
                                    .newJsonParser()
                                    .parseResource(ObservationDefinition.class, Files.readString(file));
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    })
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Stream<String> rows() throws IOException {
        return Files.readAllLines(TABLE).stream().filter(line -> !line.startsWith("#") && !line.isBlank());
    }

    @ParameterizedTest
    @MethodSource("rows")
    @Tag("REF-1")
    @Tag("RAD-6")
    void REF_1_everyRowHoldsAtItsBoundaries(String row) {
        String[] cells =
                Arrays.stream(row.split("(?<= )\\|(?= |$)")).map(String::strip).toArray(String[]::new);
        String code = cells[0];
        List<ObservationDefinition> definitions = definitions(code);
        Set<String> holding = new HashSet<>();
        for (String each : cells[4].split(" ")) {
            if (!each.isBlank()) {
                holding.add(each.replaceFirst("^@", "https://trefoil-hub.org/fhir/CodeSystem/"));
            }
        }
        String sex = cells[1].equals("M") ? "male" : cells[1].equals("F") ? "female" : null;
        List<@Nullable BigDecimal> weeks = new ArrayList<>();
        for (String each : cells[3].split(" ")) {
            weeks.add(each.isBlank() ? null : new BigDecimal(each));
        }
        for (String age : cells[2].split(" ")) {
            for (BigDecimal week : weeks) {
                IntervalFacts facts = new IntervalFacts(Integer.valueOf(age), sex, week, holding);
                for (String pair : cells[5].split(" ")) {
                    BigDecimal value = new BigDecimal(pair.substring(0, pair.indexOf('=')));
                    String wanted = pair.substring(pair.indexOf('=') + 1);
                    IntervalChoice.Flag flag = IntervalChoice.flag(definitions, facts, value);
                    assertThat(flag == null ? "-" : flag.name())
                            .as("%s %s of %s at %s", code, value, sex, age)
                            .isEqualTo(wanted);
                }
            }
        }
    }

    private static List<ObservationDefinition> definitions(String code) {
        String system =
                code.matches("\\d+-\\d") ? "http://loinc.org" : "https://trefoil-hub.org/fhir/CodeSystem/measure-item";
        List<ObservationDefinition> found = RANGES.of(new CodeableConcept().addCoding(new Coding(system, code, null)));
        assertThat(found).as(code).isNotEmpty();
        return found;
    }

    private static Observation observation(String loinc, String value, String unit) {
        Observation observation = new Observation();
        observation.getCode().addCoding().setSystem("http://loinc.org").setCode(loinc);
        observation.setValue(new Quantity()
                .setValue(new BigDecimal(value))
                .setSystem(Units.UCUM)
                .setCode(unit)
                .setUnit(unit));
        return observation;
    }

    @Test
    @Tag("REF-1")
    void REF_1_theRuleThatWasUsedIsShown() {
        Observation ldl = observation("22748-8", "2.5", "mmol/L");
        RANGES.apply(ldl, new IntervalFacts(60, "male", null, Set.of("http://hl7.org/fhir/sid/icd-10|I25.1")));
        assertThat(ldl.getInterpretationFirstRep().getCodingFirstRep().getCode())
                .isEqualTo("H");
        assertThat(ldl.getReferenceRangeFirstRep().getText()).isEqualTo("< 1.8 mmol/L（ASCVD）");
        assertThat(ldl.getReferenceRangeFirstRep()
                        .getAppliesToFirstRep()
                        .getCodingFirstRep()
                        .getCode())
                .isEqualTo("I25");
        assertThat(ldl.getReferenceRangeFirstRep()
                        .getExtensionByUrl(IntervalChoice.ID)
                        .getValue()
                        .primitiveValue())
                .isEqualTo("22748-8|2025-1#2");

        Observation dimer = observation("48065-7", "0.7", "mg/L");
        RANGES.apply(dimer, new IntervalFacts(80, "male", null, Set.of()));
        assertThat(dimer.getInterpretationFirstRep().getCodingFirstRep().getCode())
                .isEqualTo("N");
        assertThat(dimer.getReferenceRangeFirstRep().getText()).isEqualTo("< 0.8 mg/L");
    }

    @Test
    @Tag("REF-2")
    void REF_2_anotherUnitGetsTheRangeInItsOwnUnitAndTheValueInTheCommonOne() {
        Observation haemoglobin = observation("718-7", "12.9", "g/dL");
        RANGES.apply(haemoglobin, new IntervalFacts(40, "male", null, Set.of()));
        assertThat(haemoglobin.getInterpretationFirstRep().getCodingFirstRep().getCode())
                .isEqualTo("L");
        assertThat(haemoglobin.getReferenceRangeFirstRep().getLow().getValue()).isEqualByComparingTo("13");
        assertThat(haemoglobin.getReferenceRangeFirstRep().getHigh().getValue()).isEqualByComparingTo("17.5");
        Quantity common = (Quantity)
                haemoglobin.getExtensionByUrl(ReferenceRanges.NORMALIZED).getValue();
        assertThat(common.getValue()).isEqualByComparingTo("129");
        assertThat(common.getCode()).isEqualTo("g/L");
    }

    @Test
    @Tag("RAD-6")
    void RAD_6_whatTheSourceSaidStays() {
        Observation own = observation("718-7", "100", "g/L");
        own.addReferenceRange().setText("90-120");
        RANGES.apply(own, new IntervalFacts(40, "male", null, Set.of()));
        assertThat(own.getReferenceRange()).hasSize(1);
        assertThat(own.hasInterpretation()).isFalse();
        Observation flagged = observation("718-7", "100", "g/L");
        flagged.addInterpretation().setText("normal here");
        RANGES.apply(flagged, new IntervalFacts(40, "male", null, Set.of()));
        assertThat(flagged.hasReferenceRange()).isFalse();
    }

    @Test
    @Tag("REF-1")
    void REF_1_betweenEqualIntervalsThePriorityOfTheHospitalDecides() {
        ObservationDefinition general = definition("31", 0);
        ObservationDefinition hospital = definition("35", 10);
        IntervalFacts facts = new IntervalFacts(40, "male", null, Set.of());
        assertThat(IntervalChoice.flag(List.of(general, hospital), facts, new BigDecimal("33")))
                .isEqualTo(IntervalChoice.Flag.N);
        assertThat(IntervalChoice.flag(List.of(hospital, general), facts, new BigDecimal("33")))
                .isEqualTo(IntervalChoice.Flag.N);
    }

    private static ObservationDefinition definition(String high, int priority) {
        ObservationDefinition definition = new ObservationDefinition();
        ObservationDefinition.ObservationDefinitionQualifiedIntervalComponent interval =
                definition.addQualifiedInterval();
        interval.setCategory(ObservationDefinition.ObservationRangeCategory.REFERENCE);
        interval.getRange().getHigh().setValue(new BigDecimal(high));
        interval.addExtension(IntervalChoice.PRIORITY, new IntegerType(priority));
        return definition;
    }

    @Test
    @Tag("REF-1")
    void REF_1_withoutAgeOrSexOnlyWhatNeedsNeitherIsFlagged() {
        IntervalFacts nobody = new IntervalFacts(null, null, null, Set.of());
        assertThat(IntervalChoice.flag(definitions("718-7"), nobody, new BigDecimal("20")))
                .isNull();
        assertThat(IntervalChoice.flag(definitions("ubt-dob"), nobody, new BigDecimal("4")))
                .isEqualTo(IntervalChoice.Flag.H);
    }
}

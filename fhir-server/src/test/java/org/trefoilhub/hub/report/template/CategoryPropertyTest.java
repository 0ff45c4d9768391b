package org.trefoilhub.hub.report.template;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.BigRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Scale;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.DecimalType;
import org.hl7.fhir.r4.model.QuestionnaireResponse;
import org.hl7.fhir.r4.model.QuestionnaireResponse.QuestionnaireResponseItemComponent;
import org.jspecify.annotations.Nullable;

/** The categories that the expressions yield are those of the published rules, written down a second time in Java. */
class CategoryPropertyTest {

    enum Nodule {
        SOLID("solid"),
        PART_SOLID("part-solid"),
        GGN("GGN"),
        CALCIFIED("calcified");

        final String code;

        Nodule(String code) {
            this.code = code;
        }
    }

    enum Change {
        NONE(null),
        BASELINE("baseline"),
        NEW("new"),
        GROWING("growing"),
        STABLE("stable");

        final @Nullable String code;

        Change(@Nullable String code) {
            this.code = code;
        }
    }

    @Property(tries = 300)
    @Tag("TPL-1")
    void lungRads(
            @ForAll Nodule nodule,
            @ForAll Change change,
            @ForAll @BigRange(min = "1", max = "35") @Scale(1) BigDecimal longAxis,
            @ForAll @BigRange(min = "1", max = "35") @Scale(1) BigDecimal shortAxis,
            @ForAll @BigRange(min = "0", max = "12") @Scale(1) BigDecimal solid) {
        QuestionnaireResponse answers = Templates.answers("RAD-T1");
        QuestionnaireResponseItemComponent group = group(answers, "nodule");
        choose("RAD-T1", group, "nodule.type", nodule.code);
        number(group, "nodule.long", longAxis);
        number(group, "nodule.short", shortAxis);
        if (nodule == Nodule.PART_SOLID) {
            number(group, "nodule.solid-part", solid);
        }
        if (change.code != null) {
            choose("RAD-T1", group, "nodule.change", change.code);
        }

        compute("RAD-T1", answers);

        BigDecimal mean = longAxis.add(shortAxis).divide(BigDecimal.valueOf(2), 1, RoundingMode.HALF_UP);
        assertThat(new BigDecimal(Templates.text(group.getItem(), "nodule.mean")))
                .isEqualByComparingTo(mean);
        assertThat(Templates.text(group.getItem(), "nodule.lung-rads"))
                .isEqualTo(lungRads(nodule, change, mean.doubleValue(), solid.doubleValue()));
    }

    private static @Nullable String lungRads(Nodule nodule, Change change, double mean, double solid) {
        boolean first = change == Change.NONE || change == Change.BASELINE;
        switch (nodule) {
            case SOLID:
                if (first) {
                    return step(mean, new double[] {6, 8, 15}, "2", "3", "4A", "4B");
                }
                return change == Change.NEW ? step(mean, new double[] {4, 6, 8}, "2", "3", "4A", "4B") : null;
            case PART_SOLID:
                if (change == Change.NEW || change == Change.GROWING) {
                    return solid < 4 ? "4A" : "4B";
                }
                if (change == Change.STABLE) {
                    return null;
                }
                return mean < 6 ? "2" : step(solid, new double[] {6, 8}, "3", "4A", "4B");
            case GGN:
                return first || change == Change.NEW ? mean < 30 ? "2" : "3" : null;
            default:
                return null;
        }
    }

    private static String step(double value, double[] limits, String... categories) {
        int i = 0;
        while (i < limits.length && value >= limits[i]) {
            i++;
        }
        return categories[i];
    }

    enum Zone {
        PZ,
        TZ,
        AFS,
        CZ
    }

    @Property(tries = 200)
    @Tag("TPL-1")
    void piRads(
            @ForAll Zone zone,
            @ForAll @IntRange(min = 1, max = 5) int t2,
            @ForAll @IntRange(min = 1, max = 5) int dwi,
            @ForAll boolean dce) {
        QuestionnaireResponse answers = Templates.answers("RAD-T3");
        QuestionnaireResponseItemComponent group = group(answers, "lesion");
        choose("RAD-T3", group, "lesion.zone", zone.name());
        choose("RAD-T3", group, "lesion.t2", Integer.toString(t2));
        choose("RAD-T3", group, "lesion.dwi", Integer.toString(dwi));
        group.addItem(Templates.answer("lesion.dce", new BooleanType(dce)));

        compute("RAD-T3", answers);

        Integer expected = null;
        if (zone == Zone.PZ) {
            expected = dwi == 3 && dce ? 4 : dwi;
        } else if (zone == Zone.TZ) {
            expected = t2;
            if (t2 == 2 && dwi >= 4) {
                expected = 3;
            } else if (t2 == 3 && dwi == 5) {
                expected = 4;
            }
        }
        assertThat(Templates.text(group.getItem(), "lesion.pi-rads"))
                .isEqualTo(expected == null ? null : Integer.toString(expected));
    }

    private static final Map<String, Integer> COMPOSITION =
            Map.of("cystic", 0, "spongiform", 0, "mixed", 1, "solid", 2);
    private static final Map<String, Integer> ECHO =
            Map.of("anechoic", 0, "hyper", 1, "iso", 1, "hypo", 2, "markedly-hypo", 3);
    private static final Map<String, Integer> SHAPE = Map.of("wider", 0, "taller", 3);
    private static final Map<String, Integer> MARGIN =
            Map.of("smooth", 0, "ill-defined", 0, "irregular", 2, "extrathyroid", 3);
    private static final Map<String, Integer> FOCI =
            Map.of("none", 0, "comet-tail", 0, "macro", 1, "rim", 2, "punctate", 3);

    @Property(tries = 300)
    @Tag("TPL-1")
    void thyroid(
            @ForAll @IntRange(min = 0, max = 3) int composition,
            @ForAll @IntRange(min = 0, max = 4) int echo,
            @ForAll boolean taller,
            @ForAll @IntRange(min = 0, max = 3) int margin,
            @ForAll @IntRange(min = 0, max = 4) int foci,
            @ForAll @BigRange(min = "2", max = "40") @Scale(1) BigDecimal size) {
        String compositionCode = key(COMPOSITION, composition);
        String echoCode = key(ECHO, echo);
        String shapeCode = taller ? "taller" : "wider";
        String marginCode = key(MARGIN, margin);
        String fociCode = key(FOCI, foci);
        QuestionnaireResponse answers = Templates.answers("US-T1");
        QuestionnaireResponseItemComponent group = group(answers, "nodule");
        number(group, "nodule.d1", size);
        choose("US-T1", group, "nodule.composition", compositionCode);
        choose("US-T1", group, "nodule.echogenicity", echoCode);
        choose("US-T1", group, "nodule.shape", shapeCode);
        choose("US-T1", group, "nodule.margin", marginCode);
        choose("US-T1", group, "nodule.foci", fociCode);

        compute("US-T1", answers);

        int points = compositionCode.equals("spongiform")
                ? 0
                : COMPOSITION.get(compositionCode)
                        + ECHO.get(echoCode)
                        + SHAPE.get(shapeCode)
                        + MARGIN.get(marginCode)
                        + FOCI.get(fociCode);
        int level = points >= 7 ? 5 : points >= 4 ? 4 : points == 3 ? 3 : points == 2 ? 2 : 1;
        int count = 0;
        count += taller ? 1 : 0;
        count += compositionCode.equals("solid") ? 1 : 0;
        count += echoCode.equals("markedly-hypo") ? 1 : 0;
        count += fociCode.equals("punctate") ? 1 : 0;
        count += marginCode.equals("irregular") || marginCode.equals("extrathyroid") ? 1 : 0;
        count -= fociCode.equals("comet-tail") ? 1 : 0;
        String chinese =
                switch (count) {
                    case -1 -> "2";
                    case 0 -> "3";
                    case 1 -> "4A";
                    case 2 -> "4B";
                    case 3, 4 -> "4C";
                    default -> "5";
                };
        double mm = size.doubleValue();
        double[] needle = {0, 1e9, 1e9, 25, 15, 10};
        double[] watch = {0, 1e9, 1e9, 15, 10, 5};
        String advice = mm >= needle[level] ? "fna" : mm >= watch[level] ? "follow-up" : "none";

        assertThat(Templates.text(group.getItem(), "nodule.acr-points")).isEqualTo(Integer.toString(points));
        assertThat(Templates.text(group.getItem(), "nodule.acr-tr")).isEqualTo(Integer.toString(level));
        assertThat(Templates.text(group.getItem(), "nodule.c-tirads")).isEqualTo(chinese);
        assertThat(Templates.text(group.getItem(), "nodule.fna")).isEqualTo(advice);
    }

    private static String key(Map<String, Integer> map, int at) {
        return map.keySet().stream().sorted().skip(at).findFirst().orElseThrow();
    }

    private static QuestionnaireResponseItemComponent group(QuestionnaireResponse answers, String linkId) {
        return answers.addItem().setLinkId(linkId);
    }

    private static void choose(String template, QuestionnaireResponseItemComponent group, String linkId, String code) {
        group.addItem(Templates.answer(linkId, Templates.option(template, linkId, code)));
    }

    private static void number(QuestionnaireResponseItemComponent group, String linkId, BigDecimal value) {
        group.addItem(Templates.answer(linkId, new DecimalType(value)));
    }

    private static void compute(String template, QuestionnaireResponse answers) {
        Templates.CALCULATION.compute(Templates.all().get(template), answers, null);
    }
}

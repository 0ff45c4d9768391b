package org.trefoilhub.hub.report.range;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;
import org.fhir.ucum.Decimal;
import org.fhir.ucum.Pair;
import org.fhir.ucum.UcumEssenceService;
import org.fhir.ucum.UcumException;
import org.hl7.fhir.r4.model.Quantity;

/** Conversion between UCUM units of one kind. */
public final class Units {

    /** System of UCUM codes. */
    public static final String UCUM = "http://unitsofmeasure.org";

    private static final MathContext PRECISION = new MathContext(8);

    private static final UcumEssenceService SERVICE = load();

    private Units() {}

    /**
     * A value in another unit.
     *
     * @param quantity value with a UCUM code
     * @param code UCUM code of the unit wanted
     * @return rounded to eight digits; empty when the units measure different things
     */
    public static Optional<BigDecimal> convert(Quantity quantity, String code) {
        if (quantity.getValue() == null || !UCUM.equals(quantity.getSystem()) || !quantity.hasCode()) {
            return Optional.empty();
        }
        return convert(quantity.getValue(), quantity.getCode(), code);
    }

    static Optional<BigDecimal> convert(BigDecimal value, String from, String to) {
        if (from.equals(to)) {
            return Optional.of(value);
        }
        try {
            Decimal converted = SERVICE.convert(new Decimal(value.toPlainString()), from, to);
            return Optional.of(new BigDecimal(converted.asDecimal(), PRECISION).stripTrailingZeros());
        } catch (UcumException e) {
            return Optional.empty();
        }
    }

    /** A value in the base units of UCUM; empty when the unit is none of UCUM's. */
    static Optional<BigDecimal> canonical(BigDecimal value, String code) {
        try {
            return Optional.of(
                    new BigDecimal(SERVICE.getCanonicalForm(new Pair(new Decimal(value.toPlainString()), code))
                            .getValue()
                            .asDecimal()));
        } catch (UcumException e) {
            return Optional.empty();
        }
    }

    private static UcumEssenceService load() {
        try (InputStream essence = Units.class.getResourceAsStream("/ucum-essence.xml")) {
            return new UcumEssenceService(essence);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (UcumException e) {
            throw new IllegalStateException("the table of units cannot be read", e);
        }
    }
}

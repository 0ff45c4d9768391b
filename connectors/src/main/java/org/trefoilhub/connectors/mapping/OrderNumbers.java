package org.trefoilhub.connectors.mapping;

import java.util.ArrayList;
import java.util.List;
import org.hl7.fhir.r4.model.Identifier;
import org.hl7.fhir.r4.model.Reference;
import org.jspecify.annotations.Nullable;
import org.trefoilhub.connectors.hl7v2.Segment;
import org.trefoilhub.connectors.source.IngestErrorCode;
import org.trefoilhub.connectors.source.IngestException;

/**
 * The numbers of one order.
 *
 * @param system system of the number that the order is found by: placer's, else filler's
 * @param key that number
 * @param identifiers all of them, typed
 * @param accession the accession number, or null
 */
record OrderNumbers(String system, String key, List<Identifier> identifiers, @Nullable Identifier accession) {

    /** Reads ORC-2, ORC-3, OBR-2, OBR-3, OBR-18 and IPC-1. */
    static OrderNumbers of(
            @Nullable Segment orc, @Nullable Segment obr, @Nullable Segment ipc, MappingContext context) {
        Names names = context.names();
        String placer = first(obr, 2, orc, 2);
        String filler = first(obr, 3, orc, 3);
        String accession = ipc != null && !ipc.value(1).isEmpty() ? ipc.value(1) : obr == null ? "" : obr.value(18);
        String fillers = names.ofSource("filler-order", context.source().code());
        List<Identifier> identifiers = new ArrayList<>();
        if (!placer.isEmpty()) {
            identifiers.add(names.typed(names.sid("placer-order"), placer, "PLAC"));
        }
        if (!filler.isEmpty()) {
            identifiers.add(names.typed(fillers, filler, "FILL"));
        }
        Identifier number = null;
        if (!accession.isEmpty()) {
            number = names.typed(names.sid("accession"), accession, "ACSN");
            identifiers.add(number);
        }
        if (placer.isEmpty() && filler.isEmpty()) {
            throw new IngestException(
                    IngestErrorCode.REQUIRED_MISSING, "expected an order number in ORC-2, ORC-3, OBR-2 or OBR-3");
        }
        return placer.isEmpty()
                ? new OrderNumbers(fillers, filler, identifiers, number)
                : new OrderNumbers(names.sid("placer-order"), placer, identifiers, number);
    }

    private static String first(@Nullable Segment one, int field, @Nullable Segment other, int otherField) {
        String value = one == null ? "" : one.value(field);
        return value.isEmpty() && other != null ? other.value(otherField) : value;
    }

    String condition() {
        return Names.condition("ServiceRequest", system, key);
    }

    Reference reference() {
        return new Reference(condition()).setType("ServiceRequest");
    }
}

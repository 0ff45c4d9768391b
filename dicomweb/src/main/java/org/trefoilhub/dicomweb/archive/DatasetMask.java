package org.trefoilhub.dicomweb.archive;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.DicomElement;
import org.trefoilhub.dicom.data.DicomValue;
import org.trefoilhub.dicom.data.PersonName;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;

/**
 * Takes from a data set what a {@link Masking} keeps back, in nested items too.
 *
 * <p>Names keep the first character of each component group. Other attributes become empty, so that those that every object
 * must have are still there. Private elements, overlays, values of unknown representation and digital signatures go: nobody
 * knows what they say. Text that repeats the name or the id has them replaced. Pixels are left alone; whether they may be
 * shown is for the caller to know ({@link MaskedInstance}).
 *
 * <p>Spec: the attributes are those of DICOM PS3.3 sections C.2.2, C.2.3 and C.7.1.1. This is no de-identification in the
 * sense of PS3.15 annex E: dates, UIDs, accession numbers and institutions stay.
 */
public final class DatasetMask {
    private static final String STAR = "*";

    /** Shorter texts are words of any report. */
    private static final int LEAST_CHARACTERS = 4;

    private static final int LEAST_HAN_CHARACTERS = 2;

    private final Masking masking;

    /** Texts that identify the patient, with what stands for them. */
    private final Map<Pattern, String> traces;

    private DatasetMask(Masking masking, Map<Pattern, String> traces) {
        this.masking = masking;
        this.traces = traces;
    }

    /**
     * Masks a data set.
     *
     * @return a copy, or the data set itself when nothing is to be kept back
     */
    public static DicomDataset apply(Masking masking, DicomDataset dataset) {
        if (masking == Masking.NONE) {
            return dataset;
        }
        return new DatasetMask(masking, traces(masking, dataset)).mask(dataset);
    }

    private static Map<Pattern, String> traces(Masking masking, DicomDataset dataset) {
        Map<Pattern, String> traces = new LinkedHashMap<>();
        for (int tag : List.of(Tag.PatientName, Tag.OtherPatientNames, Tag.PatientBirthName)) {
            for (String value : dataset.strings(tag)) {
                PersonName name = PersonName.parse(value);
                for (String group : List.of(name.alphabetic(), name.ideographic(), name.phonetic())) {
                    trace(traces, group.split("[\\^ ]+"), first(group));
                }
            }
        }
        if (masking == Masking.DEMOGRAPHICS) {
            for (int tag : List.of(Tag.PatientID, Tag.OtherPatientIDs)) {
                dataset.strings(tag).forEach(id -> trace(traces, new String[] {id}, STAR));
            }
        }
        return traces;
    }

    /** The components of a name as they are written one after the other, in whatever way they are parted. */
    private static void trace(Map<Pattern, String> traces, String[] components, String replacement) {
        String text = String.join("", components);
        boolean han = text.codePoints().anyMatch(c -> Character.UnicodeScript.of(c) == Character.UnicodeScript.HAN);
        if (text.codePointCount(0, text.length()) < (han ? LEAST_HAN_CHARACTERS : LEAST_CHARACTERS)) {
            return;
        }
        List<String> forward = new ArrayList<>();
        for (String component : components) {
            if (!component.isEmpty()) {
                forward.add(Pattern.quote(component));
            }
        }
        List<String> backward = new ArrayList<>(forward);
        java.util.Collections.reverse(backward);
        for (List<String> order : List.of(forward, backward)) {
            String together = String.join("[\\s^,.]*", order);
            // a Chinese name has no word around it
            String alone = han ? together : "(?<![\\p{L}\\p{N}])" + together + "(?![\\p{L}\\p{N}])";
            traces.put(Pattern.compile(alone, Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE), replacement);
        }
    }

    private DicomDataset mask(DicomDataset dataset) {
        DicomDataset.Builder masked = dataset.toBuilder();
        for (DicomElement element : dataset) {
            int tag = element.tag();
            if (isUnknown(element)) {
                masked.remove(tag);
            } else if (masking.hides(tag)) {
                hide(masked, dataset, element);
            } else if (element.value() instanceof DicomValue.Items items) {
                masked.putItems(tag, items.items().stream().map(this::mask).toList());
            } else if (element.vr().usesCharacterSet()) {
                replaceTraces(masked, dataset, element);
            }
        }
        return masked.build();
    }

    /** Private, overlay, of unknown representation, or after the pixels. */
    private static boolean isUnknown(DicomElement element) {
        int group = Tag.group(element.tag());
        return (group & 1) == 1
                || group >>> 8 == 0x60
                || group > 0x7FE0
                || element.vr() == VR.UN
                || element.vr().isText() && element.value() instanceof DicomValue.Bulk;
    }

    private static void hide(DicomDataset.Builder masked, DicomDataset dataset, DicomElement element) {
        if (element.vr() == VR.PN) {
            masked.put(
                    element.tag(),
                    VR.PN,
                    dataset.strings(element).stream().map(DatasetMask::masked).toArray(String[]::new));
        } else if (element.value() instanceof DicomValue.Items) {
            masked.putItems(element.tag());
        } else if (element.vr().isText()) {
            masked.put(element.tag(), element.vr());
        } else {
            masked.remove(element.tag());
        }
    }

    private void replaceTraces(DicomDataset.Builder masked, DicomDataset dataset, DicomElement element) {
        List<String> before = dataset.strings(element);
        List<String> after = before.stream().map(this::withoutTraces).collect(Collectors.toList());
        if (!after.equals(before)) {
            masked.put(element.tag(), element.vr(), after.toArray(String[]::new));
        }
    }

    private String withoutTraces(String text) {
        String result = text;
        for (Map.Entry<Pattern, String> trace : traces.entrySet()) {
            result = trace.getKey()
                    .matcher(result)
                    .replaceAll(java.util.regex.Matcher.quoteReplacement(trace.getValue()));
        }
        return result;
    }

    /** A person name of which each component group keeps its first character. */
    static String masked(String name) {
        PersonName groups = PersonName.parse(name);
        return new PersonName(first(groups.alphabetic()), first(groups.ideographic()), first(groups.phonetic()))
                .toString();
    }

    private static String first(String group) {
        return group.isEmpty() ? "" : group.substring(0, group.offsetByCodePoints(0, 1)) + STAR;
    }
}

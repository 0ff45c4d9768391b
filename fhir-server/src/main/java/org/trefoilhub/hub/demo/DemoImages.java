package org.trefoilhub.hub.demo;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.DicomElement;
import org.trefoilhub.dicom.data.DicomValue;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.io.DicomFile;
import org.trefoilhub.dicom.io.DicomReader;
import org.trefoilhub.dicom.io.DicomWriter;
import org.trefoilhub.dicom.io.ReadOptions;

/**
 * Gives an open test image the identity of an invented exam: patient, order, dates and new UIDs; pixels and everything that describes them stay.
 *
 * <p>UIDs are {@code 2.25.<UUID as integer>} (PS3.5 annex B.2) of a name-based UUID, so the same exam always gets the same ones.
 */
final class DemoImages {

    private static final DateTimeFormatter DA = DateTimeFormatter.ofPattern("yyyyMMdd");
    private static final DateTimeFormatter TM = DateTimeFormatter.ofPattern("HHmmss");
    private static final Set<VR> TEXT = Set.of(VR.LO, VR.SH, VR.LT, VR.ST, VR.UT, VR.UC, VR.PN);

    private final Path folder;

    DemoImages(Path dataFolder) {
        this.folder = dataFolder.resolve("dicom");
    }

    static String studyInstanceUid(DemoExam exam) {
        return uid("study|" + exam.number());
    }

    /** The source objects of an exam, in file name order, spread evenly over the folder when it has more than the limit. */
    List<Path> sources(DemoExam exam) throws IOException {
        if (exam.imageFolder() == null) {
            return List.of();
        }
        List<Path> all;
        try (Stream<Path> files = Files.list(folder.resolve(exam.imageFolder()))) {
            all = files.sorted().toList();
        }
        if (all.size() <= exam.imageLimit()) {
            return all;
        }
        List<Path> some = new ArrayList<>();
        for (int i = 0; i < exam.imageLimit(); i++) {
            some.add(all.get((int) ((long) i * all.size() / exam.imageLimit())));
        }
        return some;
    }

    /**
     * Writes the Part 10 file of {@code source} as an instance of {@code exam}.
     *
     * @param instanceNumber 1-based
     * @throws IOException if the source is not readable DICOM or the target cannot be written
     */
    void write(DemoExam exam, Path source, int instanceNumber, Path target) throws IOException {
        DicomFile file = DicomReader.read(source, ReadOptions.DEFAULT);
        DicomDataset dataset =
                identify(exam, file.dataset(), source.getFileName().toString(), instanceNumber);
        String sopClassUid = required(dataset, Tag.SOPClassUID);
        String sopInstanceUid = required(dataset, Tag.SOPInstanceUID);
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(target), 1 << 16)) {
            DicomWriter.writeFile(
                    out, DicomWriter.fileMeta(sopClassUid, sopInstanceUid, file.transferSyntax()), dataset, source);
        }
    }

    private static DicomDataset identify(DemoExam exam, DicomDataset source, String fileName, int instanceNumber) {
        DemoHospitalData.DemoPatient patient = exam.patient();
        String characterSet = patient.characterSet() == null ? "ISO_IR 192" : patient.characterSet();
        ZonedDateTime started = exam.started();
        if (started == null) {
            throw new IllegalStateException("exam " + exam.number() + " was never performed");
        }
        String date = started.format(DA);
        String time = started.format(TM);
        String seriesUid = source.string(Tag.SeriesInstanceUID);
        DicomDataset.Builder out = DicomDataset.builder();
        out.put(Tag.SpecificCharacterSet, VR.CS, characterSet);
        recode(source, out);
        out.put(Tag.StudyInstanceUID, VR.UI, studyInstanceUid(exam));
        out.put(Tag.SeriesInstanceUID, VR.UI, uid("series|" + exam.number() + "|" + seriesUid));
        out.put(
                Tag.SOPInstanceUID,
                VR.UI,
                uid("instance|" + exam.number() + "|" + exam.imageFolder() + "|" + fileName));
        String[] latin = patient.pinyin().split("\\^");
        out.put(Tag.PatientName, VR.PN, latin[0] + "^" + latin[1] + "=" + patient.family() + "^" + patient.given());
        out.put(Tag.PatientID, VR.LO, patient.id());
        out.remove(Tag.IssuerOfPatientID);
        out.remove(Tag.OtherPatientIDsSequence);
        out.put(Tag.PatientBirthDate, VR.DA, patient.birthDate().format(DA));
        out.put(Tag.PatientSex, VR.CS, patient.gender().equals("male") ? "M" : "F");
        int years = started.toLocalDate().getYear() - patient.birthDate().getYear();
        out.put(Tag.PatientAge, VR.AS, "%03dY".formatted(Math.max(0, years)));
        out.put(Tag.AccessionNumber, VR.SH, exam.accessionNumber());
        out.put(Tag.StudyID, VR.SH, Integer.toString(exam.number()));
        out.put(Tag.StudyDate, VR.DA, date);
        out.put(Tag.StudyTime, VR.TM, time);
        for (int tag : new int[] {Tag.SeriesDate, Tag.AcquisitionDate, Tag.ContentDate}) {
            if (source.contains(tag)) {
                out.put(tag, VR.DA, date);
            }
        }
        for (int tag : new int[] {Tag.SeriesTime, Tag.AcquisitionTime, Tag.ContentTime}) {
            if (source.contains(tag)) {
                out.put(tag, VR.TM, time);
            }
        }
        out.put(Tag.StudyDescription, VR.LO, exam.item().display());
        out.put(Tag.RequestedProcedureDescription, VR.LO, exam.item().display());
        out.put(Tag.InstitutionName, VR.LO, "三叶示范医院");
        out.put(Tag.ReferringPhysicianName, VR.PN, exam.requester());
        if (source.integer(Tag.InstanceNumber).isEmpty()) {
            out.put(Tag.InstanceNumber, VR.IS, Integer.toString(instanceNumber));
        }
        return out.build();
    }

    /** Copies every element; text is decoded with the source's character set so that the target's set, already put, encodes it. */
    private static void recode(DicomDataset source, DicomDataset.Builder out) {
        for (DicomElement element : source) {
            int tag = element.tag();
            if (tag == Tag.SpecificCharacterSet) {
                continue;
            }
            if (element.value() instanceof DicomValue.Items items) {
                List<DicomDataset> copies = new ArrayList<>();
                for (DicomDataset item : items.items()) {
                    DicomDataset.Builder copy = DicomDataset.builder();
                    for (DicomElement inner : item) {
                        if (inner.tag() != Tag.SpecificCharacterSet) {
                            copy.put(inner);
                        }
                    }
                    copies.add(copy.build());
                }
                out.putItems(tag, copies);
            } else if (TEXT.contains(element.vr()) && element.value() instanceof DicomValue.Bytes) {
                out.put(tag, element.vr(), source.strings(tag).toArray(String[]::new));
            } else {
                out.put(element);
            }
        }
    }

    private static String required(DicomDataset dataset, int tag) {
        String value = dataset.string(tag);
        if (value == null) {
            throw new IllegalStateException("the demo image lacks element " + "%08X".formatted(tag));
        }
        return value;
    }

    private static String uid(String name) {
        UUID uuid = UUID.nameUUIDFromBytes(("trefoil-demo|" + name).getBytes(StandardCharsets.UTF_8));
        ByteBuffer bytes =
                ByteBuffer.allocate(16).putLong(uuid.getMostSignificantBits()).putLong(uuid.getLeastSignificantBits());
        return "2.25." + new BigInteger(1, bytes.array());
    }
}

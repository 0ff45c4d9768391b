package org.trefoilhub.dicomweb.dimse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.encoding.TransferSyntax;
import org.trefoilhub.dicom.io.DicomFile;
import org.trefoilhub.dicom.io.DicomReader;
import org.trefoilhub.dicom.io.ReadOptions;
import org.trefoilhub.dicom.net.Association;
import org.trefoilhub.dicom.net.AssociationRequest;
import org.trefoilhub.dicom.net.DimseStatus;
import org.trefoilhub.dicom.net.PresentationContext;
import org.trefoilhub.dicom.net.VerificationScp;
import org.trefoilhub.dicomweb.archive.StoredInstance;

/**
 * What dcmtk's {@code storescu} sends of the whole test data arrives in the archive as {@code storescp +B} receives it
 * from the same sender. One file per SOP Instance UID; files whose transfer syntax {@code storescu} cannot send and
 * DICOMDIRs stay out.
 */
@Timeout(1200)
class StorescuCorpusIT {

    private static final Logger log = LoggerFactory.getLogger(StorescuCorpusIT.class);

    /** The option that makes storescu propose a transfer syntax, by its UID. */
    private static final Map<String, String> PROPOSALS = Map.ofEntries(
            Map.entry("1.2.840.10008.1.2", "-xi"),
            Map.entry("1.2.840.10008.1.2.1", "-xe"),
            Map.entry("1.2.840.10008.1.2.2", "-xb"),
            Map.entry("1.2.840.10008.1.2.1.99", "-xd"),
            Map.entry("1.2.840.10008.1.2.4.50", "-xy"),
            Map.entry("1.2.840.10008.1.2.4.51", "-xx"),
            Map.entry("1.2.840.10008.1.2.4.70", "-xs"),
            Map.entry("1.2.840.10008.1.2.4.80", "-xt"),
            Map.entry("1.2.840.10008.1.2.4.81", "-xu"),
            Map.entry("1.2.840.10008.1.2.4.90", "-xv"),
            Map.entry("1.2.840.10008.1.2.4.91", "-xw"),
            Map.entry("1.2.840.10008.1.2.4.100", "-xm"),
            Map.entry("1.2.840.10008.1.2.4.101", "-xh"),
            Map.entry("1.2.840.10008.1.2.4.102", "-xn"),
            Map.entry("1.2.840.10008.1.2.4.103", "-xl"),
            Map.entry("1.2.840.10008.1.2.4.104", "-x2"),
            Map.entry("1.2.840.10008.1.2.4.105", "-x3"),
            Map.entry("1.2.840.10008.1.2.4.106", "-xo"),
            Map.entry("1.2.840.10008.1.2.4.107", "-x4"),
            Map.entry("1.2.840.10008.1.2.4.108", "-x5"),
            Map.entry("1.2.840.10008.1.2.5", "-xr"));

    private static final String SECONDARY_CAPTURE = "1.2.840.10008.5.1.4.1.1.7";

    /** storescu proposes 128 presentation contexts at most; fewer files per run stay below that. */
    private static final int FILES_PER_RUN = 40;

    @TempDir
    private Path folder;

    private static Optional<Path> sharedDicom() {
        for (Path p = Path.of("").toAbsolutePath(); p != null; p = p.getParent()) {
            Path candidate = p.resolve("shared/data/dicom");
            if (Files.isDirectory(candidate)) {
                return Optional.of(candidate);
            }
        }
        return Optional.empty();
    }

    private static List<Path> files(Path directory) throws IOException {
        try (Stream<Path> walk = Files.walk(directory)) {
            return walk.filter(Files::isRegularFile).sorted().toList();
        }
    }

    @Test
    void shouldArchiveWhatStorescpReceives() throws Exception {
        Path data = sharedDicom().orElse(null);
        assumeTrue(data != null, "the shared test data are not there");
        assertThat(Dcmtk.installed()).as("dcmtk is installed").isTrue();
        Map<String, List<Path>> byOption = sendable(data);
        Path inbox = Files.createDirectory(folder.resolve("inbox"));

        try (DimseArchive archive = new DimseArchive(folder);
                Dcmtk.StoreScp scp = new Dcmtk.StoreScp(inbox, folder.resolve("storescp.log"))) {
            for (Map.Entry<String, List<Path>> entry : byOption.entrySet()) {
                List<Path> all = entry.getValue();
                for (int from = 0; from < all.size(); from += FILES_PER_RUN) {
                    List<Path> run = all.subList(from, Math.min(all.size(), from + FILES_PER_RUN));
                    List<String> options = List.of(entry.getKey());
                    Path sent = folder.resolve("storescu.log");
                    Dcmtk.storescu(sent, scp.address(), DimseArchive.PEER, "STORESCP", options, run);
                    Dcmtk.storescu(sent, archive.address(), DimseArchive.PEER, "TREFOIL", options, run);
                }
            }
            compare(archive, inbox, byOption);
        }
    }

    /** Broken and hostile objects get a status each, and the association goes on. */
    @Test
    void shouldAnswerEveryCorruptObject() throws Exception {
        Path data = sharedDicom().orElse(null);
        assumeTrue(data != null, "the shared test data are not there");
        Map<String, Integer> statuses = new TreeMap<>();
        int sent = 0;
        try (DimseArchive archive = new DimseArchive(folder);
                Association association =
                        Association.open(AssociationRequest.builder(DimseArchive.PEER, "TREFOIL", archive.address())
                                .propose(VerificationScp.SOP_CLASS_UID, TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN)
                                .propose(SECONDARY_CAPTURE, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN)
                                .propose(SECONDARY_CAPTURE, TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN)
                                .propose(SECONDARY_CAPTURE, TransferSyntax.JPEG_BASELINE_8_BIT)
                                .build())) {
            for (Path file : files(data.resolve("corrupt"))) {
                byte[] whole = Files.readAllBytes(file);
                // What follows the preamble, its file meta taken for a data set, is hostile in every syntax.
                byte[] content = Arrays.copyOfRange(whole, Math.min(132, whole.length), whole.length);
                for (PresentationContext context : association.contexts()) {
                    if (context.abstractSyntax().equals(SECONDARY_CAPTURE)) {
                        DimseStatus status = association.store(
                                SECONDARY_CAPTURE,
                                "2.25." + ++sent,
                                context.transferSyntax(),
                                new ByteArrayInputStream(content));
                        statuses.merge(String.format("%04X", status.code()), 1, Integer::sum);
                    }
                }
                assertThat(association.echo()).isEqualTo(DimseStatus.SUCCESS);
            }
        }
        log.warn("{} corrupt objects answered: {}", sent, statuses);
        assertThat(statuses).doesNotContainKeys("0000", "0110");
    }

    /** One file per SOP Instance UID, by the option that sends it as it is. */
    private static Map<String, List<Path>> sendable(Path data) throws IOException {
        Map<String, List<Path>> byOption = new TreeMap<>();
        Set<String> seen = new HashSet<>();
        int unsendable = 0;
        for (Path file : files(data)) {
            Path relative = data.relativize(file);
            if (relative.startsWith("corrupt") || relative.startsWith("dicomdir")) {
                continue;
            }
            DicomFile parsed;
            try {
                parsed = DicomReader.read(file, ReadOptions.DEFAULT.withStopTag(Tag.PixelData));
            } catch (IOException e) {
                log.warn("{} is not sent: {}", relative, e.getMessage());
                continue;
            }
            String option = PROPOSALS.get(parsed.transferSyntax().uid());
            String sopInstanceUid = parsed.dataset().string(Tag.SOPInstanceUID);
            if (option == null || sopInstanceUid == null) {
                unsendable++;
                log.warn(
                        "{} is not sent: {}",
                        relative,
                        option == null ? parsed.transferSyntax().uid() : "no SOP Instance UID");
                continue;
            }
            if (seen.add(sopInstanceUid)) {
                byOption.computeIfAbsent(option, o -> new ArrayList<>()).add(file);
            }
        }
        log.warn("{} files to send, {} that storescu cannot send", seen.size(), unsendable);
        return byOption;
    }

    private void compare(DimseArchive archive, Path inbox, Map<String, List<Path>> byOption) throws IOException {
        Map<String, Path> received = new HashMap<>();
        for (Path file : files(inbox)) {
            DicomFile parsed = DicomReader.read(file, ReadOptions.DEFAULT.withStopTag(Tag.PixelData));
            String uid = parsed.dataset().string(Tag.SOPInstanceUID);
            if (uid != null) {
                received.put(uid, file);
            }
        }
        List<String> differences = new ArrayList<>();
        int equal = 0;
        int refused = 0;
        int neither = 0;
        for (Path file : byOption.values().stream().flatMap(List::stream).toList()) {
            DicomDataset head = DicomReader.read(file, ReadOptions.DEFAULT.withStopTag(Tag.PixelData))
                    .dataset();
            String uid = String.valueOf(head.string(Tag.SOPInstanceUID));
            Path reference = received.get(uid);
            Optional<byte[]> archived = archived(archive, head);
            if (reference == null) {
                neither++;
                if (archived.isPresent()) {
                    differences.add(file + ": archived, but storescp has it not");
                }
            } else if (archived.isPresent()) {
                if (Arrays.equals(datasetBytes(reference), archived.get())) {
                    equal++;
                } else {
                    differences.add(file + ": other bytes than storescp received");
                }
            } else if (identified(head)) {
                differences.add(file + ": refused");
            } else {
                refused++;
            }
        }
        log.warn(
                "{} equal, {} refused for want of an identifier, {} that storescu itself does not send, different: {}",
                equal,
                refused,
                neither,
                differences);
        assertThat(differences).isEmpty();
        assertThat(equal).isGreaterThan(200);
    }

    /** Whether the object says where it belongs; without that no archive can keep it. */
    private static boolean identified(DicomDataset head) {
        return Stream.of(Tag.StudyInstanceUID, Tag.SeriesInstanceUID, Tag.SOPInstanceUID)
                .map(head::string)
                .allMatch(uid -> uid != null && uid.length() <= 64 && uid.matches("[0-9]+(\\.[0-9]+)*"));
    }

    private Optional<byte[]> archived(DimseArchive archive, DicomDataset head) {
        String study = head.string(Tag.StudyInstanceUID);
        String series = head.string(Tag.SeriesInstanceUID);
        String instance = head.string(Tag.SOPInstanceUID);
        if (study == null || series == null || instance == null) {
            return Optional.empty();
        }
        return archive.session().instance(study, series, instance).map(this::datasetBytes);
    }

    private byte[] datasetBytes(StoredInstance stored) {
        Path copy = folder.resolve("copy.dcm");
        try (InputStream in = stored.openObject()) {
            Files.write(copy, in.readAllBytes());
            return datasetBytes(copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] datasetBytes(Path file) throws IOException {
        byte[] whole = Files.readAllBytes(file);
        DicomFile parsed = DicomReader.read(file, ReadOptions.DEFAULT.withStopTag(Tag.PixelData));
        return Arrays.copyOfRange(whole, (int) parsed.datasetOffset(), whole.length);
    }
}

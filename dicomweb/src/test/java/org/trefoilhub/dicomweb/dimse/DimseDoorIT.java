package org.trefoilhub.dicomweb.dimse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.encoding.TransferSyntax;
import org.trefoilhub.dicom.io.DicomFile;
import org.trefoilhub.dicom.io.DicomReader;
import org.trefoilhub.dicom.io.DicomWriter;
import org.trefoilhub.dicom.io.ReadOptions;
import org.trefoilhub.dicom.net.Association;
import org.trefoilhub.dicom.net.AssociationRequest;
import org.trefoilhub.dicom.net.DicomNetworkException;
import org.trefoilhub.dicom.net.DimseStatus;
import org.trefoilhub.dicom.net.VerificationScp;
import org.trefoilhub.dicomweb.archive.StoredInstance;

/** The DIMSE door before the real archive on H2. */
@Timeout(120)
class DimseDoorIT {

    private static final String CT = "1.2.840.10008.5.1.4.1.1.2";
    private static final TransferSyntax EXPLICIT = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;

    @TempDir
    private static Path folder;

    private static DimseArchive archive;

    @BeforeAll
    static void open() {
        archive = new DimseArchive(folder);
    }

    @AfterAll
    static void close() {
        archive.close();
    }

    private static Association open(String calling) throws IOException {
        return Association.open(AssociationRequest.builder(calling, "TREFOIL", archive.address())
                .propose(VerificationScp.SOP_CLASS_UID, TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN)
                .propose(CT, EXPLICIT)
                .build());
    }

    private static DicomDataset ct(String instance, int pixel) {
        byte[] pixels = new byte[20_000];
        Arrays.fill(pixels, (byte) pixel);
        return DicomDataset.builder()
                .put(Tag.SOPClassUID, VR.UI, CT)
                .put(Tag.SOPInstanceUID, VR.UI, instance)
                .put(Tag.Modality, VR.CS, "CT")
                .put(Tag.PatientID, VR.LO, "P1")
                .put(Tag.StudyInstanceUID, VR.UI, "1.2.3")
                .put(Tag.SeriesInstanceUID, VR.UI, "1.2.3.1")
                .putInts(Tag.SamplesPerPixel, VR.US, 1)
                .put(Tag.PhotometricInterpretation, VR.CS, "MONOCHROME2")
                .putInts(Tag.Rows, VR.US, 100)
                .putInts(Tag.Columns, VR.US, 100)
                .putInts(Tag.BitsAllocated, VR.US, 16)
                .putInts(Tag.BitsStored, VR.US, 16)
                .putInts(Tag.HighBit, VR.US, 15)
                .putInts(Tag.PixelRepresentation, VR.US, 0)
                .putBytes(Tag.PixelData, VR.OW, pixels)
                .build();
    }

    private static byte[] bytes(DicomDataset dataset) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DicomWriter.writeDataset(out, dataset, EXPLICIT, null);
        return out.toByteArray();
    }

    private static DimseStatus store(String calling, String announced, byte[] dataset) throws IOException {
        try (Association association = open(calling)) {
            return association.store(CT, announced, EXPLICIT, new ByteArrayInputStream(dataset));
        }
    }

    @Test
    void shouldAnswerEchoOfKnownPeersOnly() throws IOException {
        try (Association association = open(DimseArchive.PEER)) {
            assertThat(association.echo()).isEqualTo(DimseStatus.SUCCESS);
        }
        assertThatThrownBy(() -> open("NOBODY"))
                .isInstanceOfSatisfying(DicomNetworkException.class, e -> assertThat(e.reject())
                        .hasToString("AssociateReject[result=1, source=1, reason=3]"));
        assertThatThrownBy(() ->
                        Association.open(AssociationRequest.builder(DimseArchive.PEER, "ELSEWHERE", archive.address())
                                .propose(CT, EXPLICIT)
                                .build()))
                .isInstanceOfSatisfying(DicomNetworkException.class, e -> assertThat(e.reject())
                        .hasToString("AssociateReject[result=1, source=1, reason=7]"));
    }

    @Test
    void shouldStoreTheDataSetUntouchedUnderOurFileMeta() throws IOException {
        byte[] dataset = bytes(ct("1.2.3.1.1", 1));

        assertThat(store(DimseArchive.PEER, "1.2.3.1.1", dataset)).isEqualTo(DimseStatus.SUCCESS);

        StoredInstance stored =
                archive.session().instance("1.2.3", "1.2.3.1", "1.2.3.1.1").orElseThrow();
        Path copy = Files.createTempFile(folder, "copy", ".dcm");
        try (InputStream in = stored.openObject()) {
            Files.write(copy, in.readAllBytes());
        }
        DicomFile file = DicomReader.read(copy, ReadOptions.DEFAULT);
        byte[] whole = Files.readAllBytes(copy);
        assertThat(Arrays.copyOfRange(whole, (int) file.datasetOffset(), whole.length))
                .isEqualTo(dataset);
        // PS3.10 table 7.1-1: the group length is of type 1 and comes first
        ByteBuffer meta = ByteBuffer.wrap(whole, 132, 12).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(meta.getInt()).isEqualTo(0x0002);
        assertThat(meta.getInt(140)).isEqualTo((int) file.datasetOffset() - 144);
        assertThat(file.transferSyntax()).isEqualTo(EXPLICIT);
        assertThat(file.fileMeta().string(Tag.SourceApplicationEntityTitle)).isEqualTo(DimseArchive.PEER);
        assertThat(file.fileMeta().string(Tag.ImplementationClassUID)).isEqualTo(DicomWriter.IMPLEMENTATION_CLASS_UID);
    }

    @Test
    void shouldTakeTheSameObjectAgainAndRefuseAnotherUnderItsUid() throws IOException {
        assertThat(store(DimseArchive.PEER, "1.2.3.1.2", bytes(ct("1.2.3.1.2", 1))))
                .isEqualTo(DimseStatus.SUCCESS);
        assertThat(store(DimseArchive.PEER, "1.2.3.1.2", bytes(ct("1.2.3.1.2", 1))))
                .isEqualTo(DimseStatus.SUCCESS);

        DimseStatus other = store(DimseArchive.PEER, "1.2.3.1.2", bytes(ct("1.2.3.1.2", 2)));

        assertThat(other.code()).isEqualTo(DimseStatus.DUPLICATE_SOP_INSTANCE);
        assertThat(other.errorComment()).startsWith("TREFOIL-DWB-0013").hasSizeLessThanOrEqualTo(64);
    }

    @Test
    void shouldSayWhyItRefuses() throws IOException {
        archive.permitSave(false);
        try {
            assertThat(store(DimseArchive.PEER, "1.2.3.1.3", bytes(ct("1.2.3.1.3", 1)))
                            .code())
                    .isEqualTo(DimseStatus.NOT_AUTHORIZED);
        } finally {
            archive.permitSave(true);
        }
        assertThat(store(DimseArchive.PEER, "1.2.3.1.4", bytes(ct("1.2.3.1.3", 1)))
                        .code())
                .isEqualTo(DimseStatus.DATA_SET_DOES_NOT_MATCH_SOP_CLASS);
        DicomDataset homeless =
                ct("1.2.3.1.5", 1).toBuilder().remove(Tag.StudyInstanceUID).build();
        assertThat(store(DimseArchive.PEER, "1.2.3.1.5", bytes(homeless)).code())
                .isEqualTo(DimseStatus.CANNOT_UNDERSTAND);
        byte[] whole = bytes(ct("1.2.3.1.6", 1));
        assertThat(store(DimseArchive.PEER, "1.2.3.1.6", Arrays.copyOf(whole, 94))
                        .code())
                .isEqualTo(DimseStatus.CANNOT_UNDERSTAND);
        for (String instance : new String[] {"1.2.3.1.3", "1.2.3.1.4", "1.2.3.1.5", "1.2.3.1.6"}) {
            assertThat(archive.session().instance("1.2.3", "1.2.3.1", instance)).isEmpty();
        }
    }

    @Test
    void shouldKeepNothingOfAnObjectThatBreaksOff() throws IOException {
        byte[] dataset = bytes(ct("1.2.3.1.7", 1));
        InputStream breaking = new InputStream() {
            private int position;

            @Override
            public int read() throws IOException {
                if (position == dataset.length - 1000) {
                    throw new IOException("the modality was switched off");
                }
                return dataset[position++] & 0xFF;
            }
        };
        try (Association association = open(DimseArchive.PEER)) {
            assertThatThrownBy(() -> association.store(CT, "1.2.3.1.7", EXPLICIT, breaking))
                    .isInstanceOf(IOException.class);
        }

        assertThat(archive.session().instance("1.2.3", "1.2.3.1", "1.2.3.1.7")).isEmpty();
        assertThat(store(DimseArchive.PEER, "1.2.3.1.7", dataset)).isEqualTo(DimseStatus.SUCCESS);
    }

    @Test
    void shouldRejectStrangersOfOtherMakeToo() throws Exception {
        assertThat(Dcmtk.installed()).as("dcmtk is installed").isTrue();
        Path file = folder.resolve("stranger.dcm");
        try (java.io.OutputStream out = Files.newOutputStream(file)) {
            DicomWriter.writeFile(out, DicomWriter.fileMeta(CT, "1.2.3.1.8", EXPLICIT), ct("1.2.3.1.8", 1), null);
        }
        Path log = folder.resolve("storescu.log");

        Dcmtk.Outcome stranger =
                Dcmtk.storescu(log, archive.address(), "STRANGER", "TREFOIL", List.of("-xe"), List.of(file));
        archive.permitSave(false);
        Dcmtk.Outcome viewer;
        try {
            viewer =
                    Dcmtk.storescu(log, archive.address(), DimseArchive.PEER, "TREFOIL", List.of("-xe"), List.of(file));
        } finally {
            archive.permitSave(true);
        }

        assertThat(stranger.output()).contains("Calling AE Title Not Recognized");
        assertThat(viewer.output()).contains("0x124");
        assertThat(archive.session().instance("1.2.3", "1.2.3.1", "1.2.3.1.8")).isEmpty();
    }
}

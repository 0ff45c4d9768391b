package org.trefoilhub.dicomweb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.trefoilhub.dicomweb.fixture.DicomwebClient.dataset;
import static org.trefoilhub.dicomweb.fixture.DicomwebClient.parts;
import static org.trefoilhub.dicomweb.fixture.DicomwebClient.text;

import java.io.ByteArrayInputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.trefoilhub.access.policy.AccessScope;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.encoding.TransferSyntax;
import org.trefoilhub.dicomweb.archive.ChangeFeed;
import org.trefoilhub.dicomweb.archive.FeedEntry;
import org.trefoilhub.dicomweb.fixture.ArchiveServer;
import org.trefoilhub.dicomweb.fixture.DicomwebClient;
import org.trefoilhub.dicomweb.fixture.TestObjects;

/** The DICOMweb doors over real HTTP, on every database. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class AbstractDicomwebContract {
    private static final AtomicInteger COUNTER = new AtomicInteger();

    private ArchiveServer server;
    private DicomwebClient client;

    protected abstract ArchiveServer start(Path folder) throws Exception;

    @BeforeAll
    void startServer(@TempDir Path folder) throws Exception {
        server = start(folder);
        client = new DicomwebClient(server.url(), "conformance");
    }

    @AfterAll
    void stopServer() {
        server.close();
    }

    /** UIDs of one object, unlike all others. */
    private record Ids(String study, String series, String instance) {
        static Ids fresh() {
            int n = COUNTER.incrementAndGet();
            return new Ids("2.25.1" + n, "2.25.2" + n, "2.25.3" + n);
        }

        String path() {
            return "/studies/" + study + "/series/" + series + "/instances/" + instance;
        }
    }

    private static DicomDataset.Builder object(Ids ids) {
        return TestObjects.ct(ids.study(), ids.series(), ids.instance(), ids.hashCode());
    }

    private Ids stored() throws Exception {
        Ids ids = Ids.fresh();
        HttpResponse<byte[]> response =
                client.store("/studies", TestObjects.file(object(ids).build()));
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        return ids;
    }

    // ---- store ------------------------------------------------------------------------------------------------------

    @Test
    void shouldStoreAndGiveBackTheSameBytes() throws Exception {
        Ids ids = Ids.fresh();
        byte[] file = TestObjects.file(object(ids).build());
        file[0] = 'M';
        file[1] = 'Z'; // a preamble that pretends to be a program
        HttpResponse<byte[]> response = client.store("/studies", file);
        assertThat(response.statusCode()).isEqualTo(200);
        DicomDataset answer = dataset(response);
        assertThat(answer.string(Tag.RetrieveURL)).isEqualTo("http://localhost:8080/dicom-web/studies/" + ids.study());
        DicomDataset item = answer.items(Tag.ReferencedSOPSequence).get(0);
        assertThat(item.string(Tag.ReferencedSOPInstanceUID)).isEqualTo(ids.instance());
        assertThat(item.string(Tag.RetrieveURL)).endsWith(ids.path());

        byte[] clean = file.clone();
        Arrays.fill(clean, 0, 128, (byte) 0);
        for (String accept : List.of("application/dicom; transfer-syntax=*", "*/*")) {
            HttpResponse<byte[]> single = client.get(ids.path(), accept);
            assertThat(single.statusCode()).isEqualTo(200);
            assertThat(single.headers().firstValue("X-Content-Type-Options")).contains("nosniff");
            assertThat(single.body()).isEqualTo(clean);
        }
        for (String path :
                List.of(ids.path(), "/studies/" + ids.study(), "/studies/" + ids.study() + "/series/" + ids.series())) {
            HttpResponse<byte[]> multipart =
                    client.get(path, "multipart/related; type=\"application/dicom\"; transfer-syntax=*");
            assertThat(multipart.statusCode()).isEqualTo(200);
            List<DicomwebClient.Part> parts = parts(multipart);
            assertThat(parts).hasSize(1);
            assertThat(parts.get(0).body()).isEqualTo(clean);
            assertThat(parts.get(0).headers().get("content-type"))
                    .isEqualTo("application/dicom; transfer-syntax=1.2.840.10008.1.2.1");
        }
    }

    @Test
    void shouldAddTheHeaderToADataSetThatCameWithoutOne() throws Exception {
        Ids ids = Ids.fresh();
        byte[] file = TestObjects.file(object(ids).build(), TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN);
        int start = indexOf(file, new byte[] {8, 0, 5, 0}); // Specific Character Set, the first element
        byte[] bare = Arrays.copyOfRange(file, start, file.length);
        assertThat(client.store("/studies", bare).statusCode()).isEqualTo(200);
        byte[] back = client.get(ids.path(), "application/dicom").body();
        assertThat(new String(back, 128, 4, StandardCharsets.US_ASCII)).isEqualTo("DICM");
        assertThat(Arrays.copyOfRange(back, back.length - bare.length, back.length))
                .isEqualTo(bare);
    }

    @Test
    void shouldSucceedWhenTheSameObjectComesAgainInAnyNativeSyntax() throws Exception {
        Ids ids = stored();
        DicomDataset object = object(ids).build();
        for (TransferSyntax syntax : List.of(
                TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN,
                TransferSyntax.EXPLICIT_VR_BIG_ENDIAN,
                TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN)) {
            HttpResponse<byte[]> response = client.store("/studies", TestObjects.file(object, syntax));
            assertThat(response.statusCode()).as(syntax.name() + text(response)).isEqualTo(200);
        }
        assertThat(client.get(ids.path(), "*/*").headers().firstValue("Content-Type"))
                .contains("application/dicom; transfer-syntax=1.2.840.10008.1.2.1");
        assertThat(client.json("/instances?SOPInstanceUID=" + ids.instance())).hasSize(1);
    }

    @Test
    void shouldQuarantineADifferentObjectUnderTheSameUid() throws Exception {
        Ids ids = stored();
        byte[] otherPixels = TestObjects.file(
                TestObjects.ct(ids.study(), ids.series(), ids.instance(), 99).build());
        byte[] otherName =
                TestObjects.file(object(ids).put(Tag.PatientID, VR.LO, "P0002").build());
        for (byte[] file : List.of(otherPixels, otherName, otherName)) {
            HttpResponse<byte[]> response = client.store("/studies", file);
            assertThat(response.statusCode()).isEqualTo(409);
            assertThat(dataset(response).items(Tag.FailedSOPSequence).get(0).integer(Tag.FailureReason))
                    .hasValue(0x0111);
        }
    }

    @Test
    void shouldAnswer202WhenSomeFailAndSayWhy() throws Exception {
        Ids ids = Ids.fresh();
        byte[] good = TestObjects.file(object(ids).build());
        byte[] absurd = TestObjects.file(object(Ids.fresh())
                .put(Tag.SOPInstanceUID, VR.UI, "../../etc/passwd")
                .build());
        HttpResponse<byte[]> response = client.store(
                "/studies", good, "this is no DICOM at all".repeat(20).getBytes(), absurd);
        assertThat(response.statusCode()).isEqualTo(202);
        DicomDataset answer = dataset(response);
        assertThat(answer.items(Tag.ReferencedSOPSequence)).hasSize(1);
        List<DicomDataset> others = answer.items(Tag.OtherFailuresSequence);
        assertThat(others).hasSize(2);
        assertThat(others.get(0).integer(Tag.FailureReason)).hasValue(0xC000);
        assertThat(others.get(1).string(Tag.ErrorComment)).contains("TREFOIL-DWB-0011");
    }

    @Test
    void shouldRefuseAnObjectOfAnotherStudy() throws Exception {
        Ids ids = Ids.fresh();
        HttpResponse<byte[]> response =
                client.store("/studies/2.25.999", TestObjects.file(object(ids).build()));
        assertThat(response.statusCode()).isEqualTo(409);
        assertThat(client.get(ids.path(), "*/*").statusCode()).isEqualTo(404);
        assertThat(client.store(
                                "/studies/" + ids.study(),
                                TestObjects.file(object(ids).build()))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void shouldStoreAnObjectWithoutPatientId() throws Exception {
        Ids ids = Ids.fresh();
        byte[] file = TestObjects.file(object(ids).remove(Tag.PatientID).build());
        assertThat(client.store("/studies", file).statusCode()).isEqualTo(200);
        DicomDataset row =
                client.json("/studies?StudyInstanceUID=" + ids.study()).get(0);
        assertThat(row.contains(Tag.PatientID)).isTrue();
        assertThat(row.string(Tag.PatientID)).isNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    application/json | {} | 415
                    multipart/related; type="application/dicom+json"; boundary=b | --b-- | 415
                    multipart/related; type="application/dicom" | --b-- | 400
                    multipart/related; type="application/dicom"; boundary=b | --b-- | 400
                    multipart/related; type="application/dicom"; boundary=b | nothing | 400
                    multipart/related; type="application/dicom"; boundary=b; | --b | 400
                    """)
    void shouldRefuseOtherBodies(String contentType, String body, int status) throws Exception {
        HttpResponse<byte[]> response =
                client.send("POST", "/studies", body.getBytes(), "Content-Type", contentType, "Accept", "*/*");
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("application/problem+json"));
        assertThat(text(response)).contains("\"code\":\"TREFOIL-").contains("\"traceId\":\"");
    }

    // ---- query ------------------------------------------------------------------------------------------------------

    @Test
    void shouldFindStudiesByWhatTheViewerAsks() throws Exception {
        Ids ids = stored();
        String fields = "limit=101&offset=0&fuzzymatching=false&includefield=00081030%2C00080060%2C00080090%2C00100030";
        for (String query : List.of(
                "StudyInstanceUID=" + ids.study(),
                "0020000D=" + ids.study() + "&PatientName=*%E5%BC%A0*",
                "StudyInstanceUID=" + ids.study() + "&PatientName=*zhang*&00100020=*P000*",
                "StudyInstanceUID=" + ids.study() + "&AccessionNumber=A0001&StudyDescription=*CT*",
                "StudyInstanceUID=" + ids.study() + "&StudyDescription=%E8%83%B8%E9%83%A8*",
                "StudyInstanceUID=" + ids.study() + "&ModalitiesInStudy=CT&StudyDate=20260101-20260131",
                "StudyInstanceUID=" + ids.study() + "&ModalitiesInStudy=MR%2CCT",
                "StudyInstanceUID=" + ids.study() + "&StudyDate=20260102-20260103&StudyTime=1000-0900",
                "StudyInstanceUID=2.25.1%2C" + ids.study(),
                "StudyInstanceUID=" + ids.study() + "&Modality=CT&SOPClassUID=" + TestObjects.CT_IMAGE_STORAGE)) {
            List<DicomDataset> rows = client.json("/studies?" + fields + "&" + query);
            assertThat(rows).as(query).hasSize(1);
            DicomDataset row = rows.get(0);
            assertThat(row.string(Tag.StudyDescription)).isEqualTo("胸部CT平扫");
            assertThat(row.string(Tag.ModalitiesInStudy)).isEqualTo("CT");
            assertThat(row.integer(Tag.NumberOfStudyRelatedInstances)).hasValue(1);
            assertThat(row.integer(Tag.NumberOfStudyRelatedSeries)).hasValue(1);
            assertThat(row.personName(Tag.PatientName)).hasToString("Zhang^San=张^三");
            assertThat(row.string(Tag.RetrieveURL)).endsWith("/dicom-web/studies/" + ids.study());
        }
        for (String query : List.of(
                "PatientName=*nobody*",
                "PatientName=san",
                "StudyDate=20260103-",
                "StudyDate=20260102-20260103&StudyTime=1100-0900",
                "ModalitiesInStudy=MR",
                "00100020=P000",
                "StudyDescription=%25")) {
            HttpResponse<byte[]> response =
                    client.get("/studies?StudyInstanceUID=" + ids.study() + "&" + query, "application/dicom+json");
            assertThat(response.statusCode()).as(query).isEqualTo(200);
            assertThat(text(response)).as(query).isEqualTo("[]");
        }
    }

    @Test
    void shouldMatchNamesFuzzily() throws Exception {
        Ids ids = stored();
        for (String name : List.of("ZHANG", "san", "San+Zh", "%E5%BC%A0%E4%B8%89", "%E5%BC%A0", "%E4%B8%89")) {
            assertThat(client.json(
                            "/studies?fuzzymatching=true&StudyInstanceUID=" + ids.study() + "&PatientName=" + name))
                    .as(name)
                    .hasSize(1);
        }
        assertThat(client.json("/studies?fuzzymatching=true&StudyInstanceUID=" + ids.study() + "&PatientName=hang"))
                .isEmpty();
    }

    @Test
    void shouldFindSeriesAndInstances() throws Exception {
        Ids ids = stored();
        DicomDataset series = client.json(
                        "/studies/" + ids.study() + "/series?includefield=00080021%2C00080031%2C0008103E%2C00200011")
                .get(0);
        assertThat(series.string(Tag.Modality)).isEqualTo("CT");
        assertThat(series.string(Tag.SeriesDescription)).isEqualTo("Axial 5mm");
        assertThat(series.integer(Tag.NumberOfSeriesRelatedInstances)).hasValue(1);
        assertThat(series.string(Tag.SeriesInstanceUID)).isEqualTo(ids.series());
        DicomDataset all =
                client.json("/series?SeriesInstanceUID=" + ids.series()).get(0);
        assertThat(all.string(Tag.PatientID)).isEqualTo("P0001");
        for (String path : List.of(
                "/studies/" + ids.study() + "/series/" + ids.series() + "/instances?limit=1&includefield=00080018",
                "/studies/" + ids.study() + "/instances?InstanceNumber=1",
                "/instances?SOPInstanceUID=" + ids.instance() + "&includefield=all")) {
            DicomDataset row = client.json(path).get(0);
            assertThat(row.string(Tag.SOPInstanceUID)).isEqualTo(ids.instance());
            assertThat(row.integer(Tag.Rows)).hasValue(TestObjects.ROWS);
            assertThat(row.string(Tag.AvailableTransferSyntaxUID)).isEqualTo("1.2.840.10008.1.2.1");
        }
    }

    @Test
    void shouldPageInAStableOrderAndWarnWhenCut() throws Exception {
        String study = "2.25.7001";
        for (int i = 1; i <= 5; i++) {
            byte[] file = TestObjects.file(TestObjects.ct(study, "2.25.7002", "2.25.701" + i, i)
                    .put(Tag.InstanceNumber, VR.IS, String.valueOf(i))
                    .build());
            assertThat(client.store("/studies", file).statusCode()).isEqualTo(200);
        }
        for (int offset = 0; offset < 5; offset++) {
            HttpResponse<byte[]> response =
                    client.get("/studies/" + study + "/instances?limit=1&offset=" + offset, "application/dicom+json");
            assertThat(dataset(response).integer(Tag.InstanceNumber)).hasValue(offset + 1);
            assertThat(response.headers().firstValue("Warning").isPresent()).isEqualTo(offset < 4);
        }
        HttpResponse<byte[]> odd =
                client.get("/studies?StudyInstanceUID=" + study + "&Foo=bar&PatientAge=040Y", "application/dicom+json");
        assertThat(odd.statusCode()).isEqualTo(200);
        assertThat(odd.headers().allValues("Warning").toString())
                .contains("299")
                .contains("Foo")
                .contains("PatientAge");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/studies?limit=x",
                "/studies?StudyDate=yesterday",
                "/studies?StudyInstanceUID=x'%20or%201=1",
                "/studies?SeriesNumber=one",
                "/studies?fuzzymatching=perhaps",
                "/studies/abc/series"
            })
    void shouldRefuseMalformedQueries(String path) throws Exception {
        HttpResponse<byte[]> response = client.get(path, "application/dicom+json");
        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(text(response)).contains("TREFOIL-DWB-0001");
    }

    // ---- retrieve ---------------------------------------------------------------------------------------------------

    @Test
    void shouldSendPreparedMetadataWithAStrongTag() throws Exception {
        Ids ids = stored();
        String series = "/studies/" + ids.study() + "/series/" + ids.series();
        for (String path : List.of("/studies/" + ids.study(), series, ids.path())) {
            HttpResponse<byte[]> gzip = client.send(
                    "GET",
                    path + "/metadata",
                    new byte[0],
                    "Accept",
                    "application/dicom+json",
                    "Accept-Encoding",
                    "gzip");
            assertThat(gzip.headers().firstValue("Content-Encoding")).contains("gzip");
            byte[] inflated = new GZIPInputStream(new ByteArrayInputStream(gzip.body())).readAllBytes();
            HttpResponse<byte[]> plain = client.get(path + "/metadata", "application/dicom+json");
            assertThat(inflated).isEqualTo(plain.body());
            DicomDataset metadata = dataset(plain);
            assertThat(metadata.string(Tag.AvailableTransferSyntaxUID)).isEqualTo("1.2.840.10008.1.2.1");
            assertThat(metadata.personName(Tag.PatientName)).hasToString("Zhang^San=张^三");
            assertThat(metadata.contains(Tag.PixelData)).isFalse();
            String tag = plain.headers().firstValue("ETag").orElseThrow();
            assertThat(tag).startsWith("\"");
            assertThat(client.send("GET", path + "/metadata", new byte[0], "If-None-Match", tag)
                            .statusCode())
                    .isEqualTo(304);
        }
        String before = client.get(series + "/metadata", "*/*")
                .headers()
                .firstValue("ETag")
                .orElseThrow();
        byte[] second = TestObjects.file(TestObjects.ct(ids.study(), ids.series(), ids.instance() + ".1", 5)
                .build());
        assertThat(client.store("/studies", second).statusCode()).isEqualTo(200);
        HttpResponse<byte[]> after = client.send("GET", series + "/metadata", new byte[0], "If-None-Match", before);
        assertThat(after.statusCode()).isEqualTo(200);
        assertThat(client.json(series + "/metadata")).hasSize(2);
    }

    @Test
    void shouldSendFramesSinglePartAndMultipart() throws Exception {
        Ids ids = Ids.fresh();
        byte[] pixels = new byte[TestObjects.ROWS * TestObjects.COLUMNS * 2 * 3];
        for (int i = 0; i < pixels.length; i++) {
            pixels[i] = (byte) (i * 7);
        }
        int frame = pixels.length / 3;
        DicomDataset cine = object(ids)
                .put(Tag.NumberOfFrames, VR.IS, "3")
                .putBytes(Tag.PixelData, VR.OW, pixels)
                .build();
        assertThat(client.store("/studies", TestObjects.file(cine)).statusCode())
                .isEqualTo(200);
        for (String accept : List.of(
                "multipart/related; type=application/octet-stream; transfer-syntax=*",
                "multipart/related; type=\"application/octet-stream\"",
                "*/*",
                "image/jls, multipart/related; type=\"image/jls\", multipart/related;"
                        + " type=\"application/octet-stream\"; transfer-syntax=*")) {
            HttpResponse<byte[]> response = client.get(ids.path() + "/frames/3,1", accept);
            assertThat(response.statusCode()).as(accept).isEqualTo(200);
            List<DicomwebClient.Part> parts = parts(response);
            assertThat(parts).hasSize(2);
            assertThat(parts.get(0).headers().get("content-type"))
                    .isEqualTo("application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1");
            assertThat(parts.get(0).body()).isEqualTo(Arrays.copyOfRange(pixels, 2 * frame, 3 * frame));
            assertThat(parts.get(1).body()).isEqualTo(Arrays.copyOfRange(pixels, 0, frame));
        }
        HttpResponse<byte[]> single = client.get(ids.path() + "/frames/2", "application/octet-stream");
        assertThat(single.body()).isEqualTo(Arrays.copyOfRange(pixels, frame, 2 * frame));
        HttpResponse<byte[]> part = client.send(
                "GET",
                ids.path() + "/frames/2",
                new byte[0],
                "Accept",
                "application/octet-stream",
                "Range",
                "bytes=4-9");
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(pixels, frame + 4, frame + 10));

        assertThat(client.get(ids.path() + "/frames/4", "*/*").statusCode()).isEqualTo(404);
        assertThat(client.get(ids.path() + "/frames/0", "*/*").statusCode()).isEqualTo(400);
        assertThat(client.get(ids.path() + "/frames/1,x", "*/*").statusCode()).isEqualTo(400);
        HttpResponse<byte[]> refused = client.get(ids.path() + "/frames/1", "image/jp2");
        assertThat(refused.statusCode()).isEqualTo(406);
        assertThat(text(refused)).contains("application/octet-stream");
    }

    @Test
    void shouldSendFramesOfOneBitAndOfBigEndianAndDeflatedObjects() throws Exception {
        Ids bits = Ids.fresh();
        // 3 x 3 pixels of 1 bit, 2 frames: 18 bits, the second frame starts inside the second byte
        DicomDataset mask = object(bits)
                .put(Tag.NumberOfFrames, VR.IS, "2")
                .putInts(Tag.Rows, VR.US, 3)
                .putInts(Tag.Columns, VR.US, 3)
                .putInts(Tag.BitsAllocated, VR.US, 1)
                .putInts(Tag.BitsStored, VR.US, 1)
                .putInts(Tag.HighBit, VR.US, 0)
                .putBytes(Tag.PixelData, VR.OB, new byte[] {(byte) 0b10110101, (byte) 0b01100101, 0b10, 0})
                .build();
        assertThat(client.store("/studies", TestObjects.file(mask)).statusCode())
                .isEqualTo(200);
        assertThat(client.get(bits.path() + "/frames/1", "application/octet-stream")
                        .body())
                .isEqualTo(new byte[] {(byte) 0b10110101, 1});
        assertThat(client.get(bits.path() + "/frames/2", "application/octet-stream")
                        .body())
                .isEqualTo(new byte[] {(byte) 0b00110010, 1});

        for (TransferSyntax syntax :
                List.of(TransferSyntax.EXPLICIT_VR_BIG_ENDIAN, TransferSyntax.DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN)) {
            Ids ids = Ids.fresh();
            DicomDataset object = object(ids).build();
            assertThat(client.store("/studies", TestObjects.file(object, syntax))
                            .statusCode())
                    .isEqualTo(200);
            HttpResponse<byte[]> frame = client.get(ids.path() + "/frames/1", "application/octet-stream");
            assertThat(frame.statusCode()).isEqualTo(200);
            assertThat(frame.body()).isEqualTo(object.bytes(Tag.PixelData));
        }
    }

    @Test
    void shouldSendBulkDataAsTheViewerAsks() throws Exception {
        Ids ids = Ids.fresh();
        byte[] pdf = "%PDF-1.4 not really".repeat(2001).getBytes(StandardCharsets.US_ASCII); // odd length
        DicomDataset document = object(ids)
                .remove(Tag.PixelData)
                .put(Tag.SOPClassUID, VR.UI, "1.2.840.10008.5.1.4.1.1.104.1")
                .put(Tag.MIMETypeOfEncapsulatedDocument, VR.LO, "application/pdf")
                .putInts(Tag.EncapsulatedDocumentLength, VR.UL, pdf.length)
                .putBytes(Tag.EncapsulatedDocument, VR.OB, Arrays.copyOf(pdf, pdf.length + pdf.length % 2))
                .putItems(
                        Tag.WaveformSequence,
                        DicomDataset.builder()
                                .putBytes(Tag.WaveformData, VR.OW, new byte[] {1, 2, 3, 4})
                                .build())
                .build();
        assertThat(client.store("/studies", TestObjects.file(document)).statusCode())
                .isEqualTo(200);
        String metadata = text(client.get(ids.path() + "/metadata", "application/dicom+json"));
        String base = "http://localhost:8080/dicom-web";
        assertThat(metadata).contains("\"BulkDataURI\":\"" + base + ids.path() + "/bulkdata/00420011\"");
        assertThat(metadata).contains("\"BulkDataURI\":\"" + base + ids.path() + "/bulkdata/54000100/1/54001010\"");

        HttpResponse<byte[]> viewer = client.get(
                ids.path() + "/bulkdata/00420011",
                "multipart/related; type=\"application/pdf\", multipart/related; type=\"application/octet-stream\"");
        assertThat(parts(viewer).get(0).body()).isEqualTo(pdf);
        HttpResponse<byte[]> single = client.get(ids.path() + "/bulkdata/00420011", "*/*");
        assertThat(single.headers().firstValue("Content-Type")).contains("application/pdf");
        assertThat(single.body()).isEqualTo(pdf);
        HttpResponse<byte[]> range =
                client.send("GET", ids.path() + "/bulkdata/00420011", new byte[0], "Range", "bytes=-10");
        assertThat(range.statusCode()).isEqualTo(206);
        assertThat(range.body()).isEqualTo(Arrays.copyOfRange(pdf, pdf.length - 10, pdf.length));
        assertThat(client.send("GET", ids.path() + "/bulkdata/00420011", new byte[0], "Range", "bytes=999999-")
                        .statusCode())
                .isEqualTo(416);
        DicomDataset row = client.json("/instances?SOPInstanceUID=" + ids.instance() + "&includefield=all")
                .get(0);
        assertThat(row.string(Tag.MIMETypeOfEncapsulatedDocument)).isEqualTo("application/pdf");
        assertThat(row.contains(Tag.EncapsulatedDocument)).isFalse();
        HttpResponse<byte[]> wave =
                client.get(ids.path() + "/bulkdata/54000100/1/54001010", "application/octet-stream");
        assertThat(wave.body()).isEqualTo(new byte[] {1, 2, 3, 4});
        assertThat(client.get(ids.path() + "/bulkdata/54000100/2/54001010", "*/*")
                        .statusCode())
                .isEqualTo(404);
        assertThat(client.get(ids.path() + "/bulkdata/nonsense", "*/*").statusCode())
                .isEqualTo(404);
        assertThat(client.get(ids.path() + "/frames/1", "*/*").statusCode()).isEqualTo(404);
    }

    @Test
    void shouldRefuseATransferSyntaxThatIsNotStored() throws Exception {
        Ids ids = stored();
        for (String path : List.of(ids.path(), "/studies/" + ids.study())) {
            HttpResponse<byte[]> response = client.get(
                    path, "multipart/related; type=\"application/dicom\"; transfer-syntax=1.2.840.10008.1.2.4.80");
            assertThat(response.statusCode()).isEqualTo(406);
            assertThat(text(response)).contains("1.2.840.10008.1.2.1");
        }
        assertThat(client.get(ids.path(), "image/webp").statusCode()).isEqualTo(406);
    }

    @Test
    void shouldAnswerHeadRangesAndTheAcceptParameter() throws Exception {
        Ids ids = stored();
        HttpResponse<byte[]> head = client.send("HEAD", ids.path(), new byte[0]);
        assertThat(head.statusCode()).isEqualTo(200);
        byte[] whole = client.get(ids.path(), "*/*").body();
        assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(whole.length);
        HttpResponse<byte[]> range = client.send("GET", ids.path(), new byte[0], "Range", "bytes=100-199");
        assertThat(range.statusCode()).isEqualTo(206);
        assertThat(range.body()).isEqualTo(Arrays.copyOfRange(whole, 100, 200));
        HttpResponse<byte[]> parameter = client.get(ids.path() + "?accept=application/dicom", "image/jpeg");
        assertThat(parameter.statusCode()).isEqualTo(200);
        HttpResponse<byte[]> options = client.send("OPTIONS", "/", new byte[0]);
        assertThat(options.statusCode()).isEqualTo(200);
        assertThat(text(options)).contains("<application");
    }

    // ---- delete, feed, policy ---------------------------------------------------------------------------------------

    @Test
    void shouldDeleteAndTellTheFeed() throws Exception {
        ChangeFeed feed = server.bean(ChangeFeed.class);
        long before = feed.last();
        Ids ids = stored();
        assertThat(client.send("DELETE", ids.path(), new byte[0]).statusCode()).isEqualTo(204);
        assertThat(client.send("DELETE", ids.path(), new byte[0]).statusCode()).isEqualTo(404);
        assertThat(client.get(ids.path(), "*/*").statusCode()).isEqualTo(404);
        assertThat(client.json("/studies?StudyInstanceUID=" + ids.study())).isEmpty();
        assertThat(feed.read(before, 10))
                .extracting(FeedEntry::sequence, FeedEntry::action, FeedEntry::sopInstanceUid)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(before + 1, FeedEntry.Action.CREATED, ids.instance()),
                        org.assertj.core.groups.Tuple.tuple(before + 2, FeedEntry.Action.DELETED, ids.instance()));
        byte[] again = TestObjects.file(object(ids).build());
        assertThat(client.store("/studies", again).statusCode()).isEqualTo(200);
        assertThat(client.get(ids.path(), "*/*").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldWakeTheFollowersOfTheFeedAfterEachCommit() throws Exception {
        ChangeFeed feed = server.bean(ChangeFeed.class);
        List<Long> seen = new CopyOnWriteArrayList<>();
        feed.onGrowth(() -> seen.add(feed.last()));
        long before = feed.last();
        Ids ids = stored();
        byte[] same = TestObjects.file(object(ids).build());
        assertThat(client.store("/studies", same).statusCode()).isEqualTo(200);
        assertThat(client.send("DELETE", ids.path(), new byte[0]).statusCode()).isEqualTo(204);
        assertThat(seen).containsExactly(before + 1, before + 2);
    }

    @Test
    void shouldAskThePolicyAtEveryDoor() throws Exception {
        Ids ids = stored();
        byte[] file = TestObjects.file(object(Ids.fresh()).build());
        DicomwebClient stranger = new DicomwebClient(server.url(), "stranger");
        server.policies().permit("reader", Action.VIEW);
        DicomwebClient reader = new DicomwebClient(server.url(), "reader");
        server.policies().scopeOf("labelled", new AccessScope.Label(Clearance.N));
        DicomwebClient labelled = new DicomwebClient(server.url(), "labelled");
        for (String path : List.of(
                "/studies",
                "/series",
                "/instances",
                "/studies/" + ids.study(),
                "/studies/" + ids.study() + "/metadata",
                ids.path(),
                ids.path() + "/metadata",
                ids.path() + "/frames/1",
                ids.path() + "/bulkdata/00420011")) {
            HttpResponse<byte[]> refused = stranger.get(path, "*/*");
            assertThat(refused.statusCode()).as(path).isEqualTo(403);
            assertThat(text(refused)).contains("\"code\":\"TREFOIL-");
            assertThat(labelled.get(path, "*/*").statusCode()).as(path).isNotEqualTo(403);
            assertThat(reader.get(path, "*/*").statusCode()).as(path).isNotEqualTo(403);
        }
        assertThat(stranger.store("/studies", file).statusCode()).isEqualTo(403);
        assertThat(reader.store("/studies", file).statusCode()).isEqualTo(403);
        assertThat(reader.send("DELETE", ids.path(), new byte[0]).statusCode()).isEqualTo(403);
        assertThat(client.get(ids.path(), "*/*").statusCode()).isEqualTo(200);
    }

    @Test
    void shouldSurviveConcurrentStoresOfOneStudyAndOneInstance() throws Exception {
        String study = "2.25.8001";
        List<Thread> threads = new java.util.ArrayList<>();
        Map<String, Integer> statuses = new java.util.concurrent.ConcurrentHashMap<>();
        for (int t = 0; t < 8; t++) {
            int thread = t;
            threads.add(new Thread(() -> {
                for (int i = 0; i < 10; i++) {
                    String instance = "2.25.82" + i; // all threads store the same ten objects
                    byte[] file = TestObjects.file(TestObjects.ct(study, "2.25.81" + i % 3, instance, i)
                            .build());
                    try {
                        statuses.put(
                                thread + "/" + i, client.store("/studies", file).statusCode());
                    } catch (Exception e) {
                        statuses.put(thread + "/" + i, -1);
                    }
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(statuses).hasSize(80);
        assertThat(statuses.values()).allMatch(status -> status == 200);
        DicomDataset row = client.json("/studies?StudyInstanceUID=" + study).get(0);
        assertThat(row.integer(Tag.NumberOfStudyRelatedInstances)).hasValue(10);
        assertThat(row.integer(Tag.NumberOfStudyRelatedSeries)).hasValue(3);
    }

    private static int indexOf(byte[] bytes, byte[] pattern) {
        for (int i = 0; i + pattern.length <= bytes.length; i++) {
            if (Arrays.equals(bytes, i, i + pattern.length, pattern, 0, pattern.length)) {
                return i;
            }
        }
        throw new IllegalArgumentException("not found");
    }
}

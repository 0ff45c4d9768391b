package org.trefoilhub.dicomweb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.trefoilhub.dicomweb.fixture.DicomwebClient.text;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.trefoilhub.access.policy.AccessPolicy;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Condition;
import org.trefoilhub.access.policy.FactKind;
import org.trefoilhub.access.policy.Obligation;
import org.trefoilhub.access.policy.PolicyOptions;
import org.trefoilhub.access.policy.PolicySet;
import org.trefoilhub.access.policy.Vocabulary;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.encoding.TransferSyntax;
import org.trefoilhub.dicom.io.DicomFile;
import org.trefoilhub.dicom.io.DicomReader;
import org.trefoilhub.dicom.io.DicomWriter;
import org.trefoilhub.dicom.io.ReadOptions;
import org.trefoilhub.dicom.net.Association;
import org.trefoilhub.dicom.net.AssociationRequest;
import org.trefoilhub.dicom.net.DimseStatus;
import org.trefoilhub.dicomweb.archive.PatientLinks;
import org.trefoilhub.dicomweb.fixture.ArchiveServer;
import org.trefoilhub.dicomweb.fixture.CountedStatements;
import org.trefoilhub.dicomweb.fixture.DicomwebClient;
import org.trefoilhub.dicomweb.fixture.FakePatients;
import org.trefoilhub.dicomweb.fixture.TestObjects;

/**
 * Two patients, one of whom a reader must not see, through every route of DICOMweb and the DIMSE services: no trace of the
 * second in bodies, counts, headers and error texts, and nothing that tells hidden from absent. The real engine decides.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Tag("ACC-13")
@Tag("ACC-14")
@Tag("ACC-15")
public abstract class AbstractLeakContract {
    private static final String VISIBLE = "2.25.71000";
    private static final String HIDDEN = "2.25.72000";
    private static final String NOBODY = "2.25.73000";
    private static final String ABSENT = "2.25.79000";

    /** Whatever names the hidden patient. */
    private static final List<String> TRACES =
            List.of("HIDDEN-4711", "Cangying", "CANGYING", "藏影", "柳", HIDDEN, NOBODY, "19491001", "桂花巷");

    private static final List<String> ROUTES = List.of(
            "/studies/{s}",
            "/studies/{s}/metadata",
            "/studies/{s}/series",
            "/studies/{s}/instances",
            "/studies/{s}/rendered",
            "/studies/{s}/thumbnail",
            "/studies/{s}/series/{s}.1",
            "/studies/{s}/series/{s}.1/metadata",
            "/studies/{s}/series/{s}.1/instances",
            "/studies/{s}/series/{s}.1/rendered",
            "/studies/{s}/series/{s}.1/thumbnail",
            "/studies/{s}/series/{s}.1/instances/{s}.1.1",
            "/studies/{s}/series/{s}.1/instances/{s}.1.1/metadata",
            "/studies/{s}/series/{s}.1/instances/{s}.1.1/rendered",
            "/studies/{s}/series/{s}.1/instances/{s}.1.1/thumbnail",
            "/studies/{s}/series/{s}.1/instances/{s}.1.1/frames/1",
            "/studies/{s}/series/{s}.1/instances/{s}.1.1/frames/9",
            "/studies/{s}/series/{s}.1/instances/{s}.1.1/frames/1/rendered",
            "/studies/{s}/series/{s}.1/instances/{s}.1.1/frames/1/thumbnail",
            "/studies/{s}/series/{s}.1/instances/{s}.1.1/bulkdata/7FE00010",
            "/studies/{s}/series/{s}.1/instances/{s}.1.1/rendered?action=print",
            "/studies/{s}/series/{s}.1/instances/{s}.1.1?action=download",
            "/studies?StudyInstanceUID={s}",
            "/studies?StudyInstanceUID={s}&includefield=all",
            "/series?SeriesInstanceUID={s}.1",
            "/series?StudyInstanceUID={s}",
            "/instances?SOPInstanceUID={s}.1.1",
            "/instances?StudyInstanceUID={s}&limit=1");

    private static final List<String> SEARCHES = List.of(
            "/studies",
            "/studies?includefield=all",
            "/studies?limit=1",
            "/studies/?limit=1",
            "/studies?limit=1&offset=1",
            "/studies?limit=1&offset=2",
            "/studies?PatientID=HIDDEN-4711",
            "/studies?PatientID=HIDDEN*",
            "/studies?PatientName=LIU*",
            "/studies?PatientName=%E6%9F%B3*",
            "/studies?PatientName=Cangying&fuzzymatching=true",
            "/studies?PatientBirthDate=19491001",
            "/studies?AccessionNumber=A0001",
            "/studies?ModalitiesInStudy=CT",
            "/studies?StudyDate=20260101-20261231",
            "/series?Modality=CT",
            "/series?includefield=all",
            "/instances?includefield=all",
            "/instances?SOPClassUID=" + TestObjects.CT_IMAGE_STORAGE);

    private ArchiveServer server;
    private DicomwebClient reader;

    protected abstract ArchiveServer start(Path folder) throws Exception;

    // ---- the world --------------------------------------------------------------------------------------------------

    @BeforeAll
    void fill(@TempDir Path folder) throws Exception {
        server = start(folder);
        server.policies().use(policies());
        JdbcClient jdbc = JdbcClient.create(server.bean(DataSource.class));
        for (String row : List.of("('Patient/1', '1', 'N')", "('Patient/2', '2', 'V')")) {
            jdbc.sql("insert into trefoil.access_patient values " + row).update();
        }
        server.bean(FakePatients.class).keep("", "P0001", "Patient/1");
        server.bean(FakePatients.class).keep("", "HIDDEN-4711", "Patient/2");
        DicomwebClient writer = new DicomwebClient(server.url(), "conformance");
        for (DicomDataset object : List.of(
                TestObjects.ct(VISIBLE, VISIBLE + ".1", VISIBLE + ".1.1", 1).build(),
                vip(HIDDEN + ".1.1").build(),
                vip(HIDDEN + ".1.2")
                        .put(org.trefoilhub.dicom.data.Tag.BurnedInAnnotation, VR.CS, "YES")
                        .build(),
                TestObjects.ct(NOBODY, NOBODY + ".1", NOBODY + ".1.1", 3)
                        .remove(org.trefoilhub.dicom.data.Tag.PatientID)
                        .build())) {
            HttpResponse<byte[]> stored = writer.store("/studies", TestObjects.file(object));
            assertThat(stored.statusCode()).as(text(stored)).isEqualTo(200);
        }
        reader = new DicomwebClient(server.url(), "reader");
    }

    @AfterAll
    void stop() {
        server.close();
    }

    private static DicomDataset.Builder vip(String instance) {
        return TestObjects.ct(HIDDEN, HIDDEN + ".1", instance, 2)
                .put(org.trefoilhub.dicom.data.Tag.PatientID, VR.LO, "HIDDEN-4711")
                .put(org.trefoilhub.dicom.data.Tag.PatientName, VR.PN, "Liu^Cangying=柳^藏影")
                .put(org.trefoilhub.dicom.data.Tag.PatientBirthDate, VR.DA, "19491001")
                .put(org.trefoilhub.dicom.data.Tag.PatientAddress, VR.LO, "桂花巷 4")
                .put(org.trefoilhub.dicom.data.Tag.ImageComments, VR.LT, "patient 柳藏影 (LIU, Cangying), HIDDEN-4711")
                .put(0x00091010, VR.LO, "Liu Cangying")
                .put(0x00090010, VR.LO, "A MAKER");
    }

    private static org.trefoilhub.access.policy.PolicyEngine policies() {
        Condition writer = new Condition.Client(Set.of("conformance"));
        Condition view = new Condition.Actions(Set.of(Action.VIEW));
        Condition veryRestricted = new Condition.LabelIn(Set.of(Clearance.V));
        Condition unassigned = new Condition.Coded(FactKind.DATA_TYPE, Set.of("image-unassigned"));
        return PolicySet.compile(
                        1,
                        List.of(
                                permit("writer", 500, Set.of(), writer),
                                permit(
                                        "readers",
                                        0,
                                        Set.of(),
                                        new Condition.Client(Set.of("reader", "name", "demographics")),
                                        new Condition.Actions(
                                                Set.of(Action.VIEW, Action.SAVE, Action.DELETE, Action.PRINT))),
                                permit(
                                        "name",
                                        300,
                                        Set.of(Obligation.MASK_NAME),
                                        new Condition.Client(Set.of("name")),
                                        view,
                                        veryRestricted),
                                permit(
                                        "demographics",
                                        300,
                                        Set.of(Obligation.MASK_DEMOGRAPHICS),
                                        new Condition.Client(Set.of("demographics")),
                                        view,
                                        veryRestricted),
                                new AccessPolicy(
                                        "unassigned",
                                        AccessPolicy.Effect.DENY,
                                        200,
                                        List.of(unassigned, view),
                                        Set.of())),
                        Vocabulary.hospital(Set.of("ImagingStudy", "Patient")),
                        new PolicyOptions(true))
                .engine();
    }

    private static AccessPolicy permit(String id, int priority, Set<Obligation> obligations, Condition... conditions) {
        return new AccessPolicy(id, AccessPolicy.Effect.PERMIT, priority, List.of(conditions), obligations);
    }

    // ---- hidden is absent -------------------------------------------------------------------------------------------

    @Test
    void shouldAnswerForTheHiddenAsForTheAbsent() throws Exception {
        CountedStatements statements = server.bean(CountedStatements.class);
        for (String method : List.of("GET", "HEAD", "DELETE")) {
            for (String route : ROUTES) {
                if (method.equals("DELETE") && !route.matches("/studies/[^?]*\\{s}[.0-9]*")) {
                    continue;
                }
                for (String accept : List.of("*/*", "multipart/related; type=\"*/*\"", "image/jpeg")) {
                    long before = statements.executed();
                    Answer absent = answer(method, route, ABSENT, accept);
                    long forAbsent = statements.executed() - before;
                    for (String study : List.of(HIDDEN, NOBODY)) {
                        before = statements.executed();
                        Answer hidden = answer(method, route, study, accept);
                        assertThat(hidden)
                                .as(method + " " + route + " " + accept)
                                .isEqualTo(absent);
                        assertThat(statements.executed() - before)
                                .as("statements of " + method + " " + route)
                                .isEqualTo(forAbsent);
                    }
                    if (!route.contains("?") && !accept.equals("image/jpeg") && !method.equals("GET")) {
                        assertThat(absent.status()).as(route).isIn(404, 406, 200);
                    }
                }
            }
        }
    }

    @Test
    void shouldSearchAsIfThereWereOnlyTheVisible() throws Exception {
        for (String search : SEARCHES) {
            HttpResponse<byte[]> response = reader.get(search, "application/dicom+json");
            assertThat(response.statusCode()).as(search).isEqualTo(200);
            noTrace(response, search);
        }
        assertThat(reader.json("/studies")).hasSize(1);
        assertThat(reader.json("/series")).hasSize(1);
        assertThat(reader.json("/instances")).hasSize(1);
        assertThat(reader.get("/studies?limit=1", "*/*").headers().firstValue("Warning"))
                .isEmpty();
        assertThat(reader.json("/studies?limit=1&offset=1")).isEmpty();
        DicomwebClient writer = new DicomwebClient(server.url(), "conformance");
        assertThat(writer.json("/studies")).hasSize(3);
    }

    @Test
    void shouldShowTheRestOfTheWorldOnTheSameRoutes() throws Exception {
        for (String route : ROUTES) {
            if (route.contains("frames/9") || route.contains("download")) {
                continue;
            }
            HttpResponse<byte[]> response = reader.get(route.replace("{s}", VISIBLE), "*/*");
            assertThat(response.statusCode()).as(route + " " + text(response)).isEqualTo(200);
            assertThat(response.headers().firstValue("Cache-Control").orElseThrow())
                    .as(route)
                    .isIn("private, no-cache", "no-store");
        }
    }

    @Test
    void shouldHideAtOnceWhenALabelRises() throws Exception {
        String study = "2.25.74000";
        DicomwebClient writer = new DicomwebClient(server.url(), "conformance");
        writer.store(
                "/studies",
                TestObjects.file(TestObjects.ct(study, study + ".1", study + ".1.1", 5)
                        .put(org.trefoilhub.dicom.data.Tag.PatientID, VR.LO, "P0009")
                        .build()));
        String frame = "/studies/" + study + "/series/" + study + ".1/instances/" + study + ".1.1/frames/1";
        HttpResponse<byte[]> first = reader.get(frame, "*/*");
        assertThat(first.statusCode()).isEqualTo(200);
        JdbcClient jdbc = JdbcClient.create(server.bean(DataSource.class));
        jdbc.sql("insert into trefoil.access_patient values ('Patient/9', '9', 'R')")
                .update();
        server.bean(PatientLinks.class).link("", "P0009", "Patient/9");
        String tag = first.headers().firstValue("ETag").orElseThrow();
        HttpResponse<byte[]> second = reader.send("GET", frame, new byte[0], "Accept", "*/*", "If-None-Match", tag);
        assertThat(second.statusCode()).isEqualTo(404); // the copy that the client keeps is not confirmed
        jdbc.sql("update trefoil.access_patient set label = 'N' where patient_ref = 'Patient/9'")
                .update();
        assertThat(reader.send("GET", frame, new byte[0], "Accept", "*/*", "If-None-Match", tag)
                        .statusCode())
                .isEqualTo(304);
        assertThat(writer.send("DELETE", "/studies/" + study, new byte[0]).statusCode())
                .isEqualTo(204);
    }

    @Test
    void shouldNotLetAReaderWriteForAHiddenPatient() throws Exception {
        HttpResponse<byte[]> response =
                reader.store("/studies", TestObjects.file(vip(HIDDEN + ".1.9").build()));
        assertThat(response.statusCode()).isEqualTo(409);
        String body = text(response);
        assertThat(body).contains("TREFOIL-DWB-0014");
        // what the sender itself said is all there is
        TRACES.stream().filter(trace -> !trace.equals(HIDDEN)).forEach(trace -> assertThat(body)
                .doesNotContain(trace));
    }

    /** Objects of the visible patient under a study or instance UID of the hidden one. */
    private static List<DicomDataset> clashes(String study, String instance) {
        return List.of(
                TestObjects.ct(study, study + ".1", study + ".1.7" + instance, 1)
                        .build(),
                TestObjects.ct(VISIBLE, VISIBLE + ".1", study + ".1.1", 1).build(),
                TestObjects.ct(VISIBLE, VISIBLE + ".7", study + ".1.2", 1).build());
    }

    @Test
    void shouldStoreUnderAHiddenUidAsUnderAFreeOne() throws Exception {
        DicomwebClient writer = new DicomwebClient(server.url(), "conformance");
        String visible = text(reader.get("/studies", "application/dicom+json"));
        byte[] before = writer.get("/studies/" + HIDDEN + "/metadata", "application/dicom+json")
                .body();
        String free = "2.25.75000";
        List<Integer> statuses = new java.util.ArrayList<>();
        List<String> bodies = new java.util.ArrayList<>();
        for (String study : List.of(HIDDEN, free)) {
            for (DicomDataset object : clashes(study, "1")) {
                HttpResponse<byte[]> response = reader.store("/studies", TestObjects.file(object));
                statuses.add(response.statusCode());
                bodies.add(text(response).replace(study, "{s}"));
            }
        }
        assertThat(statuses).containsOnly(200);
        assertThat(bodies.subList(0, 3)).isEqualTo(bodies.subList(3, 6));
        List<Integer> dimse = new java.util.ArrayList<>();
        for (String study : List.of(HIDDEN, free)) {
            for (DicomDataset object : clashes(study, "2")) {
                dimse.add(cStore(object).code());
            }
        }
        assertThat(dimse).containsOnly(0);
        // What is hidden stays as it is, and what was sent waits for somebody to look.
        assertThat(writer.get("/studies/" + HIDDEN + "/metadata", "application/dicom+json")
                        .body())
                .isEqualTo(before);
        JdbcClient jdbc = JdbcClient.create(server.bean(DataSource.class));
        assertThat(jdbc.sql("select count(*) from trefoil.quarantine where code = 'TREFOIL-DWB-0018'")
                        .query(Integer.class)
                        .single())
                .isGreaterThanOrEqualTo(4);
        writer.send("DELETE", "/studies/" + free, new byte[0]);
        for (String added : List.of(VISIBLE + ".1/instances/" + free + ".1.1", VISIBLE + ".7")) {
            writer.send("DELETE", "/studies/" + VISIBLE + "/series/" + added, new byte[0]);
        }
        assertThat(text(reader.get("/studies", "application/dicom+json"))).isEqualTo(visible);
    }

    private DimseStatus cStore(DicomDataset object) throws Exception {
        ByteArrayOutputStream dataset = new ByteArrayOutputStream();
        DicomWriter.writeDataset(dataset, object, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, null);
        try (Association association =
                Association.open(AssociationRequest.builder("READER", "TREFOIL", server.dimseAddress())
                        .propose(TestObjects.CT_IMAGE_STORAGE, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN)
                        .build())) {
            return association.store(
                    TestObjects.CT_IMAGE_STORAGE,
                    String.valueOf(object.string(org.trefoilhub.dicom.data.Tag.SOPInstanceUID)),
                    TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                    new ByteArrayInputStream(dataset.toByteArray()));
        }
    }

    /** A route that somebody adds is walked by this contract, or its test fails. */
    @Test
    void shouldWalkEveryRouteThatIsServed() {
        Set<String> unwalked = new java.util.TreeSet<>();
        server.bean(org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping.class)
                .getHandlerMethods()
                .keySet()
                .forEach(mapping -> mapping.getPathPatternsCondition()
                        .getPatterns()
                        .forEach(pattern -> {
                            boolean walked = java.util.stream.Stream.concat(ROUTES.stream(), SEARCHES.stream())
                                    .map(route -> "/dicom-web"
                                            + route.replace("{s}", ABSENT).replaceAll("\\?.*", ""))
                                    .anyMatch(path -> pattern.matches(
                                            org.springframework.http.server.PathContainer.parsePath(path)));
                            if (!walked) {
                                unwalked.add(pattern.getPatternString());
                            }
                        }));
        // The capabilities are open to everybody and know no patient; an error page is reached by no path of a door.
        assertThat(unwalked).containsExactlyInAnyOrder("/dicom-web", "/dicom-web/", "/error");
    }

    @Test
    void shouldTellDimsePeersNothingEither() throws Exception {
        DicomDataset object = vip(HIDDEN + ".1.8").build();
        ByteArrayOutputStream dataset = new ByteArrayOutputStream();
        DicomWriter.writeDataset(dataset, object, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN, null);
        try (Association association =
                Association.open(AssociationRequest.builder("READER", "TREFOIL", server.dimseAddress())
                        .propose(TestObjects.CT_IMAGE_STORAGE, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN)
                        .propose("1.2.840.10008.5.1.4.1.2.2.1", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN) // C-FIND
                        .propose("1.2.840.10008.5.1.4.1.2.2.2", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN) // C-MOVE
                        .propose("1.2.840.10008.5.1.4.1.2.2.3", TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN) // C-GET
                        .build())) {
            DimseStatus status = association.store(
                    TestObjects.CT_IMAGE_STORAGE,
                    HIDDEN + ".1.8",
                    TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN,
                    new ByteArrayInputStream(dataset.toByteArray()));
            assertThat(status.code()).isEqualTo(DimseStatus.NOT_AUTHORIZED);
            TRACES.forEach(
                    trace -> assertThat(String.valueOf(status.errorComment())).doesNotContain(trace));
        }
    }

    /** Whoever may not store for a patient is told the same in a study that is there and in one that is not. */
    @Test
    void shouldRefuseOverDimseForTheHiddenAsForTheAbsent() throws Exception {
        DimseStatus hidden = cStore(vip(HIDDEN + ".1.6").build());
        DimseStatus absent = cStore(vip(ABSENT + ".1.6")
                .put(org.trefoilhub.dicom.data.Tag.StudyInstanceUID, VR.UI, ABSENT)
                .put(org.trefoilhub.dicom.data.Tag.SeriesInstanceUID, VR.UI, ABSENT + ".1")
                .build());
        assertThat(hidden.code()).isEqualTo(DimseStatus.NOT_AUTHORIZED);
        assertThat(hidden).isEqualTo(absent);
    }

    @Test
    void shouldTellNothingByEchoAndRejection() throws Exception {
        try (Association association =
                Association.open(AssociationRequest.builder("READER", "TREFOIL", server.dimseAddress())
                        .propose(
                                org.trefoilhub.dicom.net.VerificationScp.SOP_CLASS_UID,
                                TransferSyntax.IMPLICIT_VR_LITTLE_ENDIAN)
                        .propose(TestObjects.CT_IMAGE_STORAGE, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN)
                        .build())) {
            DimseStatus echo = association.echo();
            assertThat(echo).isEqualTo(DimseStatus.SUCCESS);
            assertThat(echo.errorComment()).isNull();
        }
        // A stranger is told the same whether he names the hidden patient or nobody.
        List<String> rejections = new java.util.ArrayList<>();
        for (String caller : List.of("HIDDEN-4711", "NOBODY-0000", "CANGYING")) {
            org.trefoilhub.dicom.net.DicomNetworkException rejected = org.junit.jupiter.api.Assertions.assertThrows(
                    org.trefoilhub.dicom.net.DicomNetworkException.class,
                    () -> Association.open(AssociationRequest.builder(caller, "TREFOIL", server.dimseAddress())
                            .propose(TestObjects.CT_IMAGE_STORAGE, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN)
                            .build()));
            rejections.add(String.valueOf(rejected.reject()));
        }
        assertThat(Set.copyOf(rejections)).containsExactly("AssociateReject[result=1, source=1, reason=3]");
    }

    /** Services that are not served take no context, so that nothing can be asked by them. */
    @Test
    void shouldTakeNoContextForQueryAndRetrieve() throws Exception {
        List<String> services = List.of(
                "1.2.840.10008.5.1.4.1.2.1.1",
                "1.2.840.10008.5.1.4.1.2.1.2",
                "1.2.840.10008.5.1.4.1.2.1.3",
                "1.2.840.10008.5.1.4.1.2.2.1",
                "1.2.840.10008.5.1.4.1.2.2.2",
                "1.2.840.10008.5.1.4.1.2.2.3",
                "1.2.840.10008.5.1.4.31");
        AssociationRequest.Builder request = AssociationRequest.builder("READER", "TREFOIL", server.dimseAddress())
                .propose(TestObjects.CT_IMAGE_STORAGE, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        for (String service : services) {
            request.propose(service, TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN);
        }
        try (Association association = Association.open(request.build())) {
            assertThat(association.contexts().stream()
                            .map(org.trefoilhub.dicom.net.PresentationContext::abstractSyntax))
                    .contains(TestObjects.CT_IMAGE_STORAGE)
                    .doesNotContainAnyElementsOf(services);
        }
    }

    // ---- masked -----------------------------------------------------------------------------------------------------

    @Test
    void shouldMaskInEverySearchAndDocument() throws Exception {
        for (String client : List.of("name", "demographics")) {
            DicomwebClient masked = new DicomwebClient(server.url(), client);
            for (String path : List.of(
                    "/studies?includefield=all&StudyInstanceUID=" + HIDDEN,
                    "/series?includefield=all&StudyInstanceUID=" + HIDDEN,
                    "/instances?includefield=all&StudyInstanceUID=" + HIDDEN,
                    "/studies/" + HIDDEN + "/metadata",
                    "/studies/" + HIDDEN + "/series/" + HIDDEN + ".1/instances/" + HIDDEN + ".1.1/metadata")) {
                for (DicomDataset row : masked.json(path)) {
                    assertThat(row.string(org.trefoilhub.dicom.data.Tag.PatientName))
                            .as(path)
                            .isEqualTo("L*=柳*");
                    if (client.equals("demographics")) {
                        assertThat(row.string(org.trefoilhub.dicom.data.Tag.PatientID))
                                .isNull();
                        assertThat(row.string(org.trefoilhub.dicom.data.Tag.PatientBirthDate))
                                .isNull();
                    }
                }
                noTraceBut(text(masked.get(path, "*/*")), client);
            }
            // what is masked cannot be guessed
            for (String guess : List.of("PatientName=Liu*", "PatientName=Cangying&fuzzymatching=true")) {
                assertThat(masked.json("/studies?" + guess)).as(guess).isEmpty();
            }
            assertThat(masked.json("/studies?PatientID=HIDDEN-4711")).hasSize(client.equals("name") ? 1 : 0);
            assertThat(masked.json("/studies?PatientID=P0001")).hasSize(1);
        }
    }

    @Test
    void shouldMaskTheHeaderAndKeepThePixels(@TempDir Path folder) throws Exception {
        String path = "/studies/" + HIDDEN + "/series/" + HIDDEN + ".1/instances/" + HIDDEN + ".1.1";
        byte[] whole =
                new DicomwebClient(server.url(), "conformance").get(path, "*/*").body();
        DicomwebClient masked = new DicomwebClient(server.url(), "demographics");
        HttpResponse<byte[]> response = masked.get(path, "application/dicom");
        assertThat(response.statusCode()).as(text(response)).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type"))
                .contains("application/dicom; transfer-syntax=1.2.840.10008.1.2.1");
        noTraceBut(text(response), "demographics");
        Path file = folder.resolve("masked.dcm");
        java.nio.file.Files.write(file, response.body());
        DicomFile read = DicomReader.read(file, ReadOptions.DEFAULT);
        assertThat(read.dataset().string(org.trefoilhub.dicom.data.Tag.PatientName))
                .isEqualTo("L*=柳*");
        assertThat(read.dataset().string(org.trefoilhub.dicom.data.Tag.SOPInstanceUID))
                .isEqualTo(HIDDEN + ".1.1");
        int pixels = TestObjects.ROWS * TestObjects.COLUMNS * 2;
        assertThat(Arrays.copyOfRange(response.body(), response.body().length - pixels, response.body().length))
                .isEqualTo(Arrays.copyOfRange(whole, whole.length - pixels, whole.length));
        byte[] part = masked.send("GET", path, new byte[0], "Accept", "application/dicom", "Range", "bytes=100-899")
                .body();
        assertThat(part).isEqualTo(Arrays.copyOfRange(response.body(), 100, 900));
        String tag = response.headers().firstValue("ETag").orElseThrow();
        assertThat(new DicomwebClient(server.url(), "name")
                        .get(path, "application/dicom")
                        .headers()
                        .firstValue("ETag"))
                .isPresent()
                .get()
                .isNotEqualTo(tag);
        byte[] frame =
                masked.get(path + "/frames/1", "application/octet-stream").body();
        assertThat(frame).isEqualTo(Arrays.copyOfRange(whole, whole.length - pixels, whole.length));
        assertThat(ImageIO.read(new ByteArrayInputStream(
                        masked.get(path + "/rendered", "image/jpeg").body())))
                .isNotNull();
    }

    @Test
    void shouldRefuseWhatItCannotMask() throws Exception {
        DicomwebClient masked = new DicomwebClient(server.url(), "name");
        String burned = "/studies/" + HIDDEN + "/series/" + HIDDEN + ".1/instances/" + HIDDEN + ".1.2";
        for (String route :
                List.of("", "/frames/1", "/rendered", "/thumbnail", "/frames/1/rendered", "/bulkdata/7FE00010")) {
            HttpResponse<byte[]> refused = masked.get(burned + route, "*/*");
            assertThat(refused.statusCode()).as(route).isEqualTo(403);
            assertThat(text(refused)).contains("TREFOIL-DWB-0017");
            noTraceBut(text(refused), "name");
        }
        HttpResponse<byte[]> study = masked.get("/studies/" + HIDDEN, "multipart/related; type=\"application/dicom\"");
        assertThat(study.statusCode()).isEqualTo(206);
        assertThat(DicomwebClient.parts(study)).hasSize(1);
        assertThat(study.headers().firstValue("Warning"))
                .hasValueSatisfying(warning -> assertThat(warning).startsWith("299 "));
        noTraceBut(text(study), "name");
    }

    // ---- actions ----------------------------------------------------------------------------------------------------

    @Test
    @Tag("ACC-16")
    void shouldTellViewingFromPrintingAndKeeping() throws Exception {
        String path = "/studies/" + VISIBLE + "/series/" + VISIBLE + ".1/instances/" + VISIBLE + ".1.1";
        assertThat(reader.get(path + "/rendered?action=print", "*/*").statusCode())
                .isEqualTo(200);
        assertThat(reader.get(path + "?action=download", "*/*").statusCode()).isEqualTo(403);
        assertThat(reader.get(path + "?action=sing", "*/*").statusCode()).isEqualTo(400);
        String[] page = {"Accept", "*/*", "Sec-Fetch-Mode", "navigate", "Sec-Fetch-Dest", "document"};
        assertThat(reader.send("GET", path + "/rendered", new byte[0], page).statusCode())
                .isEqualTo(200);
        assertThat(reader.send("GET", path, new byte[0], page).statusCode()).isEqualTo(403);
        DicomwebClient masked = new DicomwebClient(server.url(), "name"); // may view the hidden, not print
        String hidden = path.replace(VISIBLE, HIDDEN);
        assertThat(masked.get(hidden + "/rendered", "*/*").statusCode()).isEqualTo(200);
        assertThat(masked.get(hidden + "/rendered?action=print", "*/*").statusCode())
                .isEqualTo(403);
        assertThat(masked.send("GET", hidden + "/rendered", new byte[0], page).statusCode())
                .isEqualTo(403);
    }

    // ---- small things -----------------------------------------------------------------------------------------------

    private record Answer(int status, Map<String, List<String>> headers, String body) {}

    /** An answer with the study asked for and trace ids made equal. */
    private Answer answer(String method, String route, String study, String accept) throws Exception {
        HttpResponse<byte[]> response = reader.send(method, route.replace("{s}", study), new byte[0], "Accept", accept);
        Map<String, List<String>> headers = new TreeMap<>(response.headers().map());
        headers.remove("date");
        headers.remove("connection"); // the hundredth request of a connection is its last
        headers.replaceAll((name, values) ->
                values.stream().map(value -> value.replace(study, "{s}")).toList());
        String body = text(response).replace(study, "{s}").replaceAll("\"traceId\":\"[^\"]*\"", "\"traceId\":\"\"");
        return new Answer(response.statusCode(), headers, body);
    }

    private static void noTrace(HttpResponse<byte[]> response, String what) {
        String all = text(response) + response.headers().map();
        TRACES.forEach(trace -> assertThat(all).as(what).doesNotContain(trace));
    }

    /** The masked may see that the study is there, and those who only get names masked may see the rest. */
    private static void noTraceBut(String body, String client) {
        for (String trace : List.of("Cangying", "CANGYING", "藏影")) {
            assertThat(body).doesNotContain(trace);
        }
        if (client.equals("demographics")) {
            for (String trace : List.of("HIDDEN-4711", "19491001", "桂花巷")) {
                assertThat(body).doesNotContain(trace);
            }
        }
    }
}

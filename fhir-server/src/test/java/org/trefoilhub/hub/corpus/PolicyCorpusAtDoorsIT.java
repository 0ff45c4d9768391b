package org.trefoilhub.hub.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.Resource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.trefoilhub.access.policy.Action;
import org.trefoilhub.access.policy.Clearance;
import org.trefoilhub.access.policy.Dimension;
import org.trefoilhub.access.policy.Door;
import org.trefoilhub.access.policy.FactKind;
import org.trefoilhub.access.policy.PolicyCorpus;
import org.trefoilhub.access.policy.ResourceFacts;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.encoding.TransferSyntax;
import org.trefoilhub.dicom.io.DicomWriter;
import org.trefoilhub.dicom.net.Association;
import org.trefoilhub.dicom.net.AssociationRequest;
import org.trefoilhub.dicom.net.DimseStatus;
import org.trefoilhub.hub.imaging.DimsePeerDevice;
import org.trefoilhub.interceptors.fhir.facts.FactSource;

/**
 * The policy corpus through the doors: for each case its policies are in force as Consents, it is the time of the case,
 * its subject comes with a token, and the door answers as the corpus says.
 */
@Tag("ACC-1")
@Tag("ACC-2")
@Tag("ACC-13")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PolicyCorpusAtDoorsIT {

    private static final DoorCases FHIR =
            DoorCases.of(Set.of(Door.FHIR_REST), Set.of(Action.VIEW, Action.SAVE, Action.MODIFY, Action.DELETE));

    private static final DoorCases DICOMWEB = DoorCases.of(
            Set.of(Door.DICOMWEB_QIDO, Door.DICOMWEB_WADO), Set.of(Action.VIEW, Action.PRINT, Action.DOWNLOAD));
    private static final DoorCases STOW = DoorCases.of(Set.of(Door.DICOMWEB_STOW), Set.of(Action.SAVE));
    private static final DoorCases DIMSE = DoorCases.of(
            Set.of(Door.DIMSE),
            Set.of(Action.SAVE),
            each -> each.subject().user() == null && each.subject().clearance() == Clearance.N);

    private static CorpusHub hub;
    private static CorpusWorld world;
    private static PolicyCorpus.SetText inForce;

    @BeforeAll
    static void store() throws InterruptedException {
        hub = new CorpusHub();
        world = new CorpusWorld(hub);
        hub.putInForce(open(), reference -> reference);
        world.store();
        for (String client :
                DIMSE.run().stream().map(each -> each.subject().client()).collect(Collectors.toSet())) {
            hub.create(DimsePeerDevice.of(
                    "https://trefoil-hub.org/fhir", aeTitle(client), client, List.of("127.0.0.0/8"), null, 0));
        }
    }

    @AfterAll
    static void end() {
        hub.close();
    }

    private static PolicyCorpus.SetText open() {
        return PolicyCorpus.cases().stream()
                .filter(each -> each.policySet().equals("open"))
                .findFirst()
                .orElseThrow()
                .set();
    }

    // ---- the world --------------------------------------------------------------------------------------------------

    static Set<String> resources() {
        return PolicyCorpus.world().resources().keySet();
    }

    /** The resources that are stored are what the corpus says they are. */
    @Order(0)
    @ParameterizedTest
    @MethodSource("resources")
    void shouldKnowTheFactsOfTheCorpus(String name) {
        String reference = world.resource(name);
        ResourceFacts known =
                hub.hub.bean(FactSource.class).load(List.of(reference)).get(reference);
        ResourceFacts said = PolicyCorpus.world().facts(name);
        assertThat(known.patients()).isEqualTo(references(said.patients()));
        assertThat(known.label()).isEqualTo(said.label());
        assertThat(known.exams()).isEqualTo(references(said.exams()));
        assertThat(known.care()).isEqualTo(said.care());
        assertThat(known.date()).isEqualTo(said.date());
        Map<FactKind, Set<String>> codes = new HashMap<>(known.codes());
        if (said.kind().type().equals("ImagingStudy")) {
            // The archive adds who sent the objects.
            codes.computeIfPresent(FactKind.SOURCE, (kind, values) -> values.stream()
                    .filter(value -> !value.equals(CorpusHub.LOADER))
                    .collect(Collectors.toSet()));
        }
        for (FactKind kind : FactKind.values()) {
            Set<String> values = said.codes().get(kind);
            assertThat(codes.get(kind)).as(kind.name()).isEqualTo(kind == FactKind.GROUP ? references(values) : values);
        }
    }

    private static Set<String> references(Set<String> ofCorpus) {
        return ofCorpus.stream().map(world::reference).collect(Collectors.toSet());
    }

    // ---- FHIR -------------------------------------------------------------------------------------------------------

    static List<PolicyCorpus.Case> fhirCases() {
        return FHIR.run();
    }

    @Order(1)
    @ParameterizedTest
    @MethodSource("fhirCases")
    void shouldAnswerOverFhirAsTheCorpusSays(PolicyCorpus.Case theCase) {
        begin(theCase);
        String token = hub.token(theCase.who(), world::reference);
        String reference = world.resource(theCase.resource());
        boolean permitted = DoorCases.permits(theCase);
        switch (theCase.request().action()) {
            case VIEW -> {
                int status = hub.fhir(token, "GET", "/" + reference, null).status();
                // A token that may search but not read is told so, like one that may do nothing.
                boolean hides = DoorCases.permitsSome(theCase) && searches(theCase);
                assertThat(status).isIn(permitted ? Set.of(200) : hides ? Set.of(404) : Set.of(403, 404));
                if (searches(theCase)) {
                    String query = reference.replace("/", "?_id=");
                    assertThat(hub.search(token, query)).isEqualTo(permitted ? Set.of(reference) : Set.of());
                }
            }
            case SAVE -> {
                Resource copy = CorpusWorld.copy(stored(reference));
                int status =
                        hub.fhir(token, "POST", "/" + copy.fhirType(), copy).status();
                assertThat(status).isIn(permitted ? Set.of(201) : Set.of(403, 404));
            }
            case MODIFY -> {
                int status = hub.fhir(token, "PUT", "/" + reference, stored(reference))
                        .status();
                assertThat(status).isIn(permitted ? Set.of(200) : Set.of(403, 404));
            }
            case DELETE -> {
                Resource copy = CorpusWorld.copy(stored(reference));
                String doomed = hub.create(copy);
                var answer = hub.fhir(token, "DELETE", "/" + doomed, null);
                assertThat(answer.status())
                        .as("DELETE %s: %s", doomed, answer.body())
                        .isIn(permitted ? Set.of(200, 204) : Set.of(403, 404));
                assertThat(hub.fhir(hub.token(), "GET", "/" + doomed, null).status())
                        .isEqualTo(permitted ? 410 : 200);
            }
            default -> throw new AssertionError(theCase);
        }
    }

    @Test
    void shouldMeetEveryDimensionOverFhir() {
        meetsAll(FHIR, 400);
    }

    // ---- DICOMweb ---------------------------------------------------------------------------------------------------

    static List<PolicyCorpus.Case> dicomWebCases() {
        return DICOMWEB.run();
    }

    @Order(2)
    @ParameterizedTest
    @MethodSource("dicomWebCases")
    @Tag("ACC-14")
    void shouldAnswerOverDicomWebAsTheCorpusSays(PolicyCorpus.Case theCase) {
        begin(theCase);
        String token = hub.token(theCase.who(), world::reference);
        boolean permitted = DoorCases.permits(theCase);
        Set<Integer> no = DoorCases.permitsSome(theCase) ? Set.of(404) : Set.of(403, 404);
        String study = world.studyUid(theCase.resource());
        if (theCase.environment().door() == Door.DICOMWEB_QIDO) {
            CorpusHub.Answer found =
                    hub.dicomWeb(token, "/studies?StudyInstanceUID=" + study, "application/dicom+json");
            if (found.status() == 403) {
                assertThat(permitted).isFalse();
                assertThat(no).contains(403);
            } else {
                assertThat(found.status()).isIn(200, 204);
                assertThat(found.body().contains(study)).isEqualTo(permitted);
            }
            return;
        }
        switch (theCase.request().action()) {
            case VIEW -> {
                CorpusHub.Answer metadata =
                        hub.dicomWeb(token, "/studies/" + study + "/metadata", "application/dicom+json");
                assertThat(metadata.status()).isIn(permitted ? Set.of(200) : no);
                int frame = hub.dicomWeb(
                                token, world.instancePath(theCase.resource()) + "/frames/1", "application/octet-stream")
                        .status();
                assertThat(frame).isIn(permitted ? Set.of(200) : no);
            }
            case PRINT, DOWNLOAD -> {
                String action = theCase.request().action().code();
                String path = world.instancePath(theCase.resource()) + (action.equals("print") ? "/rendered" : "")
                        + "?action=" + action;
                // Paper and files show what they hold: whoever takes them must be permitted to see it.
                boolean shown = permitted && DoorCases.permitsView(theCase);
                assertThat(hub.dicomWeb(token, path, "*/*").status()).isIn(shown ? Set.of(200) : Set.of(403, 404));
            }
            default -> throw new AssertionError(theCase);
        }
    }

    static List<PolicyCorpus.Case> stowCases() {
        return STOW.run();
    }

    @Order(3)
    @ParameterizedTest
    @MethodSource("stowCases")
    @Tag("ACC-14")
    void shouldStoreOverDicomWebAsTheCorpusSays(PolicyCorpus.Case theCase) {
        begin(theCase);
        byte[] body = CorpusWorld.part(world.another(theCase.resource()));
        CorpusHub.Answer answer = hub.stow(hub.token(theCase.who(), world::reference), body, CorpusWorld.boundary());
        assertThat(answer.status()).as(answer.body()).isIn(DoorCases.permits(theCase) ? Set.of(200) : Set.of(403, 409));
    }

    @Test
    void shouldMeetEveryDimensionOverDicomWeb() {
        meetsAll(DICOMWEB, 80);
        meetsAll(STOW, 90);
    }

    // ---- DIMSE ------------------------------------------------------------------------------------------------------

    static List<PolicyCorpus.Case> dimseCases() {
        return DIMSE.run();
    }

    @Order(4)
    @ParameterizedTest
    @MethodSource("dimseCases")
    @Tag("ACC-15")
    void shouldStoreOverDimseAsTheCorpusSays(PolicyCorpus.Case theCase) throws IOException {
        begin(theCase);
        DicomDataset object = world.another(theCase.resource());
        ByteArrayOutputStream dataset = new ByteArrayOutputStream();
        TransferSyntax syntax = TransferSyntax.EXPLICIT_VR_LITTLE_ENDIAN;
        DicomWriter.writeDataset(dataset, object, syntax, null);
        String sopClass = String.valueOf(object.string(org.trefoilhub.dicom.data.Tag.SOPClassUID));
        InetSocketAddress door = new InetSocketAddress("127.0.0.1", hub.hub.dimsePort());
        AssociationRequest peer = AssociationRequest.builder(
                        aeTitle(theCase.subject().client()), "TREFOIL", door)
                .propose(sopClass, syntax)
                .build();
        try (Association association = Association.open(peer)) {
            DimseStatus status = association.store(
                    sopClass,
                    String.valueOf(object.string(org.trefoilhub.dicom.data.Tag.SOPInstanceUID)),
                    syntax,
                    new ByteArrayInputStream(dataset.toByteArray()));
            assertThat(status.code()).isEqualTo(DoorCases.permits(theCase) ? 0 : DimseStatus.NOT_AUTHORIZED);
        }
    }

    /** A device has no user: what names one never holds here. */
    @Test
    void shouldMeetEveryDimensionOverDimse() {
        meetsAll(DIMSE, 90, Dimension.USER);
    }

    private static String aeTitle(String client) {
        return "CORPUS-" + client.toUpperCase(Locale.ROOT);
    }

    // ---- small things -----------------------------------------------------------------------------------------------

    private static void begin(PolicyCorpus.Case theCase) {
        hub.setTime(theCase.environment().instant());
        if (theCase.set() != inForce) {
            inForce = theCase.set();
            hub.putInForce(inForce, world::reference);
        }
    }

    private static Resource stored(String reference) {
        return hub.fhir(hub.token(), "GET", "/" + reference, null).resource();
    }

    /** A scope that lets read but not search, or the other way round, says nothing of the other. */
    private static boolean searches(PolicyCorpus.Case theCase) {
        return theCase.who().scopes().stream()
                .filter(scope -> scope.contains("/"))
                .map(scope -> scope.replaceAll("\\?.*", ""))
                .allMatch(scope -> scope.matches(".*\\.(c?ru?d?s|read|\\*)"));
    }

    /** Every dimension holds in some cases and fails in others, and no case is left out for a reason that nobody knows. */
    private static void meetsAll(DoorCases cases, int atLeast, Dimension... neverHolding) {
        assertThat(cases.run()).as(cases.left().toString()).hasSizeGreaterThanOrEqualTo(atLeast);
        Map<Dimension, DoorCases.Met> met = cases.dimensions();
        for (Dimension dimension : EnumSet.complementOf(EnumSet.of(Dimension.PURPOSE))) {
            assertThat(met).as(dimension.name()).containsKey(dimension);
            if (!Set.of(neverHolding).contains(dimension)) {
                assertThat(met.get(dimension).holds()).as(dimension + " holds").isPositive();
            }
            assertThat(met.get(dimension).fails()).as(dimension + " fails").isPositive();
        }
    }
}

package org.trefoilhub.bench;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
import org.trefoilhub.dicom.net.DimseStatus;

/**
 * Stores objects over STOW-RS and C-STORE without pause, kills the hub in the middle with SIGKILL, starts it again, and checks that every acknowledged
 * object is there with the same data set bytes, that searches show no object that cannot be retrieved, and that no repair by hand was needed.
 */
public final class KillStorm {

    private static final Logger log = LoggerFactory.getLogger(KillStorm.class);
    private static final Duration START_PATIENCE = Duration.ofMinutes(6);
    private static final int STOW_SENDERS = 2;

    private final HubProcess.Launch launch;
    private final DicomFile template;
    private final Path templatePath;
    private final Random random;
    private final Map<String, Sent> acknowledged = new ConcurrentHashMap<>();
    private final Set<String> studies = ConcurrentHashMap.newKeySet();
    /** What went wrong in a sender while the hub was still meant to live, one line each. */
    private final List<String> faults = Collections.synchronizedList(new ArrayList<>());

    private record Sent(String study, String series, String datasetSha256) {}

    /**
     * What was found.
     *
     * @param kills how often the hub was killed
     * @param acknowledged objects that the hub had acknowledged
     * @param lost acknowledged objects that were missing afterwards
     * @param different acknowledged objects whose data set bytes differ
     * @param dangling objects that a search shows and a retrieve does not yield
     * @param faults refusals, and connections that broke before the kill
     * @param unacknowledgedKept objects stored although the sender never saw the answer (allowed)
     * @param restartSeconds seconds to READY of every start
     */
    public record Result(
            int kills,
            int acknowledged,
            int lost,
            int different,
            int dangling,
            List<String> faults,
            int unacknowledgedKept,
            List<Integer> restartSeconds) {

        /** True when nothing acknowledged was lost or changed, no search showed what is not there, and no sender failed early. */
        public boolean held() {
            return acknowledged > 0 && lost == 0 && different == 0 && dangling == 0 && faults.isEmpty();
        }
    }

    /**
     * @param launch how to start the hub; its home keeps the data between the kills
     * @param template a Part 10 file that every stored object is made of, under new UIDs
     * @param seed of the moments of death
     */
    public KillStorm(HubProcess.Launch launch, Path template, long seed) throws IOException {
        this.launch = launch;
        this.templatePath = template;
        this.template = DicomReader.read(template, ReadOptions.DEFAULT);
        this.random = new Random(seed);
    }

    /**
     * Runs the storm.
     *
     * @throws IOException if the hub does not start again by itself
     */
    public Result run(int kills) throws IOException, InterruptedException {
        List<Integer> restarts = new ArrayList<>();
        for (int n = 0; n < kills; n++) {
            HubProcess hub = HubProcess.start(launch, START_PATIENCE);
            restarts.add(hub.readySeconds());
            if (n == 0) {
                registerPeer(HubClient.connect(hub.baseUrl()));
            }
            int before = acknowledged.size();
            storm(hub, Duration.ofMillis(2500 + random.nextInt(3500)));
            log.info(
                    "kill {} of {}: {} objects acknowledged since the last",
                    n + 1,
                    kills,
                    acknowledged.size() - before);
        }
        try (HubProcess hub = HubProcess.start(launch, START_PATIENCE)) {
            restarts.add(hub.readySeconds());
            return verify(HubClient.connect(hub.baseUrl()), kills, restarts);
        }
    }

    /** The DIMSE peer is a Device (identifier sid/ae-title), made through FHIR as an operator would. */
    private static void registerPeer(HubClient client) throws IOException, InterruptedException {
        client.create(
                "Device",
                """
                {"resourceType":"Device","status":"active","extension":[
                  {"url":"https://trefoil-hub.org/fhir/StructureDefinition/dimse-peer","extension":[
                    {"url":"addressRange","valueString":"127.0.0.1/32"}]}],
                 "identifier":[
                  {"system":"https://trefoil-hub.org/fhir/sid/client","value":"conformance"},
                  {"system":"https://trefoil-hub.org/fhir/sid/ae-title","value":"CONFORMANCE"}]}
                """);
        Thread.sleep(1500);
    }

    private void storm(HubProcess hub, Duration length) throws IOException, InterruptedException {
        HubClient client = HubClient.connect(hub.baseUrl());
        AtomicBoolean dying = new AtomicBoolean();
        List<Thread> senders = new ArrayList<>();
        for (int i = 0; i < STOW_SENDERS; i++) {
            senders.add(new Thread(() -> untilDeath("STOW-RS", dying, () -> stow(client)), "stow-" + i));
        }
        senders.add(new Thread(() -> untilDeath("C-STORE", dying, () -> cStore(hub.dimsePort())), "c-store"));
        senders.forEach(Thread::start);
        Thread.sleep(length.toMillis());
        dying.set(true);
        hub.kill();
        for (Thread sender : senders) {
            sender.join();
        }
    }

    /** Sends until the hub dies under it; ending in any other way, or sooner, is a fault. */
    private interface Sender {
        void sendForEver() throws IOException, InterruptedException;
    }

    private void untilDeath(String door, AtomicBoolean dying, Sender sender) {
        try {
            sender.sendForEver();
        } catch (Refusal e) {
            faults.add(door + ": " + e.getMessage());
        } catch (IOException e) {
            if (!dying.get()) {
                faults.add(door + " broke before the kill: " + e);
            }
        } catch (InterruptedException e) {
            faults.add(door + " was interrupted");
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            faults.add(door + " failed: " + e);
        }
    }

    /** An answer of the hub that is no success. */
    private static final class Refusal extends IOException {
        Refusal(String message) {
            super(message);
        }
    }

    private void stow(HubClient client) throws IOException, InterruptedException {
        String study = uid();
        String series = uid();
        studies.add(study);
        while (true) {
            Instance instance = instance(study, series);
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            DicomWriter.writeFile(file, instance.fileMeta(), instance.dataset(), templatePath);
            int status = client.store(file.toByteArray());
            if (status != 200) {
                throw new Refusal("answered " + status);
            }
            acknowledge(instance);
        }
    }

    private void cStore(int port) throws IOException {
        String study = uid();
        String series = uid();
        studies.add(study);
        TransferSyntax syntax = template.transferSyntax();
        String sopClass = String.valueOf(template.dataset().string(Tag.SOPClassUID));
        AssociationRequest request = AssociationRequest.builder(
                        "CONFORMANCE", "TREFOIL", new InetSocketAddress("127.0.0.1", port))
                .propose(sopClass, syntax)
                .build();
        try (Association association = Association.open(request)) {
            while (true) {
                Instance instance = instance(study, series);
                DimseStatus status = association.store(
                        sopClass, instance.sopInstanceUid(), syntax, new ByteArrayInputStream(instance.bytes()));
                if (!status.isSuccess()) {
                    throw new Refusal("answered status " + status);
                }
                acknowledge(instance);
            }
        }
    }

    private record Instance(
            String study,
            String series,
            String sopInstanceUid,
            DicomDataset fileMeta,
            DicomDataset dataset,
            byte[] bytes) {}

    private Instance instance(String study, String series) throws IOException {
        String uid = uid();
        DicomDataset dataset = template.dataset().toBuilder()
                .put(Tag.StudyInstanceUID, VR.UI, study)
                .put(Tag.SeriesInstanceUID, VR.UI, series)
                .put(Tag.SOPInstanceUID, VR.UI, uid)
                .put(Tag.PatientID, VR.LO, "STORM")
                .build();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DicomWriter.writeDataset(bytes, dataset, template.transferSyntax(), templatePath);
        return new Instance(
                study,
                series,
                uid,
                DicomWriter.fileMeta(String.valueOf(dataset.string(Tag.SOPClassUID)), uid, template.transferSyntax()),
                dataset,
                bytes.toByteArray());
    }

    private void acknowledge(Instance instance) {
        acknowledged.put(
                instance.sopInstanceUid(), new Sent(instance.study(), instance.series(), sha256(instance.bytes())));
    }

    private Result verify(HubClient client, int kills, List<Integer> restarts)
            throws IOException, InterruptedException {
        int lost = 0;
        int different = 0;
        for (Map.Entry<String, Sent> entry : acknowledged.entrySet()) {
            Sent sent = entry.getValue();
            byte[] file = client.retrieve(sent.study(), sent.series(), entry.getKey());
            if (file == null) {
                lost++;
            } else if (!sha256(datasetBytes(file)).equals(sent.datasetSha256())) {
                different++;
            }
        }
        int dangling = 0;
        int kept = 0;
        for (String study : studies) {
            for (DicomDataset row : client.instances(study)) {
                String uid = String.valueOf(row.string(Tag.SOPInstanceUID));
                if (acknowledged.containsKey(uid)) {
                    continue;
                }
                kept++;
                if (client.retrieve(study, String.valueOf(row.string(Tag.SeriesInstanceUID)), uid) == null) {
                    dangling++;
                }
            }
        }
        return new Result(kills, acknowledged.size(), lost, different, dangling, List.copyOf(faults), kept, restarts);
    }

    private static byte[] datasetBytes(byte[] part10) throws IOException {
        Path file = Files.createTempFile("trefoil-storm", ".dcm");
        try {
            Files.write(file, part10);
            int offset =
                    Math.toIntExact(DicomReader.read(file, ReadOptions.DEFAULT).datasetOffset());
            return java.util.Arrays.copyOfRange(part10, offset, part10.length);
        } finally {
            Files.delete(file);
        }
    }

    private String uid() {
        synchronized (random) {
            return "2.25." + new BigInteger(120, random).setBit(119);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Figures of a result as one line of text. */
    static String describe(Result r) {
        return "%d kills, %d acknowledged, %d lost, %d different, %d dangling, %d faults, %d kept unacknowledged, READY after %s s"
                .formatted(
                        r.kills(),
                        r.acknowledged(),
                        r.lost(),
                        r.different(),
                        r.dangling(),
                        r.faults().size(),
                        r.unacknowledgedKept(),
                        r.restartSeconds().stream().map(String::valueOf).collect(Collectors.joining(", ")));
    }
}

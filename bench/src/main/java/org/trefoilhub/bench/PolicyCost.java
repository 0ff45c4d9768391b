package org.trefoilhub.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.trefoilhub.dicom.data.DicomDataset;
import org.trefoilhub.dicom.data.Tag;
import org.trefoilhub.dicom.data.VR;
import org.trefoilhub.dicom.io.DicomFile;
import org.trefoilhub.dicom.io.DicomReader;
import org.trefoilhub.dicom.io.DicomWriter;
import org.trefoilhub.dicom.io.ReadOptions;

/**
 * What policy and audit cost at the doors: two hubs with the same data, one as shipped with 10,000 provisions more in force,
 * the other with {@code trefoil.bench.permit-all} and without audit, asked in turn for a FHIR read, a FHIR search of 20 rows
 * and a frame over WADO-RS, by many connections.
 */
final class PolicyCost {

    private static final int PATIENTS = 40;

    /** Patients with a legal block, each in one provision: from then on whoever writes the policies does not see them. */
    private static final int BLOCKED = 20;

    private static final int ROWS = 20;
    private static final int PROVISIONS = 10_000;
    private static final int PROVISIONS_OF_A_CONSENT = 100;
    private static final String C = "https://trefoil-hub.org/fhir";
    private static final String STUDY = "2.25.4711001";

    private final Path root;
    private final int connections;
    private final int rounds;
    private final Duration round;
    private final Set<String> only;

    /**
     * Sets up the measurement.
     *
     * @param root of the sources
     * @param connections that ask at the same time
     * @param rounds of each hub
     * @param round how long one takes
     * @param only names of what is asked for, such as {@code WADO frame}; empty = everything
     */
    PolicyCost(Path root, int connections, int rounds, Duration round, Set<String> only) {
        this.only = only;
        this.root = root;
        this.connections = connections;
        this.rounds = rounds;
        this.round = round;
    }

    /** One round: requests in a second, and processor time of the hub for one of them. */
    private record Speed(double perSecond, double processorMillis) {}

    /** A hub with the data, and the address of what is asked for. */
    private record Side(String name, HubProcess hub, Map<String, String[]> requests) {}

    /**
     * Measures.
     *
     * @return medians by operation, and the share of throughput that policy and audit take
     */
    Map<String, Object> run(Path home) throws IOException, InterruptedException {
        Path jar = root.resolve("fhir-server/target/hub/trefoil-hub-exec.jar");
        try (HubProcess with = HubProcess.start(
                        HubProcess.Launch.of(jar, home.resolve("policy"), List.of("--trefoil.demo.load=false")),
                        Duration.ofMinutes(4));
                HubProcess without = HubProcess.start(
                        HubProcess.Launch.of(
                                jar,
                                home.resolve("permit-all"),
                                List.of(
                                        "--trefoil.demo.load=false",
                                        "--trefoil.bench.permit-all=true",
                                        "--trefoil.audit.enabled=false")),
                        Duration.ofMinutes(4))) {
            List<Side> sides = List.of(fill("policy", with), fill("permit-all", without));
            Map<String, Object> figures = new LinkedHashMap<>();
            figures.put("connections", connections);
            figures.put("provisions", PROVISIONS);
            for (String operation : sides.get(0).requests().keySet()) {
                if (!only.isEmpty() && !only.contains(operation)) {
                    continue;
                }
                figures.put(operation, compare(sides, operation));
            }
            return figures;
        }
    }

    private Map<String, Object> compare(List<Side> sides, String operation) throws IOException, InterruptedException {
        Map<String, List<Speed>> speeds = new LinkedHashMap<>();
        for (Side side : sides) {
            measure(side, operation); // for the compiler
            speeds.put(side.name(), new ArrayList<>());
        }
        for (int i = 0; i < rounds; i++) {
            for (Side side : i % 2 == 0 ? sides : List.of(sides.get(1), sides.get(0))) {
                speeds.get(side.name()).add(measure(side, operation));
            }
        }
        Map<String, Object> figures = new LinkedHashMap<>();
        double[] perSecond = new double[2];
        double[] processor = new double[2];
        int n = 0;
        for (Map.Entry<String, List<Speed>> entry : speeds.entrySet()) {
            perSecond[n] = median(entry.getValue().stream().mapToDouble(Speed::perSecond));
            processor[n] = median(entry.getValue().stream().mapToDouble(Speed::processorMillis));
            figures.put(entry.getKey() + " requests per second", perSecond[n]);
            figures.put(entry.getKey() + " processor milliseconds per request", processor[n]);
            n++;
        }
        figures.put("share of throughput that policy and audit take", 1 - perSecond[0] / perSecond[1]);
        figures.put("processor time, policy to permit-all", processor[0] / processor[1]);
        return figures;
    }

    private static double median(java.util.stream.DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        return sorted[sorted.length / 2];
    }

    private Speed measure(Side side, String operation) throws IOException, InterruptedException {
        String[] request = side.requests().get(operation);
        HubClient client = HubClient.connect(side.hub().baseUrl());
        client.get(request[0], request[1]);
        ExecutorService threads = Executors.newFixedThreadPool(connections);
        try {
            Duration before = side.hub().processorTime();
            long start = System.nanoTime();
            long end = start + round.toNanos();
            Callable<Integer> loop = () -> {
                int done = 0;
                while (System.nanoTime() < end) {
                    client.get(request[0], request[1]);
                    done++;
                }
                return done;
            };
            List<Future<Integer>> running = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                running.add(threads.submit(loop));
            }
            long total = 0;
            for (Future<Integer> one : running) {
                total += one.get();
            }
            double seconds = (System.nanoTime() - start) / 1e9;
            double processor = side.hub().processorTime().minus(before).toNanos() / 1e6;
            return new Speed(total / seconds, processor / total);
        } catch (ExecutionException e) {
            throw new IOException("a request of the measurement failed", e.getCause());
        } finally {
            threads.shutdownNow();
        }
    }

    // ---- the data ---------------------------------------------------------------------------------------------------

    private Side fill(String name, HubProcess hub) throws IOException, InterruptedException {
        HubClient client = HubClient.connect(hub.baseUrl());
        List<String> patients = new ArrayList<>();
        for (int i = 0; i < PATIENTS + BLOCKED; i++) {
            patients.add(client.create(
                    "Patient",
                    "{\"resourceType\":\"Patient\",\"identifier\":[{\"system\":\"" + C
                            + "/sid/patient-id\",\"value\":\"BENCH" + i
                            + "\"}],\"name\":[{\"family\":\"Bench\",\"given\":[\"" + i + "\"]}]}"));
        }
        String patient = patients.get(0);
        for (int i = 0; i < ROWS; i++) {
            client.create(
                    "Observation",
                    "{\"resourceType\":\"Observation\",\"status\":\"final\",\"code\":{\"text\":\"bench\"},\"subject\":{\"reference\":\""
                            + patient
                            + "\"},\"effectiveDateTime\":\"2026-03-01T10:00:00+08:00\",\"valueQuantity\":{\"value\":"
                            + i
                            + ",\"unit\":\"mmol/L\"}}");
        }
        String series = STUDY + ".1";
        String instance = STUDY + ".1.1";
        if (client.store(object(series, instance)) != 200) {
            throw new IOException("the object for the measurement was not stored");
        }
        Random random = new Random(20260302);
        Iterator<String> blocked = patients.subList(PATIENTS, patients.size()).iterator();
        for (int i = 0; i < PROVISIONS / PROVISIONS_OF_A_CONSENT; i++) {
            client.create("Consent", consent(random, patients, blocked));
        }
        Map<String, String[]> requests = new LinkedHashMap<>();
        requests.put("FHIR read", new String[] {"/fhir/" + patient, "application/fhir+json"});
        requests.put(
                "FHIR search",
                new String[] {"/fhir/Observation?subject=" + patient + "&_count=" + ROWS, "application/fhir+json"});
        requests.put("WADO frame", new String[] {
            "/dicom-web/studies/" + STUDY + "/series/" + series + "/instances/" + instance + "/frames/1",
            "application/octet-stream"
        });
        String found =
                new String(client.get(requests.get("FHIR search")[0], "application/fhir+json"), StandardCharsets.UTF_8);
        if (found.split("\"resourceType\":\"Observation\"", -1).length != ROWS + 1) {
            throw new IOException("the search for the measurement does not find " + ROWS + " rows");
        }
        return new Side(name, hub, requests);
    }

    private byte[] object(String series, String instance) throws IOException {
        Path template = root.resolve("fhir-server/src/demo/dicom/mr-dti/0001.dcm");
        DicomFile file = DicomReader.read(template, ReadOptions.DEFAULT);
        DicomDataset dataset = file.dataset().toBuilder()
                .put(Tag.StudyInstanceUID, VR.UI, STUDY)
                .put(Tag.SeriesInstanceUID, VR.UI, series)
                .put(Tag.SOPInstanceUID, VR.UI, instance)
                .put(Tag.PatientID, VR.LO, "BENCH0")
                .build();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        DicomWriter.writeFile(
                out,
                DicomWriter.fileMeta(String.valueOf(dataset.string(Tag.SOPClassUID)), instance, file.transferSyntax()),
                dataset,
                template);
        return out.toByteArray();
    }

    /** Approved access and refusals of single people for single patients, and what other systems may have. */
    private static String consent(Random random, List<String> patients, Iterator<String> blocked) {
        String provisions = IntStream.range(0, PROVISIONS_OF_A_CONSENT)
                .mapToObj(i -> provision(random, patients.get(1 + random.nextInt(PATIENTS - 1)), blocked))
                .collect(Collectors.joining(","));
        return "{\"resourceType\":\"Consent\",\"meta\":{\"profile\":[\"" + C + "/StructureDefinition/AccessPolicy\"]},"
                + "\"status\":\"active\",\"scope\":{\"coding\":[{\"system\":\"" + C
                + "/CodeSystem/consent-scope\",\"code\":\"access-policy\"}]},\"category\":[{\"coding\":[{\"system\":"
                + "\"http://loinc.org\",\"code\":\"57016-8\"}]}],\"policyRule\":{\"coding\":[{\"system\":\"" + C
                + "/CodeSystem/policy-rule\",\"code\":\"hub-11d\"}]},\"provision\":{\"provision\":[" + provisions
                + "]}}";
    }

    private static String provision(Random random, String patient, Iterator<String> blocked) {
        int kind = random.nextInt(2000);
        if (kind < 1 && blocked.hasNext()) {
            return line("deny", 900, data(blocked.next()));
        }
        String data = data(patient);
        if (kind < 1200) {
            return line(
                    "permit",
                    400,
                    actor("user", "user-" + random.nextInt(500)) + "," + data
                            + ",\"period\":{\"start\":\"2026-03-01T10:00:00+08:00\",\"end\":\"2036-03-02T10:00:00+08:00\"}");
        }
        if (kind < 1600) {
            return line("deny", 300, actor("user", "user-" + random.nextInt(500)) + "," + data);
        }
        return line(
                "permit",
                100,
                actor("system", "system-" + random.nextInt(50))
                        + ",\"class\":[{\"system\":\"http://hl7.org/fhir/resource-types\",\"code\":\"Observation\"}]");
    }

    private static String data(String patient) {
        return "\"data\":[{\"meaning\":\"instance\",\"reference\":{\"reference\":\"" + patient + "\"}}]";
    }

    private static String line(String effect, int priority, String rest) {
        return "{\"extension\":[{\"url\":\"" + C + "/StructureDefinition/policy-priority\",\"valueInteger\":" + priority
                + "}],\"type\":\"" + effect + "\"," + rest + "}";
    }

    private static String actor(String role, String name) {
        return "\"actor\":[{\"role\":{\"coding\":[{\"system\":\"" + C + "/CodeSystem/policy-actor-role\",\"code\":\""
                + role
                + "\"}]},\"reference\":{\"identifier\":{\"system\":\"" + C + "/sid/"
                + (role.equals("system") ? "client" : "user") + "\",\"value\":\"" + name + "\"}}}]";
    }

    /** The figures of the operations as lines of text. */
    static List<String> describe(Map<String, Object> figures) {
        return figures.entrySet().stream()
                .map(entry -> entry.getKey() + ": " + entry.getValue())
                .toList();
    }
}

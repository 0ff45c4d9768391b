package org.trefoilhub.hub.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Device;

/**
 * Loads the demo hospital once: people and dictionaries, patients, images, then orders, reports, measurements, laboratory results and critical values.
 *
 * <p>The images go in before the reports, because a report refers to its ImagingStudy, which the hub itself projects from the archive. Every write is
 * conditional or repeatable, so a load that was cut off is simply run again. A marker file in the hub's home says that the load is complete.
 */
final class DemoHospitalLoader {

    private static final int LAB_DAYS = 5;
    private static final Duration PROJECTION_PATIENCE = Duration.ofMinutes(5);

    private final Path dataFolder;
    private final Path marker;
    private final DemoHttp http;
    private final Clock clock;
    private final ZoneId zone;
    private final List<DemoResources.Person> people;
    private final List<String> clients;
    private final List<Device> dimsePeers;

    DemoHospitalLoader(
            Path dataFolder,
            Path home,
            DemoHttp http,
            Clock clock,
            ZoneId zone,
            List<DemoResources.Person> people,
            List<String> clients,
            List<Device> dimsePeers) {
        this.dataFolder = dataFolder;
        this.marker = home.resolve("demo-hospital-loaded");
        this.http = http;
        this.clock = clock;
        this.zone = zone;
        this.people = people;
        this.clients = clients;
        this.dimsePeers = dimsePeers;
    }

    /**
     * Loads what is not loaded yet; of a hospital that is, it moves the out-patient visits to the present day.
     *
     * @param progress told one short line after every step
     * @throws IOException if the data cannot be read or a door refuses it; what went in stays, and the next start goes on
     */
    void load(Consumer<String> progress) throws IOException, InterruptedException {
        DemoHospitalData data = DemoHospitalData.read(dataFolder.resolve("hospital.json"));
        ZonedDateTime now = clock.instant().atZone(zone).withNano(0);
        if (Files.exists(marker)) {
            http.transaction(DemoResources.visits(data, now));
            return;
        }
        List<DemoExam> exams = DemoExams.invent(data, now);
        http.transaction(DemoResources.foundation(data, people, clients, dimsePeers));
        progress.accept("demo hospital: %d departments, %d people, %d exam items"
                .formatted(
                        data.departments().size(),
                        people.size(),
                        data.examItems().size()));
        for (DemoHospitalData.DemoPatient patient : data.patients()) {
            http.transaction(DemoResources.patient(patient, now));
        }
        http.transaction(DemoResources.enrolments(data));
        progress.accept("demo hospital: " + data.patients().size() + " patients");
        images(exams, progress);
        reports(data, exams, now, progress);
        Files.writeString(marker, now.toString());
    }

    private void images(List<DemoExam> exams, Consumer<String> progress) throws IOException, InterruptedException {
        DemoImages images = new DemoImages(dataFolder);
        List<DemoExam> withImages =
                exams.stream().filter(e -> e.imageFolder() != null).toList();
        Path work = Files.createTempDirectory("trefoil-demo-");
        int studies = 0;
        int instances = 0;
        try {
            for (DemoExam exam : withImages) {
                List<Path> files = new ArrayList<>();
                for (Path source : images.sources(exam)) {
                    Path target = work.resolve(source.getFileName());
                    images.write(exam, source, files.size() + 1, target);
                    files.add(target);
                }
                http.store(files);
                for (Path file : files) {
                    Files.delete(file);
                }
                instances += files.size();
                if (++studies % 10 == 0 || studies == withImages.size()) {
                    progress.accept("demo hospital: %d of %d studies, %d objects"
                            .formatted(studies, withImages.size(), instances));
                }
            }
        } finally {
            deleteTree(work);
        }
        awaitProjection(withImages.size());
    }

    private void awaitProjection(int studies) throws IOException, InterruptedException {
        Instant deadline = clock.instant().plus(PROJECTION_PATIENCE);
        while (http.count("ImagingStudy") < studies) {
            if (clock.instant().isAfter(deadline)) {
                throw new IOException("the ImagingStudy resources of the demo images did not appear within "
                        + PROJECTION_PATIENCE.toMinutes() + " minutes");
            }
            Thread.sleep(500);
        }
    }

    private void reports(DemoHospitalData data, List<DemoExam> exams, ZonedDateTime now, Consumer<String> progress)
            throws IOException, InterruptedException {
        Map<String, List<DemoExam>> byPatient =
                exams.stream().collect(Collectors.groupingBy(e -> e.patient().id(), TreeMap::new, Collectors.toList()));
        int loaded = 0;
        for (List<DemoExam> ofPatient : byPatient.values()) {
            http.transaction(DemoResources.exams(ofPatient));
            loaded += ofPatient.size();
            if (loaded / 50 != (loaded - ofPatient.size()) / 50) {
                progress.accept("demo hospital: %d of %d exams".formatted(loaded, exams.size()));
            }
        }
        for (DemoHospitalData.DemoPatient patient : data.patients()) {
            if (patient.inpatient()) {
                List<List<DemoExam.Value>> trend = DemoExams.labTrend(data, patient, LAB_DAYS);
                for (int day = 0; day < trend.size(); day++) {
                    http.transaction(DemoResources.labs(
                            patient,
                            day,
                            trend.get(day),
                            now.minusDays(LAB_DAYS - day).withHour(7)));
                }
            }
        }
        progress.accept("demo hospital: complete");
    }

    private static void deleteTree(Path root) throws IOException {
        try (Stream<Path> tree = Files.walk(root)) {
            for (Path path : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}

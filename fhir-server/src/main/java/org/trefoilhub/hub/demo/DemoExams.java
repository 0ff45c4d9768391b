package org.trefoilhub.hub.demo;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Invents the demo hospital's exams: every patient gets a history that fits sex and age, every exam kind occurs, today's exams stand at every step of the
 * exam process, and a few are critical. The same day gives the same exams.
 */
final class DemoExams {

    private static final long SEED = 0x7265666F696CL;
    private static final int EXAMS_PER_PATIENT = 5;
    private static final List<String> STEPS_TODAY =
            List.of("requested", "booked", "checked-in", "in-exam", "examined", "writing", "preliminary", "verified");

    private final DemoHospitalData data;
    private final ZonedDateTime now;
    private final LocalDate today;
    private final Random random = new Random(SEED);
    private final Map<String, Integer> performedPerItem = new HashMap<>();
    private final List<DemoExam> exams = new ArrayList<>();

    private DemoExams(DemoHospitalData data, ZonedDateTime now) {
        this.data = data;
        this.now = now;
        this.today = now.toLocalDate();
    }

    /** All exams, oldest number first; at least five a patient. */
    static List<DemoExam> invent(DemoHospitalData data, ZonedDateTime now) {
        DemoExams exams = new DemoExams(data, now);
        exams.showPieces();
        exams.histories();
        exams.today();
        exams.criticals();
        return List.copyOf(exams.exams);
    }

    /** Exams that a visitor should find first: whole series and cines of the in-patients of ward W1, with a prior to compare. */
    private void showPieces() {
        released("P0001", "CT-HEAD", 1, Integer.MAX_VALUE);
        released("P0001", "CT-HEAD", 190, 40);
        released("P0001", "CT-CHEST", 2, Integer.MAX_VALUE);
        released("P0001", "ECG-12", 1, 1);
        released("P0001", "ES-GASTRO", 3, 1);
        released("P0001", "PA-GASTRIC", 2, 1);
        released("P0002", "US-THYROID", 1, 1);
        released("P0002", "US-ECHO", 2, 1);
        released("P0002", "MG-BREAST", 5, 1);
        released("P0003", "XA-CORONARY", 2, 1);
        released("P0003", "MR-PROSTATE", 6, 1);
        // The encapsulated report is this patient's own, made out on 2025-03-18.
        add(
                patient("P0003"),
                item("EXT-CT-REPORT"),
                "released",
                (int) ChronoUnit.DAYS.between(LocalDate.of(2025, 3, 18), today),
                1,
                null);
        released("P0004", "CT-CHEST", 1, Integer.MAX_VALUE);
        released("P0004", "US-CAROTID", 3, 1);
        released("P0005", "CT-LIVER", 1, Integer.MAX_VALUE);
        released("P0005", "CT-LIVER", 120, Integer.MAX_VALUE);
        released("P0005", "MR-KNEE", 20, 1);
        released("P0005", "EN-PROC", 4, 1);
        released("P0006", "MR-HEAD", 2, Integer.MAX_VALUE);
        released("P0006", "OP-FUNDUS", 9, 1);
        released("P0007", "NM-BONE", 7, Integer.MAX_VALUE);
        for (int visit = 0; visit < 4; visit++) {
            released("P0007", "US-ECHO", 30 + visit * 120, 1);
            released("P0011", "US-THYROID", 20 + visit * 180, 1);
        }
    }

    private void histories() {
        for (DemoHospitalData.DemoPatient patient : data.patients()) {
            List<DemoHospitalData.ExamItem> fitting = fitting(patient);
            long had = exams.stream().filter(e -> e.patient().equals(patient)).count();
            for (long n = had; n < EXAMS_PER_PATIENT; n++) {
                DemoHospitalData.ExamItem item = fitting.get(random.nextInt(fitting.size()));
                add(patient, item, "released", 3 + random.nextInt(900), 12, null);
            }
        }
        // Every item of the dictionary has been done at least once.
        for (DemoHospitalData.ExamItem item : data.examItems()) {
            if (!performedPerItem.containsKey(item.code())) {
                List<DemoHospitalData.DemoPatient> able = data.patients().stream()
                        .filter(p -> fitting(p).contains(item))
                        .toList();
                add(able.get(random.nextInt(able.size())), item, "released", 5 + random.nextInt(60), 12, null);
            }
        }
    }

    private void today() {
        int n = 0;
        for (DemoHospitalData.DemoPatient patient : data.patients()) {
            if (patient.encounterClass().equals("checkup") || n >= 2 * STEPS_TODAY.size()) {
                continue;
            }
            List<DemoHospitalData.ExamItem> fitting = fitting(patient);
            add(
                    patient,
                    fitting.get(random.nextInt(fitting.size())),
                    STEPS_TODAY.get(n++ % STEPS_TODAY.size()),
                    0,
                    12,
                    null);
        }
    }

    private void criticals() {
        critical("P0013", "CT-CHEST", 0, "open");
        critical("P0005", "ES-GASTRO", 0, "open");
        critical("P0007", "US-ECHO", 12, "closed");
        critical("P0016", "ECG-12", 25, "closed");
        critical("P0014", "CT-HEAD", 40, "closed");
    }

    private void released(String patientId, String itemCode, int daysAgo, int imageLimit) {
        add(patient(patientId), item(itemCode), "released", daysAgo, imageLimit, null);
    }

    private void critical(String patientId, String itemCode, int daysAgo, String state) {
        add(patient(patientId), item(itemCode), "released", daysAgo, 12, state);
    }

    private void add(
            DemoHospitalData.DemoPatient patient,
            DemoHospitalData.ExamItem item,
            String status,
            int daysAgo,
            int imageLimit,
            @Nullable String critical) {
        int number = exams.size() + 1;
        ZonedDateTime started = daysAgo == 0
                ? now.minusMinutes(45 + random.nextInt(120))
                : today.minusDays(daysAgo)
                        .atTime(LocalTime.of(7, 30).plusMinutes(random.nextInt(8 * 60)))
                        .atZone(now.getZone());
        boolean performed = !List.of("requested", "booked", "checked-in").contains(status);
        ZonedDateTime requested = started.minusMinutes(40 + random.nextInt(patient.inpatient() ? 1200 : 180));
        DemoHospitalData.Text text =
                item.texts().get(random.nextInt(item.texts().size()));
        DemoHospitalData.CriticalText criticalText = item.critical();
        if (critical != null && criticalText != null) {
            text = new DemoHospitalData.Text(criticalText.findings(), criticalText.impression(), true);
        }
        int done = performed ? performedPerItem.merge(item.code(), 1, Integer::sum) : 0;
        boolean hasImages = performed && !item.images().isEmpty() && done <= 4;
        List<DemoExam.Value> values = item.measured().stream()
                .map(m -> new DemoExam.Value(m, value(m)))
                .toList();
        String[] people = people(item.department());
        exams.add(new DemoExam(
                number,
                patient,
                item,
                status,
                requested,
                performed ? started : null,
                status.equals("released") ? started.plusMinutes(daysAgo == 0 ? 35 : 35 + random.nextInt(200)) : null,
                text,
                performed ? values : List.of(),
                requester(patient),
                people[0],
                people[1],
                hasImages ? item.images().get((done - 1) % item.images().size()) : null,
                imageLimit,
                critical));
    }

    private BigDecimal value(DemoHospitalData.Measurement m) {
        return BigDecimal.valueOf(m.from() + random.nextDouble() * (m.to() - m.from()))
                .setScale(m.decimals(), RoundingMode.HALF_UP);
    }

    /**
     * Lab values of one patient over several days, oldest first, each near the one before it.
     *
     * @return one list a day, each with one value per lab item in the order of the data
     */
    static List<List<DemoExam.Value>> labTrend(DemoHospitalData data, DemoHospitalData.DemoPatient patient, int days) {
        Random random = new Random(SEED ^ patient.id().hashCode());
        double[] level = data.labs().stream()
                .mapToDouble(m -> m.from() + random.nextDouble() * (m.to() - m.from()))
                .toArray();
        return IntStream.range(0, days)
                .mapToObj(day -> {
                    List<DemoExam.Value> values = new ArrayList<>();
                    for (int i = 0; i < level.length; i++) {
                        DemoHospitalData.Measurement m = data.labs().get(i);
                        double drift = (random.nextDouble() - 0.5) * 0.2 * (m.to() - m.from());
                        level[i] = Math.max(m.from(), Math.min(m.to(), level[i] + drift));
                        values.add(new DemoExam.Value(
                                m, BigDecimal.valueOf(level[i]).setScale(m.decimals(), RoundingMode.HALF_UP)));
                    }
                    return values;
                })
                .toList();
    }

    private List<DemoHospitalData.ExamItem> fitting(DemoHospitalData.DemoPatient patient) {
        int age = today.getYear() - patient.birthDate().getYear();
        return data.examItems().stream()
                .filter(i -> switch (i.code()) {
                    case "MR-PROSTATE" -> patient.gender().equals("male") && age >= 40;
                    case "MG-BREAST" -> patient.gender().equals("female") && age >= 35;
                    case "US-BREAST" -> patient.gender().equals("female") && age >= 18;
                    case "PED-ECHO" -> age < 14;
                    case "EXT-CT-REPORT" -> false;
                    case "US-OB2" -> patient.gender().equals("female") && age >= 20 && age <= 42;
                    case "XA-CORONARY", "CTA-CORONARY", "CTA-AORTA" -> age >= 40;
                    case "CT-HEAD", "CT-CHEST", "CT-LIVER", "CT-LIVER-CE", "CT-CHEST-CE", "NM-BONE", "ES-COLON" ->
                        age >= 18;
                    default -> true;
                })
                .toList();
    }

    private DemoHospitalData.DemoPatient patient(String id) {
        return data.patients().stream()
                .filter(p -> p.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    private DemoHospitalData.ExamItem item(String code) {
        return data.examItems().stream()
                .filter(i -> i.code().equals(code))
                .findFirst()
                .orElseThrow();
    }

    private static String requester(DemoHospitalData.DemoPatient patient) {
        return switch (patient.department()) {
            case "W1" -> "ward-doctor";
            case "W2" -> "ward-doctor2";
            case "emergency" -> "emergency-doctor";
            default -> "outpatient-doctor";
        };
    }

    /** Author and verifier of a department's reports. */
    private static String[] people(String department) {
        return switch (department) {
            case "ultrasound", "ecg" -> new String[] {"sonographer", "sonographer2"};
            case "endoscopy", "ent" -> new String[] {"endoscopist", "endoscopist2"};
            default -> new String[] {"radiologist", "radiologist2"};
        };
    }
}

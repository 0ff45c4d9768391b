package org.trefoilhub.hub.critical;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import org.hl7.fhir.r4.model.BooleanType;
import org.hl7.fhir.r4.model.CodeType;
import org.hl7.fhir.r4.model.PlanDefinition;
import org.hl7.fhir.r4.model.Task;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every lapse of the table, with a clock that is moved. */
@Tag("CRIT-6")
class CriticalLimitsTest {

    private static final Instant START = Instant.parse("2026-03-02T02:00:00Z");
    private static final CriticalLimits LIMITS = CriticalLimits.of(null, Shipped.limits());

    /** A case whose steps were taken at these minutes after the finding. */
    private static Task task(String route, Object... steps) {
        Task task = new Task();
        task.getExecutionPeriod().setStart(Date.from(START));
        Words.input(task, "class", new CodeType("I"));
        Words.input(task, "route", new CodeType(route));
        for (int i = 0; i < steps.length; i += 2) {
            CriticalStep step = (CriticalStep) steps[i];
            task.setBusinessStatus(Words.concept(Words.STATUS, step.code()));
            CaseHistory.add(task, CaseHistory.Event.of(step.code(), minute((Integer) steps[i + 1])));
        }
        return task;
    }

    private static Instant minute(int minutes) {
        return START.plus(Duration.ofMinutes(minutes));
    }

    /** Walks minute by minute, as the clock does, and writes down when what was handed to whom. */
    private static List<String> walk(Task task, int minutes) {
        List<String> seen = new ArrayList<>();
        for (int minute = 0; minute <= minutes; minute++) {
            for (CriticalLimits.Lapse lapse : LIMITS.lapses(task, minute(minute))) {
                seen.add(minute + " " + lapse.limit() + " " + lapse.target());
                CaseHistory.add(
                        task,
                        new CaseHistory.Event(
                                CaseHistory.ESCALATED, minute(minute), null, null, lapse.limit(), lapse.target()));
            }
            assertThat(LIMITS.lapses(task, minute(minute))).as("asked again").isEmpty();
        }
        return seen;
    }

    @Test
    void shouldGoToTheHeadOfThePerformingDepartmentWhenNobodyAuditsOrNotifies() {
        assertThat(walk(task("inpatient", CriticalStep.FOUND, 0), 60))
                .containsExactly(
                        "5 audit exam-head",
                        "10 notify exam-head",
                        "30 audit medical-affairs",
                        "30 notify medical-affairs");
        assertThat(walk(task("inpatient", CriticalStep.FOUND, 0, CriticalStep.AUDITED, 4), 60))
                .containsExactly("10 notify exam-head", "30 notify medical-affairs");
    }

    @Test
    void shouldClimbWhenTheWardDoesNotReceive() {
        assertThat(walk(
                        task("inpatient", CriticalStep.FOUND, 0, CriticalStep.AUDITED, 2, CriticalStep.NOTIFIED, 6),
                        60))
                .containsExactly(
                        "11 receive exam-phone",
                        "11 receive head-nurse",
                        "16 receive department-head",
                        "36 receive medical-affairs");
    }

    @Test
    void shouldGoToTheOfficesOutsideTheWards() {
        assertThat(walk(task("outpatient", CriticalStep.FOUND, 0, CriticalStep.NOTIFIED, 5), 20))
                .contains("10 receive outpatient-office")
                .noneMatch(each -> each.contains("head-nurse"));
        assertThat(walk(task("discharged", CriticalStep.FOUND, 0, CriticalStep.NOTIFIED, 5), 60))
                .contains("10 receive follow-up-centre", "35 receive medical-affairs")
                .noneMatch(each -> each.contains("head"));
    }

    @Test
    void shouldClimbWhenNoDoctorIsInformedOrNobodyHandles() {
        Task received = task("inpatient", CriticalStep.FOUND, 0, CriticalStep.NOTIFIED, 5, CriticalStep.RECEIVED, 8);
        assertThat(walk(received, 60))
                .containsExactly(
                        "13 inform head-nurse",
                        "18 inform department-head",
                        "38 inform medical-affairs",
                        "38 handle medical-affairs");
        Task informed = task(
                "inpatient",
                CriticalStep.FOUND,
                0,
                CriticalStep.NOTIFIED,
                5,
                CriticalStep.RECEIVED,
                8,
                CriticalStep.DOCTOR_INFORMED,
                10);
        assertThat(walk(informed, 60)).as("30 minutes from the receipt").containsExactly("38 handle medical-affairs");
    }

    @Test
    void shouldRemindOfTheProgressNoteAfterSixHours() {
        Task handled = task("inpatient", CriticalStep.FOUND, 0, CriticalStep.RECEIVED, 8, CriticalStep.HANDLED, 20);
        assertThat(walk(handled, 25 * 60))
                .containsExactly((20 + 360) + " note department-head", (20 + 24 * 60) + " note medical-affairs");
    }

    @Test
    void shouldAskForTheSecondSignatureAfterAnEmergency() {
        Task published = task("inpatient", CriticalStep.FOUND, 0, CriticalStep.NOTIFIED, 1, CriticalStep.RECEIVED, 2);
        Words.input(published, "countersign", new BooleanType(true));
        assertThat(walk(published, 6)).containsExactly("5 audit exam-head");
    }

    @ParameterizedTest
    @CsvSource({"closed", "self-handled", "false-positive", "transferred", "lost"})
    void shouldLeaveAloneWhatHasEnded(String end) {
        Task task =
                task("inpatient", CriticalStep.FOUND, 0, CriticalStep.of(end).orElseThrow(), 1);
        assertThat(walk(task, 48 * 60)).isEmpty();
        assertThat(LIMITS.deadline(task)).isNull();
    }

    @Test
    void shouldSayTheNextDeadline() {
        assertThat(LIMITS.deadline(task("inpatient", CriticalStep.FOUND, 0))).isEqualTo(minute(5));
        assertThat(LIMITS.deadline(task("inpatient", CriticalStep.FOUND, 0, CriticalStep.AUDITED, 3)))
                .isEqualTo(minute(10));
        assertThat(LIMITS.deadline(task("inpatient", CriticalStep.FOUND, 0, CriticalStep.NOTIFIED, 4)))
                .isEqualTo(minute(9));
        assertThat(LIMITS.deadline(task("inpatient", CriticalStep.FOUND, 0, CriticalStep.RECEIVED, 6)))
                .isEqualTo(minute(11));
    }

    @Test
    void shouldGiveClassTwoADay() {
        Task task = task("inpatient", CriticalStep.FOUND, 0);
        task.getInput().clear();
        Words.input(task, "class", new CodeType("II"));
        assertThat(walk(task, 24 * 60 - 1)).isEmpty();
        assertThat(walk(task, 24 * 60)).containsExactly("1440 notify exam-head");
    }

    @Test
    void shouldFollowAnEditedLimitAndKeepTheShippedOneWhereItIsMissing() {
        PlanDefinition edited = Shipped.limits();
        edited.getAction().removeIf(action -> action.getCodeFirstRep().hasCoding(Words.LIMIT, "audit"));
        edited.getAction().stream()
                .filter(action -> action.getCodeFirstRep().hasCoding(Words.LIMIT, "notify"))
                .findFirst()
                .ifPresent(action ->
                        ((org.hl7.fhir.r4.model.Duration) action.getTiming()).setValue(BigDecimal.valueOf(7)));
        CriticalLimits limits = CriticalLimits.of(edited, Shipped.limits());
        assertThat(limits.deadline(task("inpatient", CriticalStep.FOUND, 0, CriticalStep.AUDITED, 1)))
                .isEqualTo(minute(7));
        assertThat(limits.deadline(task("inpatient", CriticalStep.FOUND, 0))).isEqualTo(minute(5));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-02T07:59:59+08:00, false",
        "2026-03-02T08:00:00+08:00, true",
        "2026-03-02T17:29:59+08:00, true",
        "2026-03-02T17:30:00+08:00, false",
        "2026-03-07T10:00:00+08:00, false"
    })
    void shouldKnowWhenMedicalAffairsAreInOffice(String time, boolean office) {
        assertThat(LIMITS.isOfficeTime(java.time.OffsetDateTime.parse(time).toInstant(), ZoneId.of("Asia/Shanghai")))
                .isEqualTo(office);
    }
}

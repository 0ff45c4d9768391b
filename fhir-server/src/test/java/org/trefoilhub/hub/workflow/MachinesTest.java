package org.trefoilhub.hub.workflow;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.hl7.fhir.r4.model.Appointment;
import org.hl7.fhir.r4.model.CodeableConcept;
import org.hl7.fhir.r4.model.Coding;
import org.hl7.fhir.r4.model.DiagnosticReport;
import org.hl7.fhir.r4.model.ImagingStudy;
import org.hl7.fhir.r4.model.ServiceRequest;
import org.hl7.fhir.r4.model.Task;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every pair of every table, legal and illegal, against the domain model written once more as plain text. */
@Tag("SHR-1")
class MachinesTest {

    /** Domain model §1.2: "1→2,3,11 · 2→1,3,11 · …"; 12→6 belongs to the revision. */
    private static final Map<String, Set<String>> EXAM = Map.ofEntries(
            Map.entry("requested", Set.of("booked", "checked-in", "cancelled")),
            Map.entry("booked", Set.of("requested", "checked-in", "cancelled")),
            Map.entry("checked-in", Set.of("in-exam", "booked", "cancelled")),
            Map.entry("in-exam", Set.of("examined", "checked-in", "cancelled")),
            Map.entry("examined", Set.of("writing", "in-exam")),
            Map.entry("writing", Set.of("preliminary", "verified", "examined")),
            Map.entry("preliminary", Set.of("writing", "verified")),
            Map.entry("verified", Set.of("released", "writing")),
            Map.entry("released", Set.of("printed", "recalled")),
            Map.entry("printed", Set.of("printed", "recalled")),
            Map.entry("cancelled", Set.of()),
            Map.entry("recalled", Set.of()));

    private static final Map<String, String> EXAM_STATUS = Map.ofEntries(
            Map.entry("requested", "requested"),
            Map.entry("booked", "accepted"),
            Map.entry("checked-in", "ready"),
            Map.entry("in-exam", "in-progress"),
            Map.entry("examined", "in-progress"),
            Map.entry("writing", "in-progress"),
            Map.entry("preliminary", "in-progress"),
            Map.entry("verified", "in-progress"),
            Map.entry("released", "completed"),
            Map.entry("printed", "completed"),
            Map.entry("cancelled", "cancelled"),
            Map.entry("recalled", "completed"));

    static Stream<Arguments> pairs() {
        List<Arguments> pairs = new ArrayList<>();
        EXAM.keySet().forEach(from -> EXAM.keySet().forEach(to -> pairs.add(Arguments.of(from, to))));
        return pairs.stream();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void everyPairOfTheExamIsAsTheDomainModelSays(String from, String to) {
        boolean legal = EXAM.get(from).contains(to);

        assertThat(Machines.EXAM_PROCESS.isLegal(from, to)).isEqualTo(legal);
        assertThat(Machines.EXAM_PROCESS.legal(from).contains(to)).isEqualTo(legal);
    }

    @Test
    void theExamHasTwelveStatesWithTheStatusOfTheirRow() {
        List<StateMachine.State> main = Machines.EXAM_PROCESS.states().stream()
                .filter(state -> state.parent() == null)
                .toList();

        assertThat(main).hasSize(12);
        assertThat(main).allSatisfy(state -> {
            assertThat(state.status()).isEqualTo(EXAM_STATUS.get(state.code()));
            assertThat(state.display()).matches("\\p{IsHan}+");
            assertThat(ExamColumns.ROWS).containsKey(state.code());
        });
    }

    @Test
    void aDetailGoesWhereItsStateGoes() {
        StateMachine exam = Machines.EXAM_PROCESS;

        assertThat(exam.isLegal("checked-in", "called")).isTrue();
        assertThat(exam.isLegal("called", "missed")).isTrue();
        assertThat(exam.isLegal("missed", "in-exam")).isTrue();
        assertThat(exam.isLegal("missed", "examined")).isFalse();
        assertThat(exam.isLegal("booked", "called")).isTrue();
        assertThat(exam.isLegal("requested", "grossed")).isFalse();
        assertThat(exam.isLegal("called", "called")).isFalse();
        assertThat(exam.mainState("slide-ready")).isEqualTo("in-exam");
    }

    static Stream<StateMachine> machines() {
        return Stream.concat(Machines.OF_TASKS.stream(), Machines.OF_TYPES.values().stream());
    }

    @ParameterizedTest
    @MethodSource("machines")
    void everyStateCanBeReachedAndEveryEndIsTerminal(StateMachine machine) {
        Set<String> reached = new LinkedHashSet<>();
        List<String> open = new ArrayList<>(List.of(machine.states().get(0).code()));
        while (!open.isEmpty()) {
            String state = open.remove(0);
            if (reached.add(state)) {
                open.addAll(machine.legal(state));
            }
        }

        assertThat(reached)
                .containsExactlyInAnyOrderElementsOf(
                        machine.states().stream().map(StateMachine.State::code).toList());
        assertThat(machine.states()).allSatisfy(state -> assertThat(machine.isTerminal(state.code()))
                .isEqualTo(machine.legal(state.code()).isEmpty()));
    }

    @ParameterizedTest
    @MethodSource("machines")
    void everyStatusIsOneThatFhirKnows(StateMachine machine) {
        assertThat(machine.states()).allSatisfy(state -> {
            String status = state.status();
            assertThat(
                            switch (machine.name()) {
                                case "ServiceRequest" -> ServiceRequest.ServiceRequestStatus.fromCode(status);
                                case "Appointment" -> Appointment.AppointmentStatus.fromCode(status);
                                case "ImagingStudy" -> ImagingStudy.ImagingStudyStatus.fromCode(status);
                                case "DiagnosticReport" -> DiagnosticReport.DiagnosticReportStatus.fromCode(status);
                                default -> Task.TaskStatus.fromCode(status);
                            })
                    .isNotNull();
        });
    }

    @Test
    void noTaskLeavesATerminalStatus() {
        Set<String> terminal = Set.of("completed", "cancelled", "rejected", "failed", "entered-in-error");
        for (StateMachine machine : Machines.OF_TASKS) {
            for (StateMachine.State from : machine.states()) {
                if (terminal.contains(from.status())) {
                    machine.legal(from.code()).forEach(to -> assertThat(
                                    machine.state(to).orElseThrow().status())
                            .as("%s: %s to %s", machine.name(), from.code(), to)
                            .isEqualTo(from.status()));
                }
            }
        }
    }

    @Test
    void aReportIsSentBackBeforeItIsIssuedOnly() {
        StateMachine report = Machines.DIAGNOSTIC_REPORT;

        assertThat(report.isLegal("verified", "partial")).isTrue();
        for (String out : List.of("released", "amended", "corrected", "appended", "recalled")) {
            for (String back : List.of("registered", "partial", "preliminary", "verified", "cancelled")) {
                assertThat(report.isLegal(out, back)).as("%s to %s", out, back).isFalse();
            }
        }
        assertThat(report.isLegal("recalled", "released")).isFalse();
        assertThat(report.isLegalForHub("recalled", "released")).isTrue();
    }

    @Test
    void theCriticalLoopIsCompletedAfterHandledAndNotedOnly() {
        StateMachine critical = Machines.CRITICAL_VALUE;
        List<String> before = critical.states().stream()
                .map(StateMachine.State::code)
                .filter(state -> critical.isLegal(state, "closed"))
                .toList();

        assertThat(before).containsExactly("noted");
        assertThat(critical.states().stream().filter(state -> state.status().equals("completed")))
                .extracting(StateMachine.State::code)
                .containsExactly("closed");
        assertThat(critical.isLegal("handled", "noted")).isTrue();
        assertThat(critical.isLegal("notified", "handled")).isFalse();
    }

    @Test
    void eventsAreJudgedByTimeAndTable() {
        StateMachine exam = Machines.EXAM_PROCESS;
        Instant nine = Instant.parse("2026-03-01T09:00:00Z");
        Instant ten = nine.plusSeconds(3600);

        assertThat(exam.judge("booked", nine, "checked-in", ten)).isEqualTo(StateMachine.Verdict.MOVES);
        assertThat(exam.judge("booked", ten, "checked-in", nine)).isEqualTo(StateMachine.Verdict.LATE);
        assertThat(exam.judge("booked", nine, "examined", ten)).isEqualTo(StateMachine.Verdict.UNEXPECTED);
        assertThat(exam.judge("booked", nine, "booked", nine)).isEqualTo(StateMachine.Verdict.REPEATS);
        assertThat(exam.judge("booked", nine, "booked", ten)).isEqualTo(StateMachine.Verdict.CONFIRMS);
        assertThat(exam.judge("checked-in", nine, "in-exam", nine)).isEqualTo(StateMachine.Verdict.MOVES);
        assertThat(exam.judge("in-exam", nine, "checked-in", nine)).isEqualTo(StateMachine.Verdict.LATE);
        assertThat(exam.judge("printed", nine, "printed", ten)).isEqualTo(StateMachine.Verdict.MOVES);
    }

    @Test
    void theStateOfATaskIsItsBusinessStatusElseItsStatus() {
        Task task = new Task().setStatus(Task.TaskStatus.REQUESTED);
        task.setCode(new CodeableConcept().addCoding(new Coding(Machines.TASK_TYPE, "access-request", null)));
        StateMachine machine = Machines.of(task).orElseThrow();

        assertThat(machine).isSameAs(Machines.ACCESS_REQUEST);
        assertThat(Machines.stateOf(task, machine)).contains("requested");
        task.setBusinessStatus(new CodeableConcept().addCoding(new Coding(machine.codeSystem(), "unmatched", null)));
        assertThat(Machines.stateOf(task, machine)).contains("unmatched");
        task.setBusinessStatus(new CodeableConcept().addCoding(new Coding(machine.codeSystem(), "nonsense", null)));
        assertThat(Machines.stateOf(task, machine)).isEmpty();
    }
}

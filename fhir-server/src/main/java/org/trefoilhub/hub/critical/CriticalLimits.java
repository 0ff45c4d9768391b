package org.trefoilhub.hub.critical;

import java.math.BigDecimal;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.hl7.fhir.r4.model.PlanDefinition;
import org.hl7.fhir.r4.model.PlanDefinition.PlanDefinitionActionComponent;
import org.hl7.fhir.r4.model.PlanDefinition.RequestPriority;
import org.hl7.fhir.r4.model.Task;
import org.hl7.fhir.r4.model.Timing;
import org.jspecify.annotations.Nullable;

/**
 * The time limits of critical values and to whom a case goes when one lapses, as {@code PlanDefinition/critical-limits}
 * has them. Immutable; pure.
 *
 * <p>{@code audit} and {@code notify} count from the moment the finding was recognised, {@code receive} from the
 * notification, {@code inform} and {@code handle} from the receipt, {@code note} from the handling. What an edited
 * definition lacks is taken from the one that was shipped: a limit that is missing is not a limit that never lapses.
 *
 * <p>Spec: domain model §1.6 and §5.
 */
final class CriticalLimits {

    static final String URL = Words.BASE + "/PlanDefinition/critical-limits";

    private static final Map<String, Duration> UNITS = Map.of(
            "s", Duration.ofSeconds(1),
            "min", Duration.ofMinutes(1),
            "h", Duration.ofHours(1),
            "d", Duration.ofDays(1));

    /**
     * To whom a case goes some time after a limit has lapsed.
     *
     * @param target code in {@code CodeSystem/critical-target}
     * @param after time from the lapse of the limit
     * @param route kind of place that it is for, or null for all
     */
    record Level(String target, Duration after, @Nullable String route) {}

    /** One limit of one class. */
    private record Limit(String code, boolean second, Duration length, List<Level> levels) {}

    /**
     * An escalation that is due.
     *
     * @param limit code of the limit that has lapsed
     * @param target to whom
     * @param due since when
     */
    record Lapse(String limit, String target, Instant due) {}

    /** When medical affairs are in office. */
    private record Hours(LocalTime from, Duration length, Set<DayOfWeek> days) {
        boolean contains(ZonedDateTime time) {
            ZonedDateTime start = time.toLocalDate().atTime(from).atZone(time.getZone());
            return days.contains(time.getDayOfWeek()) && !time.isBefore(start) && time.isBefore(start.plus(length));
        }
    }

    private final List<Limit> limits;
    private final Optional<Hours> office;

    private CriticalLimits(List<Limit> limits, Optional<Hours> office) {
        this.limits = limits;
        this.office = office;
    }

    /**
     * Reads limits.
     *
     * @param edited as the hospital has it now, or null when it has none
     * @param shipped as it was shipped; complete
     */
    static CriticalLimits of(@Nullable PlanDefinition edited, PlanDefinition shipped) {
        List<Limit> limits = new ArrayList<>(edited == null ? List.of() : limits(edited));
        for (Limit each : limits(shipped)) {
            if (limits.stream()
                    .noneMatch(known -> known.code().equals(each.code()) && known.second() == each.second())) {
                limits.add(each);
            }
        }
        Optional<Hours> hours = edited == null ? Optional.empty() : hours(edited);
        return new CriticalLimits(List.copyOf(limits), hours.isPresent() ? hours : hours(shipped));
    }

    private static List<Limit> limits(PlanDefinition definition) {
        List<Limit> limits = new ArrayList<>();
        for (PlanDefinitionActionComponent action : definition.getAction()) {
            String code = code(action, Words.LIMIT);
            Duration length = length(action);
            if (code == null || length == null) {
                continue;
            }
            List<Level> levels = new ArrayList<>();
            for (PlanDefinitionActionComponent part : action.getAction()) {
                String target = code(part, Words.TARGET);
                Duration after = length(part);
                if (target != null) {
                    levels.add(new Level(
                            target,
                            after == null ? Duration.ZERO : after,
                            part.hasCondition()
                                    ? part.getConditionFirstRep()
                                            .getExpression()
                                            .getExpression()
                                    : null));
                }
            }
            levels.sort(Comparator.comparing(Level::after));
            limits.add(new Limit(code, action.getPriority() == RequestPriority.ASAP, length, List.copyOf(levels)));
        }
        return limits;
    }

    private static Optional<Hours> hours(PlanDefinition definition) {
        return definition.getAction().stream()
                .filter(action ->
                        "office-hours".equals(code(action, Words.LIMIT)) && action.getTiming() instanceof Timing)
                .map(action -> ((Timing) action.getTiming()).getRepeat())
                .filter(repeat -> repeat.hasTimeOfDay() && repeat.hasDuration())
                .map(repeat -> {
                    Set<DayOfWeek> days = EnumSet.noneOf(DayOfWeek.class);
                    repeat.getDayOfWeek()
                            .forEach(day ->
                                    days.add(DayOfWeek.of(List.of("mon", "tue", "wed", "thu", "fri", "sat", "sun")
                                                    .indexOf(day.getCode())
                                            + 1)));
                    return new Hours(
                            LocalTime.parse(repeat.getTimeOfDay().get(0).getValue()),
                            scaled(repeat.getDuration(), "h"),
                            days.isEmpty() ? EnumSet.allOf(DayOfWeek.class) : days);
                })
                .findFirst();
    }

    private static @Nullable String code(PlanDefinitionActionComponent action, String system) {
        return action.getCode().stream()
                .flatMap(concept -> concept.getCoding().stream())
                .filter(coding -> system.equals(coding.getSystem()))
                .map(coding -> coding.getCode())
                .findFirst()
                .orElse(null);
    }

    private static @Nullable Duration length(PlanDefinitionActionComponent action) {
        return action.getTiming() instanceof org.hl7.fhir.r4.model.Duration given
                        && given.hasValue()
                        && given.getValue().signum() >= 0
                        && UNITS.containsKey(given.getCode())
                ? scaled(given.getValue(), given.getCode())
                : null;
    }

    private static Duration scaled(BigDecimal value, String unit) {
        long millis = UNITS.getOrDefault(unit, Duration.ofHours(1)).toMillis();
        return Duration.ofMillis(value.multiply(BigDecimal.valueOf(millis)).longValue());
    }

    /** Length of a limit; class II has what it has and no more. */
    private Optional<Limit> limit(String code, boolean second) {
        return limits.stream()
                .filter(each -> each.code().equals(code) && each.second() == second)
                .findFirst();
    }

    /** Within which time the same finding of the same patient is a repeat. */
    Duration repeats() {
        return limit("repeats", false).map(Limit::length).orElse(Duration.ZERO);
    }

    /** From which age a released report is history. */
    Duration history() {
        return limit("history", false).map(Limit::length).orElse(Duration.ofDays(1));
    }

    /** Whether medical affairs are in office; else the duty officer stands in. */
    boolean isOfficeTime(Instant now, ZoneId zone) {
        return office.map(hours -> hours.contains(now.atZone(zone))).orElse(true);
    }

    /** When the case must have moved on, or null when nothing runs. */
    @Nullable
    Instant deadline(Task task) {
        return running(task).stream()
                .map(Running::end)
                .min(Comparator.naturalOrder())
                .orElse(null);
    }

    /** A limit that runs for a case. */
    private record Running(Limit limit, Instant end) {}

    private List<Running> running(Task task) {
        CriticalStep step = CaseHistory.step(task).orElse(null);
        if (step == null || step.isEnd()) {
            return List.of();
        }
        boolean second = isSecondClass(task);
        Instant recognised = CaseHistory.recognised(task);
        List<Running> running = new ArrayList<>();
        if (step == CriticalStep.FOUND || CaseHistory.awaitsCountersign(task)) {
            add(running, "audit", second, recognised);
        }
        switch (step) {
            case FOUND, AUDITED -> add(running, "notify", second, recognised);
            case NOTIFIED -> add(running, "receive", second, since(task, CriticalStep.NOTIFIED));
            case RECEIVED -> {
                add(running, "inform", second, since(task, CriticalStep.RECEIVED));
                add(running, "handle", second, since(task, CriticalStep.RECEIVED));
            }
            case DOCTOR_INFORMED -> add(running, "handle", second, since(task, CriticalStep.RECEIVED));
            case HANDLED -> add(running, "note", second, since(task, CriticalStep.HANDLED));
            default -> {
                // Nothing runs any more.
            }
        }
        return running;
    }

    private void add(List<Running> running, String code, boolean second, Instant from) {
        limit(code, second).ifPresent(limit -> running.add(new Running(limit, from.plus(limit.length()))));
    }

    /** Time of a step; a Task that does not tell it counts from its last change. */
    private static Instant since(Task task, CriticalStep step) {
        return CaseHistory.time(task, step)
                .orElseGet(() ->
                        task.hasLastModified() ? task.getLastModified().toInstant() : CaseHistory.recognised(task));
    }

    static boolean isSecondClass(Task task) {
        return Words.input(task, "class") instanceof org.hl7.fhir.r4.model.CodeType code
                && "II".equals(code.getValue());
    }

    /**
     * The escalations that are due and of which the case knows nothing yet, oldest first.
     *
     * @param task a case
     * @param now the present
     */
    List<Lapse> lapses(Task task, Instant now) {
        String route = Words.input(task, "route") instanceof org.hl7.fhir.r4.model.CodeType code
                ? code.getValue()
                : "inpatient";
        List<Lapse> due = new ArrayList<>();
        for (Running running : running(task)) {
            for (Level level : running.limit().levels()) {
                Instant at = running.end().plus(level.after());
                boolean meant = level.route() == null || level.route().equals(route);
                if (meant && !now.isBefore(at) && !isKnown(task, running, level)) {
                    due.add(new Lapse(running.limit().code(), level.target(), at));
                }
            }
        }
        due.sort(Comparator.comparing(Lapse::due));
        return due;
    }

    /** Whether it was handed on before, since the limit began to run. */
    private static boolean isKnown(Task task, Running running, Level level) {
        Instant began = running.end().minus(running.limit().length());
        return CaseHistory.of(task).stream()
                .anyMatch(event -> event.code().equals(CaseHistory.ESCALATED)
                        && running.limit().code().equals(event.limit())
                        && level.target().equals(event.target())
                        && !event.time().isBefore(began));
    }
}

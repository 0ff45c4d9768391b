package org.trefoilhub.hub.workflow;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.hl7.fhir.r4.model.Task;

/**
 * The tables: which states there are, and which follow which.
 *
 * <p>Spec: domain model §1.2 (exam process and its columns), §1.3, §1.5, §1.6.
 */
public final class Machines {

    /** Base of the hub's own systems. */
    public static final String CANONICAL = "https://trefoil-hub.org/fhir";

    /** Kinds of Task. */
    public static final String TASK_KIND = CANONICAL + "/CodeSystem/task-kind";

    /** Kinds of Task about access. */
    public static final String TASK_TYPE = CANONICAL + "/CodeSystem/task-type";

    /** 检查流程. */
    public static final StateMachine EXAM_PROCESS = StateMachine.of(
                    "exam-process", CANONICAL + "/CodeSystem/exam-status")
            .state("requested", "已申请", "requested", "booked", "checked-in", "cancelled")
            .detail("charged", "已缴费")
            .state("booked", "已预约", "accepted", "requested", "checked-in", "cancelled")
            .state("checked-in", "已登记", "ready", "in-exam", "booked", "cancelled")
            .detail("called", "已呼叫")
            .detail("missed", "过号")
            .state("in-exam", "检查中", "in-progress", "examined", "checked-in", "cancelled")
            .detail("contrast-waiting", "等待造影")
            .detail("specimen-collected", "已采集")
            .detail("received", "已接收")
            .detail("grossed", "已取材")
            .detail("embedded", "已包埋")
            .detail("slide-ready", "已制片")
            .detail("ihc", "免疫组化中")
            .detail("testing", "检验中")
            .state("examined", "已检查", "in-progress", "writing", "in-exam")
            .detail("qc-failed", "待重拍")
            .state("writing", "报告书写", "in-progress", "preliminary", "verified", "examined")
            .state("preliminary", "初步报告", "in-progress", "writing", "verified")
            .state("verified", "已审核", "in-progress", "released", "writing")
            .state("released", "已发布", "completed", "printed", "recalled")
            .repeatable("printed", "已打印", "completed", "recalled")
            .state("cancelled", "已取消", "cancelled")
            .state("recalled", "召回", "completed")
            .reserved("recalled", "released")
            .begins("requested", "booked", "checked-in")
            .build();

    /** 报告修订, opened by a recall. */
    public static final StateMachine REPORT_REVISION = StateMachine.of(
                    "report-revision", CANONICAL + "/CodeSystem/exam-status")
            .state("recalled", "召回", "in-progress", "writing", "cancelled")
            .state("writing", "报告书写", "in-progress", "preliminary", "verified", "cancelled")
            .state("preliminary", "初步报告", "in-progress", "writing", "verified")
            .state("verified", "已审核", "in-progress", "released", "writing")
            .state("released", "已发布", "completed")
            .state("cancelled", "已取消", "cancelled")
            .reserved("recalled", "released")
            .reserved("writing", "released")
            .reserved("preliminary", "released")
            .build();

    /** 危急值闭环. */
    public static final StateMachine CRITICAL_VALUE = StateMachine.of(
                    "critical-value", CANONICAL + "/CodeSystem/critical-status")
            // Only in an emergency is the ward told before two have signed; the handler of the kind sees to it.
            .state("found", "已发现", "requested", "audited", "notified", "self-handled", "false-positive")
            .state("audited", "双人审核", "requested", "notified", "self-handled", "false-positive")
            .state("notified", "已通知", "requested", "received", "self-handled", "false-positive", "transferred", "lost")
            .state(
                    "received",
                    "已接收",
                    "received",
                    "doctor-informed",
                    "handled",
                    "self-handled",
                    "false-positive",
                    "transferred",
                    "lost")
            .state("doctor-informed", "已告知医生", "accepted", "handled", "false-positive", "transferred", "lost")
            .state("handled", "已处理", "in-progress", "noted", "false-positive")
            .state("noted", "已记录病程", "in-progress", "closed")
            .state("closed", "已关闭", "completed")
            .state("self-handled", "科室自行处理", "cancelled")
            .state("false-positive", "撤销", "cancelled")
            .state("transferred", "患者已转科", "cancelled")
            .state("lost", "联系不上", "failed")
            .build();

    /** 调阅申请. */
    public static final StateMachine ACCESS_REQUEST = StateMachine.of(
                    "access-request", CANONICAL + "/CodeSystem/access-status")
            .state("requested", "已申请", "requested", "unmatched", "approved", "rejected")
            .state("unmatched", "未匹配到患者", "requested", "rejected")
            .state("approved", "已批准", "completed")
            .state("rejected", "已驳回", "rejected")
            .build();

    /** 紧急调阅的事后审查. */
    public static final StateMachine ACCESS_REVIEW = StateMachine.of(
                    "break-glass-review", CANONICAL + "/CodeSystem/access-status")
            .state("requested", "待审查", "requested", "escalated", "reviewed")
            .state("escalated", "已升级", "requested", "reviewed")
            .state("reviewed", "已审查", "completed")
            .build();

    /** 检查申请. */
    public static final StateMachine SERVICE_REQUEST = StateMachine.of(
                    "ServiceRequest", "http://hl7.org/fhir/request-status")
            .state("unknown", "未知", "unknown", "draft", "active", "on-hold", "revoked", "completed", "entered-in-error")
            .state("draft", "草稿", "draft", "active", "revoked", "entered-in-error")
            .state("active", "有效", "active", "on-hold", "revoked", "completed", "entered-in-error")
            .state("on-hold", "暂停", "on-hold", "active", "revoked", "entered-in-error")
            .state("revoked", "已撤销", "revoked", "entered-in-error")
            .state("completed", "已完成", "completed", "entered-in-error")
            .state("entered-in-error", "录入错误", "entered-in-error")
            .build();

    /** 预约. */
    public static final StateMachine APPOINTMENT = StateMachine.of(
                    "Appointment", "http://hl7.org/fhir/appointmentstatus")
            .state("proposed", "建议", "proposed", "pending", "waitlist", "booked", "cancelled", "entered-in-error")
            .state("waitlist", "候补", "waitlist", "proposed", "pending", "booked", "cancelled", "entered-in-error")
            .state("pending", "待确认", "pending", "waitlist", "booked", "cancelled", "entered-in-error")
            .state(
                    "booked",
                    "已预约",
                    "booked",
                    "pending",
                    "arrived",
                    "checked-in",
                    "fulfilled",
                    "cancelled",
                    "noshow",
                    "entered-in-error")
            .state(
                    "arrived",
                    "已到达",
                    "arrived",
                    "booked",
                    "checked-in",
                    "fulfilled",
                    "cancelled",
                    "noshow",
                    "entered-in-error")
            .state(
                    "checked-in",
                    "已登记",
                    "checked-in",
                    "booked",
                    "arrived",
                    "fulfilled",
                    "cancelled",
                    "noshow",
                    "entered-in-error")
            .state("fulfilled", "已完成", "fulfilled", "entered-in-error")
            .state("noshow", "未到", "noshow", "booked", "entered-in-error")
            .state("cancelled", "已取消", "cancelled", "entered-in-error")
            .state("entered-in-error", "录入错误", "entered-in-error")
            .build();

    /** 影像检查; what the archive cancelled may arrive again. */
    public static final StateMachine IMAGING_STUDY = StateMachine.of(
                    "ImagingStudy", "http://hl7.org/fhir/imagingstudy-status")
            .state("unknown", "未知", "unknown", "registered", "available", "cancelled", "entered-in-error")
            .state("registered", "检查中", "registered", "available", "cancelled", "entered-in-error")
            .state("available", "可调阅", "available", "cancelled", "entered-in-error")
            .state("cancelled", "已取消", "cancelled", "available", "entered-in-error")
            .state("entered-in-error", "录入错误", "entered-in-error")
            .build();

    /**
     * 检查报告. Its states are finer than {@code status}: a report that is {@code final} is verified until
     * {@code issued} is set, released from then on, and recalled while it carries the tag of a recall.
     */
    public static final StateMachine DIAGNOSTIC_REPORT = StateMachine.of(
                    "DiagnosticReport", CANONICAL + "/CodeSystem/report-state")
            .state(
                    "unknown",
                    "未知",
                    "unknown",
                    "registered",
                    "partial",
                    "preliminary",
                    "verified",
                    "released",
                    "cancelled",
                    "entered-in-error")
            .state(
                    "registered",
                    "已登记",
                    "registered",
                    "partial",
                    "preliminary",
                    "verified",
                    "released",
                    "cancelled",
                    "entered-in-error")
            .state(
                    "partial",
                    "报告书写",
                    "partial",
                    "registered",
                    "preliminary",
                    "verified",
                    "released",
                    "cancelled",
                    "entered-in-error")
            .state(
                    "preliminary",
                    "初步报告",
                    "preliminary",
                    "partial",
                    "verified",
                    "released",
                    "cancelled",
                    "entered-in-error")
            .state("verified", "已审核", "final", "released", "partial", "cancelled", "entered-in-error")
            .state("released", "已发布", "final", "recalled", "amended", "corrected", "appended", "entered-in-error")
            .state("amended", "修订", "amended", "recalled", "corrected", "appended", "entered-in-error")
            .state("corrected", "更正", "corrected", "recalled", "amended", "appended", "entered-in-error")
            .state("appended", "补充", "appended", "recalled", "amended", "corrected", "entered-in-error")
            .state("recalled", "召回", "final", "amended", "corrected", "appended", "entered-in-error")
            .state("cancelled", "已取消", "cancelled", "entered-in-error")
            .state("entered-in-error", "录入错误", "entered-in-error")
            .reserved("recalled", "released")
            .begins("registered", "partial", "preliminary", "verified")
            .build();

    /** Tables of Tasks. */
    public static final List<StateMachine> OF_TASKS =
            List.of(EXAM_PROCESS, REPORT_REVISION, CRITICAL_VALUE, ACCESS_REQUEST, ACCESS_REVIEW);

    /** Tables of resources whose state is their status, by type. */
    public static final Map<String, StateMachine> OF_TYPES =
            List.of(SERVICE_REQUEST, APPOINTMENT, IMAGING_STUDY, DIAGNOSTIC_REPORT).stream()
                    .collect(Collectors.toUnmodifiableMap(StateMachine::name, Function.identity()));

    private Machines() {}

    /**
     * The table of a Task.
     *
     * @param task a Task
     * @return the table of its kind, or empty when nothing is known of that kind
     */
    public static Optional<StateMachine> of(Task task) {
        return OF_TASKS.stream().filter(machine -> isOf(task, machine)).findFirst();
    }

    private static boolean isOf(Task task, StateMachine machine) {
        return task.getCode().hasCoding(TASK_KIND, machine.name())
                || task.getCode().hasCoding(TASK_TYPE, machine.name());
    }

    /**
     * The state of a Task: its business status, or without one the first state with its status.
     *
     * @param task a Task
     * @param machine table of its kind
     * @return code of the state, or empty when it is in none that the table knows
     */
    public static Optional<String> stateOf(Task task, StateMachine machine) {
        Optional<String> business = task.getBusinessStatus().getCoding().stream()
                .filter(coding -> machine.codeSystem().equals(coding.getSystem()))
                .map(coding -> coding.getCode())
                .findFirst();
        if (business.isPresent() || task.getBusinessStatus().hasCoding()) {
            return business.filter(code -> machine.state(code).isPresent());
        }
        return task.hasStatus()
                ? machine.states().stream()
                        .filter(state -> state.status().equals(task.getStatus().toCode()))
                        .map(StateMachine.State::code)
                        .findFirst()
                : Optional.empty();
    }
}

Profile: ExamProcess
Parent: Task
Id: ExamProcess
Title: "Exam process 检查流程"
Description: "Where an exam stands: one Task for each order, its businessStatus one of the twelve states or a sub-state. Versions and Provenance hold the history; lastModified is the time of the event, not of its receipt. A completed process is never left again: a recall opens a report revision."
* code = TaskKindCodes#exam-process
* status MS
* intent = #order
* businessStatus 1..1
* businessStatus from ExamStatusSet (required)
* basedOn 1..*
* basedOn only Reference(ServiceRequest)
* focus 1..1
* focus only Reference(ServiceRequest)
* for 1..1
* for only Reference(Patient)
* owner MS
* groupIdentifier MS
* authoredOn 1..1
* lastModified 1..1
* extension contains EventTime named eventTime 0..1
* obeys exam-process-status

Invariant: exam-process-status
Description: "Task.status follows from the exam status: requested, accepted (booked), ready (checked in), in-progress, completed (released, printed) or cancelled."
Expression: "businessStatus.coding.where(system = 'https://trefoil-hub.org/fhir/CodeSystem/exam-status').all((code = 'requested' implies %resource.status = 'requested') and (code = 'booked' implies %resource.status = 'accepted') and (code = 'checked-in' implies %resource.status = 'ready') and ((code = 'released' or code = 'printed' or code = 'recalled') implies %resource.status = 'completed') and (code = 'cancelled' implies %resource.status = 'cancelled') and ((code = 'in-exam' or code = 'examined' or code = 'writing' or code = 'preliminary' or code = 'verified') implies %resource.status = 'in-progress'))"
Severity: #error

Profile: CriticalValueTask
Parent: Task
Id: CriticalValue
Title: "Critical value 危急值"
Description: "One case of the critical value loop. The popup is a view of it and changes nothing. restriction.period.end is the deadline of the current step: R4 Task has no due date. The owner is a person, an organization or a care team; R4 does not allow a Group."
* code = TaskKindCodes#critical-value
* intent = #order
* priority 1..1
* priority = #stat
* businessStatus 1..1
* businessStatus from CriticalStatusSet (required)
* focus 1..1
* reasonReference 1..1
* for 1..1
* for only Reference(Patient)
* requester MS
* owner 1..1
* authoredOn 1..1
* restriction 1..1
* restriction.period 1..1
* restriction.period.end 1..1
* obeys critical-value-done

Invariant: critical-value-done
Description: "A critical value is completed only when it is closed or left by a side exit."
Expression: "status = 'completed' implies businessStatus.coding.where(system = 'https://trefoil-hub.org/fhir/CodeSystem/critical-status' and (code = 'closed' or code = 'self-handled' or code = 'transferred' or code = 'lost')).exists()"
Severity: #error

Profile: ReportRevisionTask
Parent: Task
Id: ReportRevision
Title: "Report revision 报告修订"
Description: "The correction of a recalled report. A Task of its own, because the completed exam process must not be left again."
* code = TaskKindCodes#report-revision
* intent = #order
* partOf 1..1
* partOf only Reference(Task)
* focus 1..1
* focus only Reference(DiagnosticReport)
* for 1..1
* for only Reference(Patient)
* authoredOn 1..1
* obeys report-revision-reason

Invariant: report-revision-reason
Description: "A recall has a reason."
Expression: "reasonCode.exists()"
Severity: #error

Profile: AccessRequestTask
Parent: Task
Id: AccessRequest
Title: "Access request 访问申请"
Description: "A doctor or nurse asks to see a patient whom no policy shows them. Approval makes an access policy that ends by its period."
* code = TaskTypeCodes#access-request
* businessStatus from AccessStatusSet (required)
* intent = #order
* requester 1..1
* owner 1..1
* authoredOn 1..1
* reasonCode 1..1
* input obeys access-request-input

Invariant: access-request-input
Description: "Inputs of access requests have a code of access-input."
Expression: "type.coding.where(system = 'https://trefoil-hub.org/fhir/CodeSystem/access-input' and code.memberOf('https://trefoil-hub.org/fhir/ValueSet/access-input')).exists()"
Severity: #error

Profile: ImagingReviewTask
Parent: Task
Id: ImagingReview
Title: "Imaging review 影像待处理"
Description: "A study that a person has to look at: it came without a patient id, or could not be shown in FHIR. The hub never guesses a patient from a name."
* code = TaskKindCodes#imaging-review
* intent = #order
* identifier 1..1
* reasonCode 1..1
* reasonCode from ImagingReviewReasonSet (required)
* focus 1..1
* focus.identifier 1..1
* authoredOn 1..1
* for 0..0

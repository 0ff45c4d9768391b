Extension: PolicySource
Id: policy-source
Title: "Source 来源"
Description: "Source systems whose data an access policy speaks of; repeats are alternatives."
Context: Consent.provision, Consent.provision.provision
* value[x] only Coding
* value[x] 1..1

Extension: PolicyInterface
Id: policy-interface
Title: "Interface 接口"
Description: "Doors of the hub that an access policy speaks of; repeats are alternatives."
Context: Consent.provision, Consent.provision.provision
* value[x] only code
* value[x] 1..1
* value[x] from PolicyInterfaceSet (required)

Extension: PolicyPatientType
Id: policy-patient-type
Title: "Patient type 患者类型"
Description: "Kinds of patient, or relations of the patient to the user, that an access policy speaks of; repeats are alternatives."
Context: Consent.provision, Consent.provision.provision
* value[x] only CodeableConcept
* value[x] 1..1

Extension: PolicyExamItem
Id: policy-exam-item
Title: "Exam item 检查项目"
Description: "Exam items, modalities or performing departments that an access policy speaks of; repeats are alternatives."
Context: Consent.provision, Consent.provision.provision
* value[x] only CodeableConcept
* value[x] 1..1

Extension: PolicyHours
Id: policy-hours
Title: "Hours 授权时段"
Description: "Hours of the week in which an access policy holds, in the zone of the hospital."
Context: Consent.provision, Consent.provision.provision
* value[x] only Timing
* value[x] 1..1

Extension: PolicyPriority
Id: policy-priority
Title: "Priority 优先级"
Description: "The highest priority that matches decides; inside it a deny beats a permit. Baseline 0, department 100, hospital 200, patient-specific 300, approved access 400, emergency 500, legal block 900."
Context: Consent.provision.provision
* value[x] only integer
* value[x] 1..1
* valueInteger obeys policy-priority-range

Invariant: policy-priority-range
Description: "A priority lies between 0 and 1000."
Expression: "$this >= 0 and $this <= 1000"
Severity: #error

Extension: PolicyMask
Id: policy-mask
Title: "Mask 脱敏"
Description: "What a permit hides of the patient."
Context: Consent.provision.provision
* value[x] only code
* value[x] 1..1
* value[x] from PolicyMaskSet (required)

Extension: ImageAvailabilityExtension
Id: image-availability
Title: "Availability 影像可用性"
Description: "How quickly the images can be had. R4 ImagingStudy has no such element."
Context: ImagingStudy, ImagingStudy.series
* value[x] only code
* value[x] 1..1
* value[x] from ImageAvailabilitySet (required)

Extension: IntervalCondition
Id: interval-condition
Title: "Condition 参考区间条件"
Description: "A diagnosis or state in which a reference interval holds, beside sex and age."
Context: ObservationDefinition.qualifiedInterval
* value[x] only CodeableConcept
* value[x] 1..1

Extension: EventTime
Id: event-time
Title: "Event time 事件时间"
Description: "When the state was entered, as the source says; Task.lastModified may be later when a source corrects a Task without a step."
Context: Task
* value[x] only dateTime
* value[x] 1..1

Extension: AppointmentReason
Id: appointment-rule
Title: "Rule 预约规则"
Description: "A rule that chose or moved the time of an appointment, in words for the user."
Context: Appointment
* value[x] only string
* value[x] 1..1

Extension: ReportAnswers
Id: report-answers
Title: "Answers 结构化填写"
Description: "The QuestionnaireResponse that a report was extracted from. R4 DiagnosticReport has no element for it."
Context: DiagnosticReport, Observation
* value[x] only Reference(QuestionnaireResponse)
* value[x] 1..1

Extension: DimsePeer
Id: dimse-peer
Title: "DIMSE peer DICOM对端"
Description: "Addresses from which a Device may open DICOM associations, and where it receives C-MOVE."
Context: Device
* extension 0..*

Instance: patient-bad
InstanceOf: Patient
Usage: #example
Title: "Bad: a source patient without any identifier"
Description: "Must fail: identifier: minimum required = 1"
* meta.profile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/SourcePatient"
* active = true
* name[0].use = #official
* name[0].text = "张伟明"
* name[0].family = "张"
* name[0].given[0] = "伟明"
* gender = #male
* birthDate = "1958-03-12"

Instance: order-bad
InstanceOf: ServiceRequest
Usage: #example
Title: "Bad: a kind of exam that does not exist"
Description: "Must fail: exam-order-kind"
* meta.profile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/ExamOrder"
* identifier[0].type = $v2-0203#PLAC
* identifier[0].system = "https://trefoil-hub.org/fhir/sid/placer-order"
* identifier[0].value = "O20260301-0007"
* status = #active
* intent = #order
* code.coding[0].system = "https://trefoil-hub.org/fhir/CodeSystem/exam-item"
* code.coding[0].code = #CT-CHEST
* code.text = "胸部CT平扫"
* orderDetail[0] = ExamTypeCodes#plain
* priority = #routine
* subject = Reference(patient-good)
* authoredOn = "2026-03-01T08:02:11+08:00"
* requester.display = "消化内科 李医生"
* category[0].coding[0].system = "https://trefoil-hub.org/fhir/CodeSystem/exam-kind"
* category[0].coding[0].code = #XRAY

Instance: process-bad
InstanceOf: Task
Usage: #example
Title: "Bad: a verified exam whose Task is completed before the release"
Description: "Must fail: exam-process-status"
* meta.profile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/ExamProcess"
* intent = #order
* businessStatus = ExamStatusCodes#verified
* code = TaskKindCodes#exam-process
* basedOn[0] = Reference(order-good)
* focus = Reference(order-good)
* for = Reference(patient-good)
* groupIdentifier.system = "https://trefoil-hub.org/fhir/sid/accession"
* groupIdentifier.value = "CT2026030107"
* authoredOn = "2026-03-01T08:02:11+08:00"
* lastModified = "2026-03-01T10:40:00+08:00"
* status = #completed

Instance: critical-flag-bad
InstanceOf: Observation
Usage: #example
Title: "Bad: a critical finding flagged as normal"
Description: "Must fail: critical-interpretation"
* meta.profile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/CriticalFlag"
* status = #final
* code = CriticalFindingCodes#CR-02
* subject = Reference(patient-good)
* effectiveDateTime = "2026-03-01T09:31:00+08:00"
* valueString = "升主动脉内膜片，DeBakey I型"
* interpretation = $interpretation#N

Instance: critical-bad
InstanceOf: Task
Usage: #example
Title: "Bad: a critical value without a deadline"
Description: "Must fail: restriction: minimum required = 1"
* meta.profile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/CriticalValue"
* status = #requested
* intent = #order
* priority = #stat
* businessStatus = CriticalStatusCodes#notified
* code = TaskKindCodes#critical-value
* focus = Reference(report-good)
* reasonReference = Reference(critical-flag-good)
* for = Reference(patient-good)
* owner.display = "消化内科病区"
* authoredOn = "2026-03-01T09:31:00+08:00"

Instance: revision-bad
InstanceOf: Task
Usage: #example
Title: "Bad: a recall without a reason"
Description: "Must fail: report-revision-reason"
* meta.profile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/ReportRevision"
* status = #in-progress
* intent = #order
* code = TaskKindCodes#report-revision
* partOf[0] = Reference(process-good)
* focus = Reference(report-good)
* for = Reference(patient-good)
* authoredOn = "2026-03-02T09:00:00+08:00"

Instance: access-request-bad
InstanceOf: Task
Usage: #example
Title: "Bad: a request without a reason"
Description: "Must fail: reasonCode: minimum required = 1"
* meta.profile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/AccessRequest"
* status = #requested
* intent = #order
* code = TaskTypeCodes#access-request
* requester.identifier.system = "https://trefoil-hub.org/fhir/sid/user"
* requester.identifier.value = "ward-doctor2"
* owner.display = "病案室访问审批"
* authoredOn = "2026-03-02T08:00:00+08:00"
* input[0].type = AccessInputCodes#purpose
* input[0].valueCode = #TREAT
* input[1].type = AccessInputCodes#hours
* input[1].valueInteger = 24

Instance: imaging-review-bad
InstanceOf: Task
Usage: #example
Title: "Bad: a guessed patient"
Description: "Must fail: for: max allowed = 0"
* meta.profile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/ImagingReview"
* identifier[0].system = "https://trefoil-hub.org/fhir/sid/imaging-review"
* identifier[0].value = "patient-id-missing-2.25.1"
* status = #requested
* intent = #order
* code = TaskKindCodes#imaging-review
* reasonCode = ImagingReviewReasonCodes#patient-id-missing
* focus.type = "ImagingStudy"
* focus.identifier.system = "urn:dicom:uid"
* focus.identifier.value = "urn:oid:2.25.1"
* authoredOn = "2026-03-02T08:00:00+08:00"
* for.display = "某病人"

Instance: appointment-bad
InstanceOf: Appointment
Usage: #example
Title: "Bad: an appointment without a patient"
Description: "Must fail: exam-appointment-patient"
* meta.profile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/ExamAppointment"
* status = #booked
* basedOn[0] = Reference(order-good)
* start = "2026-03-01T09:10:00+08:00"
* end = "2026-03-01T09:30:00+08:00"
* participant[1].actor.display = "CT 2 室"
* participant[1].status = #accepted
* participant[0].actor.display = "CT 1 室"
* participant[0].status = #accepted

Instance: study-bad
InstanceOf: ImagingStudy
Usage: #example
Title: "Bad: a study without its UID"
Description: "Must fail: hub-imaging-study-uid"
* meta.profile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/HubImagingStudy"
* status = #available
* subject = Reference(patient-good)
* started = "2026-03-01T09:12:00+08:00"
* modality[0] = $dcm#CT
* numberOfSeries = 1
* numberOfInstances = 60
* series[0].uid = "2.25.276840"
* series[0].modality = $dcm#CT
* series[0].numberOfInstances = 60
* identifier[0].system = "https://trefoil-hub.org/fhir/sid/accession"
* identifier[0].value = "CT2026030107"

Instance: findings-bad
InstanceOf: Observation
Usage: #example
Title: "Bad: findings that are no text"
Description: "Must fail: value"
* meta.profile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/Findings"
* status = #final
* code = $loinc#18782-3
* subject = Reference(patient-good)
* effectiveDateTime = "2026-03-01T09:12:00+08:00"
* valueCodeableConcept.text = "结节"

Instance: measurement-bad
InstanceOf: Observation
Usage: #example
Title: "Bad: a value without a unit of UCUM"
Description: "Must fail: system: minimum required = 1"
* meta.profile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/Measurement"
* status = #final
* category[0] = $observation-category#imaging
* code.coding[0].system = "https://trefoil-hub.org/fhir/CodeSystem/measurement"
* code.coding[0].code = #NODULE-LONG
* code.text = "结节长径"
* subject = Reference(patient-good)
* effectiveDateTime = "2026-03-01T09:12:00+08:00"
* valueQuantity.value = 6
* valueQuantity.unit = "mm"

Instance: positivity-bad
InstanceOf: Observation
Usage: #example
Title: "Bad: neither positive nor negative"
Description: "Must fail: MAYBE"
* meta.profile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/Positivity"
* status = #final
* code.text = "阳性判定"
* subject = Reference(patient-good)
* valueCodeableConcept.coding[0].system = "https://trefoil-hub.org/fhir/CodeSystem/report-positivity"
* valueCodeableConcept.coding[0].code = #MAYBE

Instance: report-bad
InstanceOf: DiagnosticReport
Usage: #example
Title: "Bad: a draft that claims to be released"
Description: "Must fail: exam-report-issued"
* meta.profile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/ExamReport"
* basedOn[0] = Reference(order-good)
* category[0] = ExamKindCodes#RAD
* code.coding[0].system = "https://trefoil-hub.org/fhir/CodeSystem/exam-item"
* code.coding[0].code = #CT-CHEST
* code.text = "胸部CT平扫"
* subject = Reference(patient-good)
* effectiveDateTime = "2026-03-01T09:12:00+08:00"
* issued = "2026-03-01T10:45:00+08:00"
* result[0] = Reference(findings-good)
* result[1] = Reference(measurement-good)
* imagingStudy[0] = Reference(study-good)
* conclusion = "右肺上叶磨玻璃结节（约6mm），建议6个月后复查低剂量CT。"
* status = #partial

Instance: policy-bad
InstanceOf: Consent
Usage: #example
Title: "Bad: a type in the root provision"
Description: "Must fail: type: max allowed = 0"
* meta.profile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/AccessPolicy"
* status = #active
* scope = ConsentScopeCodes#access-policy
* category[0] = $loinc#57016-8
* policyRule = PolicyRuleCodes#hub-11d
* provision.provision[0].type = #permit
* provision.provision[0].actor[0].role = PolicyActorRoleCodes#system
* provision.provision[0].actor[0].reference.identifier.system = "https://trefoil-hub.org/fhir/sid/client"
* provision.provision[0].actor[0].reference.identifier.value = "cdss"
* provision.provision[0].action[0] = ReportActionCodes#view
* provision.provision[0].purpose[0] = $act-reason#TREAT
* provision.provision[0].class[0] = $types#DiagnosticReport
* provision.type = #permit

Instance: template-bad
InstanceOf: Questionnaire
Usage: #example
Title: "Bad: a template that says not what it is for"
Description: "Must fail: useContext: minimum required = 1"
* meta.profile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/ReportTemplate"
* url = "https://trefoil-hub.org/fhir/Questionnaire/example-lung-nodule"
* version = "1"
* name = "ExampleLungNodule"
* title = "肺结节CT报告"
* status = #active
* subjectType[0] = #Patient
* item[0].linkId = "long"
* item[0].text = "长径"
* item[0].type = #quantity

Instance: range-bad
InstanceOf: ObservationDefinition
Usage: #example
Title: "Bad: an interval without ends"
Description: "Must fail: reference-range-bound"
* meta.profile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/ReferenceRange"
* code = $loinc#10230-1
* permittedDataType[0] = #Quantity
* quantitativeDetails.unit = $ucum#%
* qualifiedInterval[0].category = #reference
* qualifiedInterval[0].range.extension[0].url = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
* qualifiedInterval[0].range.extension[0].valueCode = #unknown

Instance: item-bad
InstanceOf: ActivityDefinition
Usage: #example
Title: "Bad: an exam item that is no order"
Description: "Must fail: kind"
* meta.profile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/ExamItem"
* url = "https://trefoil-hub.org/fhir/ActivityDefinition/example-ct-chest"
* name = "ExampleCtChest"
* status = #active
* title = "胸部CT平扫"
* code.coding[0].system = "https://trefoil-hub.org/fhir/CodeSystem/exam-item"
* code.coding[0].code = #CT-CHEST
* topic[0] = ExamKindCodes#RAD
* kind = #Appointment

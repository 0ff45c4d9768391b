Instance: patient-good
InstanceOf: SourcePatient
Usage: #example
Title: "张伟明"
Description: "A patient as the hospital information system knows him."
* identifier[0].system = "https://trefoil-hub.org/fhir/sid/patient-id"
* identifier[0].value = "P0001"
* active = true
* name[0].use = #official
* name[0].text = "张伟明"
* name[0].family = "张"
* name[0].given[0] = "伟明"
* gender = #male
* birthDate = "1958-03-12"

Instance: order-good
InstanceOf: ExamOrder
Usage: #example
Title: "胸部CT平扫申请"
Description: "An in-patient order for a plain CT of the chest."
* identifier[0].type = $v2-0203#PLAC
* identifier[0].system = "https://trefoil-hub.org/fhir/sid/placer-order"
* identifier[0].value = "O20260301-0007"
* status = #active
* intent = #order
* category[0] = ExamKindCodes#RAD
* code.coding[0].system = "https://trefoil-hub.org/fhir/CodeSystem/exam-item"
* code.coding[0].code = #CT-CHEST
* code.text = "胸部CT平扫"
* orderDetail[0] = ExamTypeCodes#plain
* priority = #routine
* subject = Reference(patient-good)
* authoredOn = "2026-03-01T08:02:11+08:00"
* requester.display = "消化内科 李医生"

Instance: process-good
InstanceOf: ExamProcess
Usage: #example
Title: "检查流程（已审核）"
Description: "The exam is verified and waits for its release."
* status = #in-progress
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

Instance: critical-flag-good
InstanceOf: CriticalFlag
Usage: #example
Title: "危急发现：主动脉夹层"
Description: "An aortic dissection, recognised at the scanner."
* status = #final
* code = CriticalFindingCodes#CR-02
* subject = Reference(patient-good)
* effectiveDateTime = "2026-03-01T09:31:00+08:00"
* valueString = "升主动脉内膜片，DeBakey I型"
* interpretation = $interpretation#AA

Instance: critical-good
InstanceOf: CriticalValueTask
Usage: #example
Title: "危急值（已通报）"
Description: "The ward has been notified and has five minutes to receive it."
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
* restriction.period.end = "2026-03-01T09:46:00+08:00"

Instance: revision-good
InstanceOf: ReportRevisionTask
Usage: #example
Title: "报告修订"
Description: "A recalled report is being corrected."
* status = #in-progress
* intent = #order
* code = TaskKindCodes#report-revision
* partOf[0] = Reference(process-good)
* focus = Reference(report-good)
* for = Reference(patient-good)
* authoredOn = "2026-03-02T09:00:00+08:00"
* reasonCode.text = "左右侧描述错误"

Instance: access-request-good
InstanceOf: AccessRequestTask
Usage: #example
Title: "出院病人访问申请"
Description: "A doctor asks to see a discharged patient for comparison."
* status = #requested
* intent = #order
* code = TaskTypeCodes#access-request
* requester.identifier.system = "https://trefoil-hub.org/fhir/sid/user"
* requester.identifier.value = "ward-doctor2"
* owner.display = "病案室访问审批"
* authoredOn = "2026-03-02T08:00:00+08:00"
* reasonCode.text = "复诊对比"
* input[0].type = AccessInputCodes#purpose
* input[0].valueCode = #TREAT
* input[1].type = AccessInputCodes#hours
* input[1].valueInteger = 24

Instance: imaging-review-good
InstanceOf: ImagingReviewTask
Usage: #example
Title: "缺少病人编号的检查"
Description: "A study came without a patient id."
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

Instance: appointment-good
InstanceOf: ExamAppointment
Usage: #example
Title: "胸部CT预约"
Description: "The booked time of a CT."
* status = #booked
* basedOn[0] = Reference(order-good)
* start = "2026-03-01T09:10:00+08:00"
* end = "2026-03-01T09:30:00+08:00"
* participant[0].actor = Reference(patient-good)
* participant[0].status = #accepted
* participant[1].actor.display = "CT 2 室"
* participant[1].status = #accepted

Instance: study-good
InstanceOf: HubImagingStudy
Usage: #example
Title: "胸部CT影像"
Description: "One series of sixty images."
* extension[availability].valueCode = #ONLINE
* identifier[0].system = "urn:dicom:uid"
* identifier[0].value = "urn:oid:2.25.276839"
* status = #available
* subject = Reference(patient-good)
* started = "2026-03-01T09:12:00+08:00"
* modality[0] = $dcm#CT
* numberOfSeries = 1
* numberOfInstances = 60
* series[0].uid = "2.25.276840"
* series[0].modality = $dcm#CT
* series[0].numberOfInstances = 60

Instance: findings-good
InstanceOf: Findings
Usage: #example
Title: "检查所见"
Description: "What the radiologist saw."
* status = #final
* code = $loinc#18782-3
* subject = Reference(patient-good)
* effectiveDateTime = "2026-03-01T09:12:00+08:00"
* valueString = "右肺上叶见一磨玻璃结节，直径约6mm，边界清楚。"

Instance: measurement-good
InstanceOf: Measurement
Usage: #example
Title: "结节长径"
Description: "The long diameter of a nodule, with the range applied."
* status = #final
* category[0] = $observation-category#imaging
* code.coding[0].system = "https://trefoil-hub.org/fhir/CodeSystem/measurement"
* code.coding[0].code = #NODULE-LONG
* code.text = "结节长径"
* subject = Reference(patient-good)
* effectiveDateTime = "2026-03-01T09:12:00+08:00"
* valueQuantity.value = 6
* valueQuantity.unit = "mm"
* valueQuantity.system = "http://unitsofmeasure.org"
* valueQuantity.code = #mm

Instance: positivity-good
InstanceOf: Positivity
Usage: #example
Title: "阳性"
Description: "The exam found something."
* status = #final
* code.text = "阳性判定"
* subject = Reference(patient-good)
* valueCodeableConcept = ReportPositivityCodes#POS

Instance: report-good
InstanceOf: ExamReport
Usage: #example
Title: "胸部CT报告"
Description: "A released report."
* status = #final
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

Instance: policy-good
InstanceOf: AccessPolicy
Usage: #example
Title: "决策支持只读策略"
Description: "Decision support may view the chest CT reports of in-patients on weekdays."
* status = #active
* scope = ConsentScopeCodes#access-policy
* category[0] = $loinc#57016-8
* policyRule = PolicyRuleCodes#hub-11d
* provision.provision[0].extension[interface][0].valueCode = #fhir-rest
* provision.provision[0].extension[patientType][0].valueCodeableConcept = $act#IMP
* provision.provision[0].extension[priority].valueInteger = 200
* provision.provision[0].extension[mask].valueCode = #name
* provision.provision[0].type = #permit
* provision.provision[0].actor[0].role = PolicyActorRoleCodes#system
* provision.provision[0].actor[0].reference.identifier.system = "https://trefoil-hub.org/fhir/sid/client"
* provision.provision[0].actor[0].reference.identifier.value = "cdss"
* provision.provision[0].action[0] = ReportActionCodes#view
* provision.provision[0].purpose[0] = $act-reason#TREAT
* provision.provision[0].class[0] = $types#DiagnosticReport

Instance: template-good
InstanceOf: ReportTemplate
Usage: #example
Title: "肺结节CT报告模板"
Description: "A short template for a lung nodule."
* url = "https://trefoil-hub.org/fhir/Questionnaire/example-lung-nodule"
* version = "1"
* name = "ExampleLungNodule"
* title = "肺结节CT报告"
* status = #active
* subjectType[0] = #Patient
* useContext[0].code = TemplateContextCodes#exam-item
* useContext[0].valueCodeableConcept.text = "胸部CT平扫"
* item[0].linkId = "long"
* item[0].text = "长径"
* item[0].type = #quantity

Instance: range-good
InstanceOf: ReferenceRange
Usage: #example
Title: "左室射血分数参考区间"
Description: "The range of the left ventricular ejection fraction."
* code = $loinc#10230-1
* permittedDataType[0] = #Quantity
* quantitativeDetails.unit = $ucum#%
* qualifiedInterval[0].category = #reference
* qualifiedInterval[0].range.low.value = 50
* qualifiedInterval[0].range.high.value = 70

Instance: item-good
InstanceOf: ExamItemDefinition
Usage: #example
Title: "胸部CT平扫"
Description: "A row of the dictionary."
* url = "https://trefoil-hub.org/fhir/ActivityDefinition/example-ct-chest"
* name = "ExampleCtChest"
* status = #active
* title = "胸部CT平扫"
* kind = #ServiceRequest
* code.coding[0].system = "https://trefoil-hub.org/fhir/CodeSystem/exam-item"
* code.coding[0].code = #CT-CHEST
* topic[0] = ExamKindCodes#RAD

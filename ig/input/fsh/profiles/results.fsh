Profile: HubImagingStudy
Parent: ImagingStudy
Id: HubImagingStudy
Title: "Imaging study 影像检查"
Description: "What the archive holds of a study. The archive is the truth: this resource can be made again from its feed. Studies of many instances keep their number and leave the list to DICOMweb."
* identifier 1..*
* obeys hub-imaging-study-uid
* subject 1..1
* modality MS
* series.modality MS
* endpoint MS
* extension contains ImageAvailabilityExtension named availability 0..1

Invariant: hub-imaging-study-uid
Description: "A study has exactly one Study Instance UID, as urn:dicom:uid and urn:oid."
Expression: "identifier.where(system = 'urn:dicom:uid').count() = 1 and identifier.where(system = 'urn:dicom:uid').value.startsWith('urn:oid:')"
Severity: #error

Profile: ExamReport
Parent: DiagnosticReport
Id: ExamReport
Title: "Exam report 检查报告"
Description: "The report of an exam. Findings are an Observation in result: R4 has no element for them. issued is the time of release, not of signing: a verified report is final without it. Corrections are versions of the same report (amended, corrected, appended); a report of a wrong patient is entered-in-error and replaced."
* identifier MS
* basedOn MS
* category 1..*
* category obeys exam-order-kind
* code 1..1
* subject 1..1
* effective[x] MS
* performer MS
* resultsInterpreter MS
* result MS
* conclusion MS
* extension contains ReportAnswers named answers 0..1
* obeys exam-report-issued and exam-report-conclusion

Invariant: exam-report-issued
Description: "A report that is registered, partial or preliminary has not been released."
Expression: "issued.exists() implies (status = 'final' or status = 'amended' or status = 'corrected' or status = 'appended' or status = 'entered-in-error' or status = 'cancelled')"
Severity: #error

Invariant: exam-report-conclusion
Description: "A final report says something: results, a conclusion or a document."
Expression: "status = 'final' implies (conclusion.exists() or result.exists() or presentedForm.exists() or conclusionCode.exists())"
Severity: #error

Profile: Findings
Parent: Observation
Id: Findings
Title: "Findings 检查所见"
Description: "What was seen, in words; it belongs to DiagnosticReport.result."
* code from FindingsCode (required)
* subject 1..1
* subject only Reference(Patient)
* value[x] only string
* value[x] 1..1

ValueSet: FindingsCode
Id: findings-code
Title: "Codes of findings"
Description: "Radiology study observation, procedure findings, pathology gross and microscopic observation."
* ^experimental = false
* http://loinc.org#18782-3
* http://loinc.org#59776-5
* http://loinc.org#22634-0
* http://loinc.org#22635-7

Profile: Measurement
Parent: Observation
Id: Measurement
Title: "Measurement 测量值"
Description: "A value with a unit of UCUM. The range that was applied stays with the value, so that an old report keeps its own range."
* category 1..*
* code 1..1
* subject 1..1
* subject only Reference(Patient)
* effective[x] 1..1
* value[x] only Quantity
* value[x] 1..1
* valueQuantity.value 1..1
* valueQuantity.system 1..1
* valueQuantity.system = $ucum
* valueQuantity.code 1..1

Profile: CriticalFlag
Parent: Observation
Id: CriticalFlag
Title: "Critical finding 危急发现"
Description: "The finding that a critical value Task is about, with the moment when it was recognised."
* code obeys critical-flag-code
* subject 1..1
* subject only Reference(Patient)
* effective[x] 1..1
* interpretation 1..1
* interpretation from CriticalInterpretationSet (required)

Invariant: critical-flag-code
Description: "A critical finding has a code of critical-finding."
Expression: "coding.where(system = 'https://trefoil-hub.org/fhir/CodeSystem/critical-finding' and code.memberOf('https://trefoil-hub.org/fhir/ValueSet/critical-finding')).exists()"
Severity: #error

Profile: Positivity
Parent: Observation
Id: Positivity
Title: "Positivity 阳性判定"
Description: "Whether an exam found something. Quality indicators need it."
* code obeys positivity-code
* subject 1..1
* value[x] only CodeableConcept
* value[x] 1..1
* valueCodeableConcept from ReportPositivitySet (required)

Invariant: positivity-code
Description: "The code says that this is the positivity of a report."
Expression: "coding.exists() or text.exists()"
Severity: #error

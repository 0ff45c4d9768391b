Profile: ReportTemplate
Parent: Questionnaire
Id: ReportTemplate
Title: "Report template 报告模板"
Description: "A structured report template. useContext says for which kind, item, part or diagnosis it is recommended; items carry the codes under which their answers become Observations."
* url 1..1
* version 1..1
* title 1..1
* subjectType MS
* useContext 1..*
* useContext.code from TemplateContextSet (extensible)
* item 1..*

Profile: ReferenceRange
Parent: ObservationDefinition
Id: ReferenceRange
Title: "Reference range 参考区间"
Description: "The intervals of one measurement by sex, age and condition. Age counts at the time of the exam."
* code 1..1
* permittedDataType MS
* quantitativeDetails MS
* qualifiedInterval 1..*
* qualifiedInterval.category 1..1
* qualifiedInterval.range 1..1
* qualifiedInterval.extension contains IntervalCondition named condition 0..*
* qualifiedInterval obeys reference-range-bound

Invariant: reference-range-bound
Description: "An interval has a low or a high end."
Expression: "range.low.exists() or range.high.exists()"
Severity: #error

Profile: ExamItemDefinition
Parent: ActivityDefinition
Id: ExamItem
Title: "Exam item 检查项目"
Description: "One row of the exam dictionary: what can be ordered, on which part, of which kind."
* url 1..1
* kind 1..1
* kind = #ServiceRequest
* code 1..1
* topic 1..*

Profile: ExamOrder
Parent: ServiceRequest
Id: ExamOrder
Title: "Exam order 检查申请"
Description: "One exam item on one part of the body, ordered by a doctor. One form of the hospital information system holds several (requisition); several may share an accession number. Booked times live in Appointment, not here."
* identifier 1..*
* identifier.system 1..1
* identifier.value 1..1
* status MS
* intent MS
* intent from OrderIntent (required)
* category 1..*
* category obeys exam-order-kind
* code 1..1
* bodySite MS
* priority MS
* subject only Reference(Patient)
* encounter MS
* requester MS
* authoredOn 1..1

Invariant: exam-order-kind
Description: "A code of the hub's exam-kind is one of its concepts."
Expression: "coding.where(system = 'https://trefoil-hub.org/fhir/CodeSystem/exam-kind').all(code.memberOf('https://trefoil-hub.org/fhir/ValueSet/exam-kind'))"
Severity: #error

ValueSet: OrderIntent
Id: order-intent
Title: "Intent of exam orders"
Description: "Orders of the hospital are orders; only decision support proposes."
* ^experimental = false
* http://hl7.org/fhir/request-intent#order
* http://hl7.org/fhir/request-intent#proposal

Profile: ExamAppointment
Parent: Appointment
Id: ExamAppointment
Title: "Exam appointment 检查预约"
Description: "The booked time of an exam: the patient, the room or device, and the order it fulfils."
* basedOn 1..*
* basedOn only Reference(ServiceRequest)
* start 1..1
* end 1..1
* participant obeys exam-appointment-actor
* obeys exam-appointment-patient
* extension contains AppointmentReason named rule 0..*

Invariant: exam-appointment-actor
Description: "A participant is somebody or something."
Expression: "actor.exists()"
Severity: #error

Invariant: exam-appointment-patient
Description: "A patient takes part in an exam appointment."
Expression: "participant.actor.where(reference.contains('Patient/') or type = 'Patient' or reference.startsWith('Patient?')).exists()"
Severity: #error

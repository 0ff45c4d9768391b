Profile: SourcePatient
Parent: Patient
Id: SourcePatient
Title: "Source patient 来源病人"
Description: "A patient as one source system knows them. Clinical resources point to it and never to the golden record; searches over all identities of a person go through the patient index."
* identifier 1..*
* identifier.system 1..1
* identifier.value 1..1
* name MS
* gender MS
* birthDate MS
* obeys source-patient-birth

Invariant: source-patient-birth
Description: "A birth date is not in the future."
Expression: "birthDate.exists() implies birthDate <= today()"
Severity: #error

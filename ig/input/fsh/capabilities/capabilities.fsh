Instance: order-source
InstanceOf: CapabilityStatement
Usage: #definition
Title: "Order source 申请来源系统"
Description: "The hospital information system: places orders, reads status and reports."
* url = "https://trefoil-hub.org/fhir/CapabilityStatement/order-source"
* version = "0.1.0"
* name = "OrderSource"
* title = "Order source 申请来源系统"
* status = #active
* date = "2026-12-01"
* kind = #requirements
* description = "The hospital information system: places orders, reads status and reports."
* fhirVersion = #4.0.1
* format[0] = #json
* format[1] = #xml
* rest[0].mode = #client
* rest[0].security.cors = true
* rest[0].security.description = "SMART App Launch 2: every request carries a bearer token. What a policy hides answers as if it did not exist."
* rest[0].resource[0].type = #Patient
* rest[0].resource[0].supportedProfile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/SourcePatient"
* rest[0].resource[0].interaction[0].code = #read
* rest[0].resource[0].interaction[1].code = #vread
* rest[0].resource[0].interaction[2].code = #search-type
* rest[0].resource[0].interaction[3].code = #create
* rest[0].resource[0].interaction[4].code = #update
* rest[0].resource[0].interaction[5].code = #patch
* rest[0].resource[1].type = #Encounter
* rest[0].resource[1].interaction[0].code = #read
* rest[0].resource[1].interaction[1].code = #vread
* rest[0].resource[1].interaction[2].code = #search-type
* rest[0].resource[1].interaction[3].code = #create
* rest[0].resource[1].interaction[4].code = #update
* rest[0].resource[1].interaction[5].code = #patch
* rest[0].resource[2].type = #ServiceRequest
* rest[0].resource[2].supportedProfile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/ExamOrder"
* rest[0].resource[2].interaction[0].code = #read
* rest[0].resource[2].interaction[1].code = #vread
* rest[0].resource[2].interaction[2].code = #search-type
* rest[0].resource[2].interaction[3].code = #create
* rest[0].resource[2].interaction[4].code = #update
* rest[0].resource[2].interaction[5].code = #patch
* rest[0].resource[3].type = #Task
* rest[0].resource[3].supportedProfile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/ExamProcess"
* rest[0].resource[3].supportedProfile[1] = "https://trefoil-hub.org/fhir/StructureDefinition/CriticalValue"
* rest[0].resource[3].interaction[0].code = #read
* rest[0].resource[3].interaction[1].code = #vread
* rest[0].resource[3].interaction[2].code = #search-type
* rest[0].resource[4].type = #Appointment
* rest[0].resource[4].supportedProfile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/ExamAppointment"
* rest[0].resource[4].interaction[0].code = #read
* rest[0].resource[4].interaction[1].code = #vread
* rest[0].resource[4].interaction[2].code = #search-type
* rest[0].resource[5].type = #DiagnosticReport
* rest[0].resource[5].supportedProfile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/ExamReport"
* rest[0].resource[5].interaction[0].code = #read
* rest[0].resource[5].interaction[1].code = #vread
* rest[0].resource[5].interaction[2].code = #search-type
* rest[0].resource[6].type = #Subscription
* rest[0].resource[6].interaction[0].code = #read
* rest[0].resource[6].interaction[1].code = #vread
* rest[0].resource[6].interaction[2].code = #search-type
* rest[0].resource[6].interaction[3].code = #create
* rest[0].resource[6].interaction[4].code = #update
* rest[0].resource[6].interaction[5].code = #patch

Instance: report-source
InstanceOf: CapabilityStatement
Usage: #definition
Title: "Report source 报告来源系统"
Description: "A department system: takes orders, reports status, measurements and reports."
* url = "https://trefoil-hub.org/fhir/CapabilityStatement/report-source"
* version = "0.1.0"
* name = "ReportSource"
* title = "Report source 报告来源系统"
* status = #active
* date = "2026-12-01"
* kind = #requirements
* description = "A department system: takes orders, reports status, measurements and reports."
* fhirVersion = #4.0.1
* format[0] = #json
* format[1] = #xml
* rest[0].mode = #client
* rest[0].security.cors = true
* rest[0].security.description = "SMART App Launch 2: every request carries a bearer token. What a policy hides answers as if it did not exist."
* rest[0].resource[0].type = #ServiceRequest
* rest[0].resource[0].supportedProfile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/ExamOrder"
* rest[0].resource[0].interaction[0].code = #read
* rest[0].resource[0].interaction[1].code = #vread
* rest[0].resource[0].interaction[2].code = #search-type
* rest[0].resource[1].type = #Task
* rest[0].resource[1].supportedProfile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/ExamProcess"
* rest[0].resource[1].interaction[0].code = #read
* rest[0].resource[1].interaction[1].code = #vread
* rest[0].resource[1].interaction[2].code = #search-type
* rest[0].resource[1].interaction[3].code = #create
* rest[0].resource[1].interaction[4].code = #update
* rest[0].resource[1].interaction[5].code = #patch
* rest[0].resource[2].type = #DiagnosticReport
* rest[0].resource[2].supportedProfile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/ExamReport"
* rest[0].resource[2].interaction[0].code = #read
* rest[0].resource[2].interaction[1].code = #vread
* rest[0].resource[2].interaction[2].code = #search-type
* rest[0].resource[2].interaction[3].code = #create
* rest[0].resource[2].interaction[4].code = #update
* rest[0].resource[2].interaction[5].code = #patch
* rest[0].resource[3].type = #Observation
* rest[0].resource[3].supportedProfile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/Findings"
* rest[0].resource[3].supportedProfile[1] = "https://trefoil-hub.org/fhir/StructureDefinition/Measurement"
* rest[0].resource[3].supportedProfile[2] = "https://trefoil-hub.org/fhir/StructureDefinition/Positivity"
* rest[0].resource[3].supportedProfile[3] = "https://trefoil-hub.org/fhir/StructureDefinition/CriticalFlag"
* rest[0].resource[3].interaction[0].code = #read
* rest[0].resource[3].interaction[1].code = #vread
* rest[0].resource[3].interaction[2].code = #search-type
* rest[0].resource[3].interaction[3].code = #create
* rest[0].resource[3].interaction[4].code = #update
* rest[0].resource[3].interaction[5].code = #patch
* rest[0].resource[4].type = #ImagingStudy
* rest[0].resource[4].supportedProfile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/HubImagingStudy"
* rest[0].resource[4].interaction[0].code = #read
* rest[0].resource[4].interaction[1].code = #vread
* rest[0].resource[4].interaction[2].code = #search-type
* rest[0].resource[5].type = #Questionnaire
* rest[0].resource[5].supportedProfile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/ReportTemplate"
* rest[0].resource[5].interaction[0].code = #read
* rest[0].resource[5].interaction[1].code = #vread
* rest[0].resource[5].interaction[2].code = #search-type
* rest[0].resource[6].type = #ObservationDefinition
* rest[0].resource[6].supportedProfile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/ReferenceRange"
* rest[0].resource[6].interaction[0].code = #read
* rest[0].resource[6].interaction[1].code = #vread
* rest[0].resource[6].interaction[2].code = #search-type

Instance: image-consumer
InstanceOf: CapabilityStatement
Usage: #definition
Title: "Image consumer 影像使用方"
Description: "Finds studies here and retrieves their images by DICOMweb."
* url = "https://trefoil-hub.org/fhir/CapabilityStatement/image-consumer"
* version = "0.1.0"
* name = "ImageConsumer"
* title = "Image consumer 影像使用方"
* status = #active
* date = "2026-12-01"
* kind = #requirements
* description = "Finds studies here and retrieves their images by DICOMweb."
* fhirVersion = #4.0.1
* format[0] = #json
* format[1] = #xml
* rest[0].mode = #client
* rest[0].security.cors = true
* rest[0].security.description = "SMART App Launch 2: every request carries a bearer token. What a policy hides answers as if it did not exist."
* rest[0].resource[0].type = #Patient
* rest[0].resource[0].supportedProfile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/SourcePatient"
* rest[0].resource[0].interaction[0].code = #read
* rest[0].resource[0].interaction[1].code = #vread
* rest[0].resource[0].interaction[2].code = #search-type
* rest[0].resource[1].type = #ImagingStudy
* rest[0].resource[1].supportedProfile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/HubImagingStudy"
* rest[0].resource[1].interaction[0].code = #read
* rest[0].resource[1].interaction[1].code = #vread
* rest[0].resource[1].interaction[2].code = #search-type
* rest[0].resource[2].type = #Endpoint
* rest[0].resource[2].interaction[0].code = #read
* rest[0].resource[2].interaction[1].code = #vread
* rest[0].resource[2].interaction[2].code = #search-type
* rest[0].resource[3].type = #DiagnosticReport
* rest[0].resource[3].supportedProfile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/ExamReport"
* rest[0].resource[3].interaction[0].code = #read
* rest[0].resource[3].interaction[1].code = #vread
* rest[0].resource[3].interaction[2].code = #search-type

Instance: critical-value-receiver
InstanceOf: CapabilityStatement
Usage: #definition
Title: "Critical value receiver 危急值接收方"
Description: "Receives critical values and takes them through the loop."
* url = "https://trefoil-hub.org/fhir/CapabilityStatement/critical-value-receiver"
* version = "0.1.0"
* name = "CriticalValueReceiver"
* title = "Critical value receiver 危急值接收方"
* status = #active
* date = "2026-12-01"
* kind = #requirements
* description = "Receives critical values and takes them through the loop."
* fhirVersion = #4.0.1
* format[0] = #json
* format[1] = #xml
* rest[0].mode = #client
* rest[0].security.cors = true
* rest[0].security.description = "SMART App Launch 2: every request carries a bearer token. What a policy hides answers as if it did not exist."
* rest[0].resource[0].type = #Task
* rest[0].resource[0].supportedProfile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/CriticalValue"
* rest[0].resource[0].interaction[0].code = #read
* rest[0].resource[0].interaction[1].code = #vread
* rest[0].resource[0].interaction[2].code = #search-type
* rest[0].resource[0].operation[0].name = "advance"
* rest[0].resource[0].operation[0].definition = "https://trefoil-hub.org/fhir/OperationDefinition/advance"
* rest[0].resource[1].type = #Observation
* rest[0].resource[1].supportedProfile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/CriticalFlag"
* rest[0].resource[1].interaction[0].code = #read
* rest[0].resource[1].interaction[1].code = #vread
* rest[0].resource[1].interaction[2].code = #search-type
* rest[0].resource[2].type = #DiagnosticReport
* rest[0].resource[2].supportedProfile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/ExamReport"
* rest[0].resource[2].interaction[0].code = #read
* rest[0].resource[2].interaction[1].code = #vread
* rest[0].resource[2].interaction[2].code = #search-type
* rest[0].resource[3].type = #Communication
* rest[0].resource[3].interaction[0].code = #read
* rest[0].resource[3].interaction[1].code = #vread
* rest[0].resource[3].interaction[2].code = #search-type
* rest[0].resource[3].interaction[3].code = #create
* rest[0].resource[3].interaction[4].code = #update
* rest[0].resource[3].interaction[5].code = #patch
* rest[0].resource[4].type = #Subscription
* rest[0].resource[4].interaction[0].code = #read
* rest[0].resource[4].interaction[1].code = #vread
* rest[0].resource[4].interaction[2].code = #search-type
* rest[0].resource[4].interaction[3].code = #create
* rest[0].resource[4].interaction[4].code = #update
* rest[0].resource[4].interaction[5].code = #patch

Instance: policy-steward
InstanceOf: CapabilityStatement
Usage: #definition
Title: "Policy steward 策略管理方"
Description: "Keeps access policies and explains them."
* url = "https://trefoil-hub.org/fhir/CapabilityStatement/policy-steward"
* version = "0.1.0"
* name = "PolicySteward"
* title = "Policy steward 策略管理方"
* status = #active
* date = "2026-12-01"
* kind = #requirements
* description = "Keeps access policies and explains them."
* fhirVersion = #4.0.1
* format[0] = #json
* format[1] = #xml
* rest[0].mode = #client
* rest[0].security.cors = true
* rest[0].security.description = "SMART App Launch 2: every request carries a bearer token. What a policy hides answers as if it did not exist."
* rest[0].resource[0].type = #Consent
* rest[0].resource[0].supportedProfile[0] = "https://trefoil-hub.org/fhir/StructureDefinition/AccessPolicy"
* rest[0].resource[0].interaction[0].code = #read
* rest[0].resource[0].interaction[1].code = #vread
* rest[0].resource[0].interaction[2].code = #search-type
* rest[0].resource[0].interaction[3].code = #create
* rest[0].resource[0].interaction[4].code = #update
* rest[0].resource[0].interaction[5].code = #patch
* rest[0].resource[0].interaction[6].code = #delete
* rest[0].resource[1].type = #Group
* rest[0].resource[1].interaction[0].code = #read
* rest[0].resource[1].interaction[1].code = #vread
* rest[0].resource[1].interaction[2].code = #search-type
* rest[0].resource[1].interaction[3].code = #create
* rest[0].resource[1].interaction[4].code = #update
* rest[0].resource[1].interaction[5].code = #patch
* rest[0].resource[2].type = #AuditEvent
* rest[0].resource[2].interaction[0].code = #read
* rest[0].resource[2].interaction[1].code = #vread
* rest[0].resource[2].interaction[2].code = #search-type
* rest[0].operation[0].name = "explain-access"
* rest[0].operation[0].definition = "https://trefoil-hub.org/fhir/OperationDefinition/explain-access"
* rest[0].operation[1].name = "simulate-access"
* rest[0].operation[1].definition = "https://trefoil-hub.org/fhir/OperationDefinition/simulate-access"

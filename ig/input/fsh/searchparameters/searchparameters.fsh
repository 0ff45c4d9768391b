Instance: observation-definition-code
InstanceOf: SearchParameter
Usage: #definition
Title: "ObservationDefinition code"
Description: "Code of the measurement. R4 has no search parameters for this type."
* url = "https://trefoil-hub.org/fhir/SearchParameter/observation-definition-code"
* version = "0.1.0"
* name = "ObservationDefinitionCode"
* status = #active
* description = "Code of the measurement. R4 has no search parameters for this type."
* code = #code
* base[0] = #ObservationDefinition
* type = #token
* expression = "ObservationDefinition.code"

Instance: observation-definition-category
InstanceOf: SearchParameter
Usage: #definition
Title: "ObservationDefinition category"
Description: "Category of the measurement."
* url = "https://trefoil-hub.org/fhir/SearchParameter/observation-definition-category"
* version = "0.1.0"
* name = "ObservationDefinitionCategory"
* status = #active
* description = "Category of the measurement."
* code = #category
* base[0] = #ObservationDefinition
* type = #token
* expression = "ObservationDefinition.category"

Instance: task-deadline
InstanceOf: SearchParameter
Usage: #definition
Title: "Task deadline"
Description: "Period in which the current step has to be done; its end is the deadline."
* url = "https://trefoil-hub.org/fhir/SearchParameter/task-deadline"
* version = "0.1.0"
* name = "TaskDeadline"
* status = #active
* description = "Period in which the current step has to be done; its end is the deadline."
* code = #deadline
* base[0] = #Task
* type = #date
* expression = "Task.restriction.period"

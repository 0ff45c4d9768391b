Profile: AccessPolicy
Parent: Consent
Id: AccessPolicy
Title: "Access policy 访问策略"
Description: "One named set of rules on eleven dimensions. Inside a nested provision the dimensions are combined by AND, repeats of one dimension by OR; an absent dimension means any. The highest priority that matches decides; inside it deny beats permit; what nothing permits is denied. Not a PCF consent: PCF demands a patient and a root type and forbids actions and classes."
* status MS
* scope = ConsentScopeCodes#access-policy
* patient 0..0
* policy 0..0
* policyRule 1..1
* policyRule = PolicyRuleCodes#hub-11d
* provision 1..1
* provision.type 0..0
* provision.extension contains PolicySource named source 0..* and PolicyInterface named interface 0..* and PolicyPatientType named patientType 0..* and PolicyExamItem named examItem 0..* and PolicyHours named hours 0..*
* provision.provision 1..*
* provision.provision.type 1..1
* provision.provision.provision 0..0
* provision.provision.extension contains PolicySource named source 0..* and PolicyInterface named interface 0..* and PolicyPatientType named patientType 0..* and PolicyExamItem named examItem 0..* and PolicyHours named hours 0..* and PolicyPriority named priority 0..1 and PolicyMask named mask 0..1
* provision.provision.action from PolicyActionSet (required)
* provision.provision.actor.role from PolicyActorRoleSet (required)

ValueSet: PolicyActionSet
Id: policy-action
Title: "Actions of access policies"
Description: "The hub's actions, and those of HL7 that stand for groups of them."
* ^experimental = false
* include codes from system ReportActionCodes
* include codes from system http://terminology.hl7.org/CodeSystem/consentaction

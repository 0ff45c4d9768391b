CodeSystem: AccessGrantCodes
Id: access-grant
Title: "Grant of access"
Description: "Why somebody sees a patient whom they would not see otherwise (Patient.meta.tag of an answer; never stored)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "访问授权"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/access-grant"
* #approved "Approved access"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "经审批的访问"
* #break-glass "Emergency access"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "紧急访问"

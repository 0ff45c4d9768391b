CodeSystem: PolicyRuleCodes
Id: policy-rule
Title: "Policy rule"
Description: "Rules by which access policies are combined."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "策略规则"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/policy-rule"
* #hub-11d "Eleven dimensions"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "十一维访问策略"

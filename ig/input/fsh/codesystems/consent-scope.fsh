CodeSystem: ConsentScopeCodes
Id: consent-scope
Title: "Consent scope"
Description: "Scope that makes a Consent an access policy."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "同意范围"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/consent-scope"
* #access-policy "Access policy"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "访问策略"

CodeSystem: PolicyMaskCodes
Id: policy-mask
Title: "Mask"
Description: "What a permit hides of a patient."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "脱敏"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/policy-mask"
* #none "Nothing"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "不脱敏"
* #name "Name"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "姓名"
* #demographics "Demographics"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "人口学信息"

CodeSystem: QcIssueCodes
Id: qc-issue
Title: "Quality problem"
Description: "Problems of images and reports."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "质控问题"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/qc-issue"
* #positioning "Positioning"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "体位不当"
* #artefact "Artefact"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "伪影"
* #exposure "Exposure"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "曝光不当"
* #missing-view "Missing view"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "缺切面"
* #wrong-marker "Wrong marker"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "标识错误"
* #typo "Typing error"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "错别字"
* #wrong-side "Wrong side"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "左右错误"
* #mismatch "Description and conclusion disagree"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "描述与结论不符"
* #template-residue "Template residue"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "模板残留"
* #missing-measurement "Missing measurement"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "缺测量值"

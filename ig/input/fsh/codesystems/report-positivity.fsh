CodeSystem: ReportPositivityCodes
Id: report-positivity
Title: "Positivity of a report"
Description: "Whether an exam found something."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "阳性判定"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/report-positivity"
* #POS "Positive"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "阳性"
* #NEG "Negative"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "阴性"

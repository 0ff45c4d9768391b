CodeSystem: QcGradeCodes
Id: qc-grade
Title: "Quality grade"
Description: "Grades of images and reports."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "质量等级"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/qc-grade"
* #A "Grade A"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "甲级"
* #B "Grade B"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "乙级"
* #C "Grade C"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "丙级"
* #reject "Rejected"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "废片"

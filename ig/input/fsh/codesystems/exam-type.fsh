CodeSystem: ExamTypeCodes
Id: exam-type
Title: "Exam type"
Description: "How an exam is made."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "检查方式"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/exam-type"
* #plain "Plain"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "平扫"
* #enhanced "Enhanced"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "增强"

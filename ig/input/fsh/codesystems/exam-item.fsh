CodeSystem: ExamItemCodes
Id: exam-item
Title: "Exam item"
Description: "The dictionary of exam items. It comes from the hospital information system; the hub ships none."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "检查项目"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #not-present

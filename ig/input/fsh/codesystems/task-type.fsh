CodeSystem: TaskTypeCodes
Id: task-type
Title: "Kind of access task"
Description: "What a Task about access is (Task.code)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "访问任务类型"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/task-type"
* #access-request "Access request"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "访问申请"
* #break-glass-review "Review of emergency access"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "紧急访问复核"

CodeSystem: TaskKindCodes
Id: task-kind
Title: "Kind of task"
Description: "What a Task is about (Task.code)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "任务类型"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/task-kind"
* #exam-process "Exam process"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "检查流程"
* #critical-value "Critical value"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "危急值"
* #report-revision "Report revision"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "报告修订"
* #access-request "Access request"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "访问申请"
* #imaging-review "Imaging review"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "影像待处理"
* #qc-in-process "Quality check in process"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "过程质控"
* #prefetch "Prefetch of priors"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "既往影像预取"
* #phone-call "Phone call"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "电话通知"
* #refresh "Comparison with the sources"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "与来源系统比对"

CodeSystem: AccessInputCodes
Id: access-input
Title: "Inputs and outputs of access tasks"
Description: "Names of Task.input and Task.output of Tasks about access."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "访问任务的输入输出"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/access-input"
* #purpose "Purpose of use"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "用途"
* #hours "Hours wanted"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "申请时长（小时）"
* #data-type "Data types wanted"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "申请的数据类型"
* #wanted "Who is meant"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "所指病人"
* #consent "Policy that was made"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "生成的策略"
* #until "End of access"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "访问截止"
* #decided-by "Who decided"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "审批人"

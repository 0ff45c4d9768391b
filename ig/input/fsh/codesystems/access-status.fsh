CodeSystem: AccessStatusCodes
Id: access-status
Title: "Status of access tasks"
Description: "Business status of Tasks about access."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "访问任务状态"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/access-status"
* #requested "Requested"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已申请"
* #unmatched "No such patient found"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "未找到病人"
* #approved "Approved"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已批准"
* #rejected "Rejected"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已拒绝"
* #escalated "Escalated"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已升级"
* #justified "Justified"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "合理"
* #unjustified "Not justified"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "不合理"

CodeSystem: CriticalExitCodes
Id: critical-exit
Title: "Exit of the critical value loop"
Description: "Why a critical value leaves the ordinary loop."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "危急值退出原因"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/critical-exit"
* #self-handled "Handled by the department itself"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "科室自行处理"
* #false-positive "Withdrawn by a second doctor"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "第二医师撤销"
* #transferred "Patient transferred"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "患者已转科"
* #lost "Patient not reached"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "联系不上"

CodeSystem: CriticalStatusCodes
Id: critical-status
Title: "Status of a critical value"
Description: "Steps of the critical value loop (Task.businessStatus)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "危急值状态"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/critical-status"
* #found "Found"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已发现"
* #audited "Audited by two"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "双人审核"
* #notified "Notified"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已通报"
* #received "Received"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已接收"
* #doctor-informed "Doctor informed"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已告知医生"
* #handled "Handled"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已处理"
* #noted "Noted"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已记录"
* #closed "Closed"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已闭环"
* #self-handled "Handled by the finder"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "科室自行处理"
* #false-positive "Withdrawn"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "撤销"
* #transferred "Patient transferred"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "患者已转科"
* #lost "Patient not reached"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "联系不上"

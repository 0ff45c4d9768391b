CodeSystem: DataTypeCodes
Id: data-type
Title: "Data type"
Description: "Groups of data that access policies speak of."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "数据类型"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/data-type"
* #order "Order"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "申请单"
* #status "Status"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "状态"
* #report "Report"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "报告"
* #report-original "Original document"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "报告原件"
* #image "Image"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "影像"
* #image-unassigned "Image without patient"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "未归属影像"
* #waveform "Waveform"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "波形"
* #lab "Laboratory"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "检验"
* #critical "Critical value"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "危急值"
* #appointment "Appointment"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "预约"
* #audit "Audit"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "审计"
* #access-request "Access request"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "访问申请"

CodeSystem: ExamStatusCodes
Id: exam-status
Title: "Exam status"
Description: "States of an exam as the departments call them (Task.businessStatus). A concept with a parent is a sub-state of it."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "检查状态"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/exam-status"
* ^property[0].code = #parent
* ^property[0].uri = "http://hl7.org/fhir/concept-properties#parent"
* ^property[0].type = #code
* #requested "Requested"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已申请"
* #booked "Booked"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已预约"
* #checked-in "Checked in"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已登记"
* #in-exam "In exam"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "检查中"
* #examined "Examined"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已检查"
* #writing "Report being written"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "报告书写"
* #preliminary "Preliminary report"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "初步报告"
* #verified "Verified"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已审核"
* #released "Released"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已发布"
* #printed "Printed"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已打印"
* #cancelled "Cancelled"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已取消"
* #recalled "Recalled"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "召回"
* #charged "Charged"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已缴费"
  * ^property[0].code = #parent
  * ^property[0].valueCode = #requested
* #called "Called"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已呼叫"
  * ^property[0].code = #parent
  * ^property[0].valueCode = #checked-in
* #missed "Missed call"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "过号"
  * ^property[0].code = #parent
  * ^property[0].valueCode = #checked-in
* #contrast-waiting "Waiting for contrast"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "等待造影剂"
  * ^property[0].code = #parent
  * ^property[0].valueCode = #in-exam
* #qc-failed "To be repeated"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "待重拍"
  * ^property[0].code = #parent
  * ^property[0].valueCode = #examined
* #specimen-collected "Specimen collected"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已采集"
  * ^property[0].code = #parent
  * ^property[0].valueCode = #checked-in
* #received "Specimen received"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已接收"
  * ^property[0].code = #parent
  * ^property[0].valueCode = #in-exam
* #grossed "Grossed"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已取材"
  * ^property[0].code = #parent
  * ^property[0].valueCode = #in-exam
* #embedded "Embedded"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已包埋"
  * ^property[0].code = #parent
  * ^property[0].valueCode = #in-exam
* #slide-ready "Slide ready"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已制片"
  * ^property[0].code = #parent
  * ^property[0].valueCode = #examined
* #ihc "Immunohistochemistry in progress"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "免疫组化中"
  * ^property[0].code = #parent
  * ^property[0].valueCode = #examined
* #testing "Testing"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "检验中"
  * ^property[0].code = #parent
  * ^property[0].valueCode = #in-exam

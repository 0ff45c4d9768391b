CodeSystem: QcCodeCodes
Id: qc-code
Title: "Quality check"
Description: "Scores, samples and facts of quality control."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "质控项目"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/qc-code"
* #image-quality-score "Image quality score"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "影像质量评分"
* #report-quality-score "Report quality score"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "报告质量评分"
* #qc-sample "Sample"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "质控抽样"
* #kpi-fact "Indicator fact"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "指标事实"
* #turnaround-minutes "Minutes from order to release"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "申请至发布分钟数"
* #exam-to-report-minutes "Minutes from exam to report"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "检查至报告分钟数"
* #critical-notify-minutes "Minutes to notification"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "危急值通报分钟数"

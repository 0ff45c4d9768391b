CodeSystem: ImagingReviewReasonCodes
Id: imaging-review-reason
Title: "Reason of an imaging review"
Description: "Why somebody has to look at a study."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "影像待处理原因"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/imaging-review-reason"
* #patient-id-missing "Study without patient id"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "缺少病人编号"
* #projection-failed "Study could not be shown in FHIR"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "无法生成检查资源"

CodeSystem: PatientTypeCodes
Id: patient-type
Title: "Patient type"
Description: "Kinds of patient, and relations of a patient to the user, beside the encounter classes of HL7."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "患者类型"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/patient-type"
* #check-up "Check-up"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "体检"
* #discharged "Discharged"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已出院"
* #newborn "Newborn"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "新生儿"
* #own-ward "In the user's ward now"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "本病区在院"
* #own-today "At the user's clinic today"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "本科室今日就诊"
* #attending "The user is responsible"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "本人主管"
* #treating "The user treats"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "本人诊疗"
* #examined "Examined by the user's department"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "本科室检查"
* #other-dept "Of another department"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "其他科室"

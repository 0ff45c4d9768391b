CodeSystem: ExamKindCodes
Id: exam-kind
Title: "Exam kind"
Description: "Kinds of exam of the performing departments. HL7 table 0074 has no code for endoscopy, ophthalmology and dentistry."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "检查类别"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/exam-kind"
* #RAD "Radiology"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "放射"
* #US "Ultrasound"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "超声"
* #ENDO-GI "Digestive endoscopy"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "消化内镜"
* #ENDO-RESP "Respiratory endoscopy"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "呼吸内镜"
* #ENDO-ENT "ENT endoscopy"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "耳鼻喉内镜"
* #PATH "Pathology"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "病理"
* #ECG "Electrocardiography"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "心电"
* #NM "Nuclear medicine"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "核医学"
* #LAB "Laboratory"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "检验"
* #OPH "Ophthalmology"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "眼科"
* #DENT "Dentistry"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "口腔"
* #ENT "Ear, nose and throat"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "耳鼻喉"
* #PED "Paediatrics"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "儿科"
* #OTHER "Other"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "其他"

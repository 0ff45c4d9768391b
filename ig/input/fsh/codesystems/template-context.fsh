CodeSystem: TemplateContextCodes
Id: template-context
Title: "Template context"
Description: "What a report template is for (Questionnaire.useContext.code)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "模板适用条件"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/template-context"
* #exam-kind "Exam kind"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "检查类别"
* #exam-item "Exam item"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "检查项目"
* #body-site "Body site"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "部位"
* #exam-type "Exam type"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "检查方式"
* #diagnosis "Diagnosis"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "诊断"
* #sex "Sex"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "性别"
* #age-range "Age range"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "年龄范围"

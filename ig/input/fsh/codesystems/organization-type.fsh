CodeSystem: OrganizationTypeCodes
Id: organization-type
Title: "Kind of organization"
Description: "Parts of the hospital."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "机构类型"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #fragment
* #dept "Department"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "科室"
* #ward "Ward"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "病区"
* #clinic "Clinic"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "门诊"
* #office "Office"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "职能部门"

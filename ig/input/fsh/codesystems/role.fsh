CodeSystem: RoleCodes
Id: role
Title: "Role"
Description: "What a person does in the hospital."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "角色"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/role"
* #doctor "Doctor"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "医生"
* #director "Head of department"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "科主任"
* #nurse "Nurse"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "护士"
* #technician "Technician"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "技师"
* #admin "System administrator"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "系统管理员"
* #steward "Data steward"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "数据管理员"
* #qc "Quality control"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "质控"
* #medical-affairs "Medical affairs"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "医务部"
* #scheduler "Scheduler"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "预约员"
* #auditor "Auditor"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "审计员"
* #researcher "Researcher"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "科研人员"
* #archive "Archive keeper"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "影像归档员"

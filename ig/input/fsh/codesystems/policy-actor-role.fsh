CodeSystem: PolicyActorRoleCodes
Id: policy-actor-role
Title: "Role of an actor"
Description: "Client systems and users of an access policy."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "主体类别"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/policy-actor-role"
* #system "System"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "系统"
* #user "User"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "用户"

CodeSystem: ReleaseStateCodes
Id: release-state
Title: "Release state"
Description: "Tag of a report that is withheld."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "发布状态"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/release-state"
* #recalled "Recalled"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "已召回"

CodeSystem: EncounterClassCodes
Id: encounter-class
Title: "Encounter class"
Description: "Classes of encounter that HL7 has no code for."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "就诊类别"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/encounter-class"
* #check-up "Check-up"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "体检"

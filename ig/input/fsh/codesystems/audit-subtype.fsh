CodeSystem: AuditSubtypeCodes
Id: audit-subtype
Title: "Audit subtype"
Description: "What happened, where neither DICOM nor FHIR has a code."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "审计子类"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #not-present

CodeSystem: DicomBodyPartCodes
Id: dicom-body-part
Title: "Body part"
Description: "Body Part Examined of DICOM (0018,0015), as the sender wrote it."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "部位"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #not-present

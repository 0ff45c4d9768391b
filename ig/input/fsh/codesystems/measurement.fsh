CodeSystem: MeasurementCodes
Id: measurement
Title: "Measurement"
Description: "Measurements that have no LOINC code. The ObservationDefinitions of the hub list them."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "测量项目"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #not-present

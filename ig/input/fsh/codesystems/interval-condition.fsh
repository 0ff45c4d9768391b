CodeSystem: IntervalConditionCodes
Id: interval-condition
Title: "Condition of a reference interval"
Description: "Conditions of an interval beside sex and age."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "参考区间条件"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #fragment
* #none "No condition"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "无"
* #after-cholecystectomy "After cholecystectomy"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "胆囊切除术后"
* #pregnancy "Pregnancy"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "妊娠"
* #hypertension "Hypertension"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "高血压"
* #diabetes "Diabetes"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "糖尿病"
* #chb "Chronic hepatitis B"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "慢性乙型肝炎"
* #chc "Chronic hepatitis C"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "慢性丙型肝炎"
* #mafld "Metabolic fatty liver"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "代谢相关脂肪性肝病"
* #ald "Alcoholic liver disease"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "酒精性肝病"

CodeSystem: ProcessExceptionCodes
Id: process-exception
Title: "Exception of a process"
Description: "What was recorded but moved nothing."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "流程异常"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #fragment
* #unexpected-transition "Unexpected transition"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "异常状态转移"

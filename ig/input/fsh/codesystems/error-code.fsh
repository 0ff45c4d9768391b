CodeSystem: ErrorCodeCodes
Id: error-code
Title: "Error code"
Description: "Stable codes of refusals (OperationOutcome.issue.details). docs/errors.md, made from the code itself, lists them with cause and remedy."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "错误代码"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #not-present

CodeSystem: SourceSystemCodes
Id: source-system
Title: "Source system"
Description: "Where a resource came from (meta.tag)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "来源系统"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #not-present

CodeSystem: ReportAuthorRoleCodes
Id: report-author-role
Title: "Part in a report"
Description: "What somebody did to a report (Provenance.agent.role)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "报告角色"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/report-author-role"
* #writer "Writer"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "书写医师"
* #verifier "Verifier"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "审核医师"
* #releaser "Releaser"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "发布人"

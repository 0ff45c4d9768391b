CodeSystem: ReportActionCodes
Id: report-action
Title: "Actions"
Description: "What an actor may do with a resource (Consent.provision.action)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "操作"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/report-action"
* #view "View"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "查看"
* #save "Save"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "保存"
* #modify "Modify"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "修改"
* #delete "Delete"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "删除"
* #print "Print"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "打印"
* #download "Download"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "下载"
* #export "Export"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "导出"
* #share "Share"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "共享"
* #label "Set confidentiality"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "设置密级"

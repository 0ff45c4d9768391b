CodeSystem: PolicyInterfaceCodes
Id: policy-interface
Title: "Interface"
Description: "Doors of the hub, one dimension of every access policy."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "接口"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/policy-interface"
* #fhir-rest "FHIR REST"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "FHIR接口"
* #fhir-bulk "FHIR Bulk Data"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "FHIR批量导出"
* #subscription "Subscription"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "订阅推送"
* #dicomweb-qido "DICOMweb search"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "DICOMweb查询"
* #dicomweb-wado "DICOMweb retrieve"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "DICOMweb调阅"
* #dicomweb-stow "DICOMweb store"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "DICOMweb存储"
* #dimse "DICOM DIMSE"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "DICOM通信"
* #soap "SOAP"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "SOAP服务"
* #hl7v2 "HL7 v2"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "HL7 v2消息"
* #cds-hooks "CDS Hooks"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "CDS Hooks"
* #smart-launch "SMART launch"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "SMART启动"
* #iid-url "Invoke Image Display"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "影像调阅链接"
* #ui "Console"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "控制台"

CodeSystem: ImageAvailabilityCodes
Id: image-availability
Title: "Image availability"
Description: "Instance Availability of DICOM (0008,0056); R4 ImagingStudy has no element for it."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "影像可用性"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/image-availability"
* #ONLINE "Online"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "在线"
* #NEARLINE "Nearline"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "近线"
* #OFFLINE "Offline"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "离线"
* #UNAVAILABLE "Unavailable"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "不可用"

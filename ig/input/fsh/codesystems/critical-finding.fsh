CodeSystem: CriticalFindingCodes
Id: critical-finding
Title: "Critical finding"
Description: "Findings that must be told at once. Property class: I within ten minutes, II the same day. The list is the hospital's to edit."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "危急值项目"
* ^language = #en
* ^caseSensitive = true
* ^experimental = false
* ^content = #complete
* ^valueSet = "https://trefoil-hub.org/fhir/ValueSet/critical-finding"
* ^property[0].code = #class
* ^property[0].description = "I within ten minutes, II the same day"
* ^property[0].type = #code
* #CR-01 "Acute pulmonary embolism"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "急性肺栓塞"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CR-02 "Acute aortic dissection or ruptured aneurysm"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "急性主动脉夹层/主动脉瘤破裂"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CR-03 "Pericardial tamponade"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "心包填塞"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CR-04 "Large hydro-, pneumo- or haemothorax"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "大量液气血胸"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CR-05 "Tracheobronchial foreign body"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "气管支气管异物"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CR-06 "Acute cerebral infarction"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "急性脑梗死"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CR-07 "Acute cerebral haemorrhage"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "急性脑出血"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CR-08 "Acute epidural or subdural haemorrhage"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "急性硬膜外/硬膜下出血"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CR-09 "Acute subarachnoid haemorrhage"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "急性蛛网膜下腔出血"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CR-10 "Brain herniation"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "脑疝"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CR-11 "Gastrointestinal perforation"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "消化道穿孔"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CR-12 "Abdominal organ rupture with bleeding"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "腹腔内脏器破裂出血"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CR-13 "Strangulated ileus"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "绞窄性肠梗阻"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CR-14 "Large intracranial haematoma or midline shift ≥ 10 mm"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "颅内大血肿或中线移位≥10 mm"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CR-15 "Infarct of more than two thirds of the MCA territory"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "大脑中动脉供血区2/3以上梗死"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CR-16 "Spinal fracture with cord compression"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "脊柱骨折伴脊髓受压"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CR-17 "Severe acute pancreatitis"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "重症急性胰腺炎"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CR-18 "Mesenteric ischaemia"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "肠系膜缺血"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CR-19 "Aortic intramural haematoma"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "主动脉壁间血肿"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CR-20 "Airway obstruction"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "气道梗阻"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CR-21 "Intussusception of an infant"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "婴幼儿肠套叠"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CR-22 "Tube malposition"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "置管异位"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CR-23 "Contrast reaction"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "造影剂反应"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CU-01 "Suspected rupture or bleeding of liver, spleen or kidney"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "疑似肝脾肾破裂出血"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CU-02 "Ruptured ectopic pregnancy with intra-abdominal bleeding"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "异位妊娠破裂并腹腔内出血"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CU-03 "Acute suppurative cholecystitis with perforation"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "急性化脓性胆囊炎并穿孔"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CU-04 "Third-trimester oligohydramnios with abnormal fetal heart rate"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "晚期妊娠羊水过少并胎心率异常"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CU-05 "Uterine rupture"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "子宫破裂"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CU-06 "Placental abruption, placenta praevia with active bleeding"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "胎盘早剥、前置胎盘并活动性出血"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CU-07 "First found LVEF below 35 %"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "首次发现左室射血分数<35%"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CU-08 "Effusion with tamponade"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "心包积液并填塞"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CU-09 "Aortic dissection"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "主动脉夹层"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CU-10 "Ruptured aortic aneurysm"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "主动脉瘤破裂"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CU-11 "Cardiac rupture"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "心脏破裂"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CU-12 "Free-floating cardiac thrombus"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "心腔内游离血栓"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CU-13 "Acute limb arterial embolism"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "急性肢体动脉栓塞"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CU-14 "Stuck prosthetic valve"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "人工瓣膜卡瓣"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CU-15 "Testicular torsion"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "睾丸扭转"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CU-16 "Ovarian torsion"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "卵巢扭转"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CU-17 "Acute proximal deep vein thrombosis with floating thrombus"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "急性近端深静脉漂浮血栓"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CU-18 "Aortic root abscess"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "主动脉根部脓肿"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CE-01 "Asystole, RR ≥ 3.0 s"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "心脏停搏（RR≥3.0 s）"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CE-02 "Mean rate ≤ 35 /min"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "平均心室率≤35次/分"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CE-03 "First third-degree AV block"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "首发三度房室传导阻滞"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CE-04 "QTc ≥ 0.55 s with R-on-T"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "QTc≥0.55 s伴R on T"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CE-05 "Sustained ventricular tachycardia"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "持续性室性心动过速"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CE-06 "Torsades de pointes, polymorphic ventricular tachycardia"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "尖端扭转型/多形性室速"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CE-07 "Ventricular flutter or fibrillation"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "心室扑动或颤动"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CE-08 "Supraventricular tachycardia ≥ 200 /min"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "室上性心动过速≥200次/分"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CE-09 "Atrial fibrillation or flutter, mean ≥ 180 /min"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "房颤/房扑平均≥180次/分"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CE-10 "Pre-excited atrial fibrillation, shortest RR ≤ 250 ms"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "预激伴房颤最短RR≤250 ms"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CE-11 "First acute myocardial infarction pattern"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "首发急性心肌梗死图形"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CE-12 "Severe hyperkalaemia pattern"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "严重高钾血症图形"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CE-13 "Pacemaker failure"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "起搏器功能障碍"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CE-14 "Acute pulmonary embolism pattern with instability"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "急性肺栓塞图形伴血流动力学不稳定"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CN-01 "Spurting, oozing or visible vessel ulcer"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "溃疡活动性出血或血管裸露"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CN-02 "Variceal spurting, red plug"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "静脉曲张喷射性出血或红色血栓"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CN-03 "Perforation at endoscopy"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "穿孔（疾病或医源性）"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CN-04 "Sharp, battery or impacted oesophageal foreign body"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "食管尖锐/电池/嵌顿异物"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CN-05 "Corrosive injury ≥ 2b"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "腐蚀性损伤≥2b级"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CN-06 "Acute obstructive suppurative cholangitis"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "急性梗阻性化脓性胆管炎"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CN-07 "Persisting SpO2 below 80 %, cardiac arrest, anaphylaxis"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "血氧持续<80%、心搏骤停、过敏性休克"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CN-08 "Massive haemoptysis, bleeding grade 4"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "大咯血、4级出血"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CN-09 "Central airway obstruction above 70 % or foreign body"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "中心气道阻塞>70%或异物"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CN-10 "Tension pneumothorax after biopsy"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "活检后张力性气胸"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CN-11 "Acute epiglottitis, laryngeal obstruction III–IV"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "急性会厌炎、喉梗阻III–IV度"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CN-12 "Airway or oesophageal foreign body"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "气道或食管异物"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CN-13 "Uncontrolled epistaxis"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "难以控制的鼻出血"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CP-01 "Frozen and paraffin section disagree"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "冰冻与石蜡诊断重大不符"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CP-02 "Unexpected malignancy"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "意外恶性肿瘤"
  * ^property[0].code = #class
  * ^property[0].valueCode = #II
* #CP-03 "Curettage without villi"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "刮宫物未见绒毛"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CP-04 "Fat or bowel in curettage"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "刮宫物见脂肪或肠组织"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CP-05 "Transplant rejection"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "移植排斥反应"
  * ^property[0].code = #class
  * ^property[0].valueCode = #II
* #CP-06 "Crescentic nephritis above 50 %"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "新月体性肾炎>50%"
  * ^property[0].code = #class
  * ^property[0].valueCode = #II
* #CP-07 "Vasculitis, necrotising fasciitis"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "血管炎、坏死性筋膜炎"
  * ^property[0].code = #class
  * ^property[0].valueCode = #II
* #CP-08 "Organisms in valve, cerebrospinal fluid or marrow"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "瓣膜、脑脊液或骨髓查见病原体"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CP-09 "Specimen lost or mixed up"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "标本丢失或混淆"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CP-10 "Frozen section malignant and changing the operation"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "冰冻恶性且改变术式"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CM-01 "High-probability ventilation-perfusion scan"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "肺通气/灌注显像高度可能肺栓塞"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CM-02 "Reversible ischaemia above 10 % with instability"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "可逆性缺血>10%伴不稳定"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CO-01 "Central retinal artery occlusion within 24 h"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "视网膜中央动脉阻塞（24 h内）"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CO-02 "Acute angle closure, pressure ≥ 50 mmHg"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "急性闭角型青光眼，眼压≥50 mmHg"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CO-03 "Macula-on retinal detachment"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "黄斑未累及的视网膜脱离"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I
* #CO-04 "Endophthalmitis or open globe"
  * ^designation[0].language = #zh-CN
  * ^designation[0].value = "眼内炎或开放性眼球伤"
  * ^property[0].code = #class
  * ^property[0].valueCode = #I

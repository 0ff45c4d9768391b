import type { Language } from '../../i18n/preferences';

/** The words that access policies may use, as the hub's policy engine knows them, with their names for people. */
export const base = 'https://trefoil-hub.org/fhir';

export const systems = {
  scope: `${base}/CodeSystem/consent-scope`,
  rule: `${base}/CodeSystem/policy-rule`,
  action: `${base}/CodeSystem/report-action`,
  actorRole: `${base}/CodeSystem/policy-actor-role`,
  dataType: `${base}/CodeSystem/data-type`,
  patientType: `${base}/CodeSystem/patient-type`,
  examItem: `${base}/CodeSystem/exam-item`,
  resourceType: 'http://hl7.org/fhir/resource-types',
  actCode: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
  confidentiality: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality',
  purpose: 'http://terminology.hl7.org/CodeSystem/v3-ActReason',
  consentAction: 'http://terminology.hl7.org/CodeSystem/consentaction',
  modality: 'http://dicom.nema.org/resources/ontology/DCM',
  observationCategory: 'http://terminology.hl7.org/CodeSystem/observation-category',
  serviceSection: 'http://terminology.hl7.org/CodeSystem/v2-0074',
  client: `${base}/sid/client`,
  source: `${base}/sid/source`,
  user: `${base}/sid/user`,
  role: `${base}/sid/role`,
  department: `${base}/sid/department`,
} as const;

export const profile = `${base}/StructureDefinition/AccessPolicy`;

export const extensions = {
  source: `${base}/StructureDefinition/policy-source`,
  interface: `${base}/StructureDefinition/policy-interface`,
  patientType: `${base}/StructureDefinition/policy-patient-type`,
  examItem: `${base}/StructureDefinition/policy-exam-item`,
  hours: `${base}/StructureDefinition/policy-hours`,
  priority: `${base}/StructureDefinition/policy-priority`,
  mask: `${base}/StructureDefinition/policy-mask`,
} as const;

/** Two names of one code. */
export interface Label {
  readonly zh: string;
  readonly en: string;
}

function labels(entries: Record<string, readonly [zh: string, en: string]>): ReadonlyMap<string, Label> {
  return new Map(Object.entries(entries).map(([code, [zh, en]]) => [code, { zh, en }]));
}

export const interfaces = labels({
  'fhir-rest': ['FHIR 接口', 'FHIR REST'],
  ui: ['管理页面', 'Web pages'],
  'dicomweb-qido': ['影像查询（QIDO）', 'Image search (QIDO)'],
  'dicomweb-wado': ['影像调阅（WADO）', 'Image retrieval (WADO)'],
  'dicomweb-stow': ['影像存储（STOW）', 'Image storage (STOW)'],
  dimse: ['DICOM 网络（DIMSE）', 'DICOM network (DIMSE)'],
  'fhir-bulk': ['批量导出', 'Bulk export'],
  subscription: ['订阅通知', 'Subscriptions'],
  'smart-launch': ['SMART 启动', 'SMART launch'],
  'cds-hooks': ['决策支持（CDS Hooks）', 'CDS Hooks'],
  'iid-url': ['影像链接（IID）', 'Image links (IID)'],
  soap: ['SOAP 服务', 'SOAP services'],
  hl7v2: ['HL7 V2 消息', 'HL7 v2 messages'],
});

export const actions = labels({
  view: ['访问', 'view'],
  save: ['保存', 'save'],
  modify: ['修改', 'modify'],
  delete: ['删除', 'delete'],
  print: ['打印', 'print'],
  download: ['下载', 'download'],
  export: ['导出', 'export'],
  share: ['分享', 'share'],
  label: ['设置密级', 'set levels'],
});

export const consentActions = labels({
  collect: ['保存', 'save'],
  access: ['访问', 'view'],
  use: ['访问、打印、下载', 'view, print, download'],
  disclose: ['导出、分享', 'export, share'],
  correct: ['修改', 'modify'],
});

export const purposes = labels({
  TREAT: ['诊疗', 'treatment'],
  ETREAT: ['急诊诊疗', 'emergency treatment'],
  BTG: ['紧急访问', 'break the glass'],
  HRESCH: ['科研', 'research'],
  HOPERAT: ['医院运营', 'hospital operations'],
  PUBHLTH: ['公共卫生', 'public health'],
});

export const dataTypes = labels({
  order: ['申请单', 'orders'],
  status: ['检查状态', 'exam status'],
  report: ['报告', 'reports'],
  'report-original': ['原始报告文件', 'original report files'],
  'report-draft': ['书写中的报告', 'reports being written'],
  'report-internal': ['已审核未发布或已召回的报告', 'reports signed and not released, or recalled'],
  image: ['影像', 'images'],
  'image-unassigned': ['未归属影像', 'unassigned images'],
  waveform: ['波形', 'waveforms'],
  lab: ['检验结果', 'lab results'],
  critical: ['危急值', 'critical values'],
  appointment: ['预约', 'appointments'],
  audit: ['审计记录', 'audit records'],
  'access-request': ['访问申请', 'access requests'],
});

export const resourceTypes = labels({
  Patient: ['患者', 'Patient'],
  ImagingStudy: ['影像检查', 'ImagingStudy'],
  DiagnosticReport: ['诊断报告', 'DiagnosticReport'],
  Observation: ['观察与测量', 'Observation'],
  ServiceRequest: ['检查申请', 'ServiceRequest'],
  Task: ['任务', 'Task'],
  Encounter: ['就诊', 'Encounter'],
  Appointment: ['预约', 'Appointment'],
  Condition: ['诊断', 'Condition'],
  Procedure: ['操作', 'Procedure'],
  AllergyIntolerance: ['过敏', 'AllergyIntolerance'],
  DocumentReference: ['文档', 'DocumentReference'],
  Binary: ['文件', 'Binary'],
  Media: ['媒体', 'Media'],
  Communication: ['沟通记录', 'Communication'],
  Composition: ['病历文书', 'Composition'],
  QuestionnaireResponse: ['结构化记录', 'QuestionnaireResponse'],
  Questionnaire: ['模板', 'Questionnaire'],
  MedicationRequest: ['用药医嘱', 'MedicationRequest'],
  MedicationStatement: ['用药记录', 'MedicationStatement'],
  MedicationAdministration: ['给药记录', 'MedicationAdministration'],
  Medication: ['药品', 'Medication'],
  Immunization: ['接种', 'Immunization'],
  Specimen: ['标本', 'Specimen'],
  CarePlan: ['诊疗计划', 'CarePlan'],
  CareTeam: ['诊疗小组', 'CareTeam'],
  Group: ['分组', 'Group'],
  List: ['清单', 'List'],
  Flag: ['警示', 'Flag'],
  Consent: ['授权策略', 'Consent'],
  Provenance: ['来源记录', 'Provenance'],
  AuditEvent: ['审计记录', 'AuditEvent'],
  Subscription: ['订阅', 'Subscription'],
  Schedule: ['排班', 'Schedule'],
  Slot: ['号源', 'Slot'],
  Organization: ['机构与科室', 'Organization'],
  Location: ['位置', 'Location'],
  Practitioner: ['人员', 'Practitioner'],
  PractitionerRole: ['人员岗位', 'PractitionerRole'],
  HealthcareService: ['服务项目', 'HealthcareService'],
  Device: ['系统与设备', 'Device'],
  DeviceDefinition: ['设备型号', 'DeviceDefinition'],
  Person: ['自然人', 'Person'],
  RelatedPerson: ['联系人', 'RelatedPerson'],
  EpisodeOfCare: ['诊疗过程', 'EpisodeOfCare'],
  Measure: ['指标', 'Measure'],
  MeasureReport: ['指标结果', 'MeasureReport'],
  CodeSystem: ['代码系统', 'CodeSystem'],
  ValueSet: ['值集', 'ValueSet'],
  ConceptMap: ['代码映射', 'ConceptMap'],
  ActivityDefinition: ['检查项目字典', 'ActivityDefinition'],
  StructureDefinition: ['结构定义', 'StructureDefinition'],
});

export const patientTypes = labels({
  [`${systems.actCode}|AMB`]: ['门诊', 'outpatient'],
  [`${systems.actCode}|EMER`]: ['急诊', 'emergency'],
  [`${systems.actCode}|IMP`]: ['住院', 'in-patient'],
  [`${systems.actCode}|OBSENC`]: ['留观', 'observation'],
  [`${systems.actCode}|SS`]: ['日间', 'short stay'],
  [`${systems.actCode}|HH`]: ['居家', 'home health'],
  [`${systems.actCode}|VR`]: ['互联网诊疗', 'virtual'],
  [`${systems.patientType}|check-up`]: ['体检', 'check-up'],
  [`${systems.patientType}|discharged`]: ['已出院', 'discharged'],
  [`${systems.patientType}|newborn`]: ['新生儿', 'newborn'],
  [`${systems.patientType}|own-ward`]: ['本病区在院', 'in the user’s own ward'],
  [`${systems.patientType}|own-today`]: ['本人或本科当日门急诊', 'the user’s own out-patients today'],
  [`${systems.patientType}|attending`]: ['本人经治', 'attended by the user'],
  [`${systems.patientType}|treating`]: ['经治或本病区在院', 'treated by the user or the user’s ward'],
  [`${systems.patientType}|examined`]: ['本科室检查过', 'examined by the user’s department'],
  [`${systems.patientType}|other-dept`]: ['其他科室在院', 'of another department'],
  [`${systems.patientType}|not-author`]: ['非本人书写的报告', 'reports of another author'],
  [`${systems.patientType}|outside`]: ['非本科室的报告', 'reports of another department'],
});

export const securityLabels = labels({
  [`${systems.confidentiality}|N`]: ['普通（N）', 'normal (N)'],
  [`${systems.confidentiality}|R`]: ['特殊（R）', 'restricted (R)'],
  [`${systems.confidentiality}|V`]: ['绝密（V）', 'very restricted (V)'],
  [`${systems.actCode}|CEL`]: ['知名人士', 'celebrity'],
  [`${systems.actCode}|EMP`]: ['本院职工', 'employee'],
  [`${systems.actCode}|HIV`]: ['艾滋病', 'HIV'],
  [`${systems.actCode}|PSY`]: ['精神科', 'psychiatry'],
  [`${systems.actCode}|STD`]: ['性传播疾病', 'sexually transmitted disease'],
  [`${systems.actCode}|SDV`]: ['家庭暴力与性侵', 'abuse'],
  [`${systems.actCode}|ETH`]: ['酒精与药物依赖', 'substance abuse'],
});

export const categories = labels({
  [`${systems.observationCategory}|imaging`]: ['影像所见', 'imaging findings'],
  [`${systems.observationCategory}|laboratory`]: ['检验', 'laboratory'],
  [`${systems.observationCategory}|vital-signs`]: ['生命体征', 'vital signs'],
  [`${systems.observationCategory}|procedure`]: ['操作所见', 'procedure'],
  [`${systems.serviceSection}|RAD`]: ['放射报告', 'radiology reports'],
  [`${systems.serviceSection}|LAB`]: ['检验报告', 'laboratory reports'],
  [`${systems.serviceSection}|RUS`]: ['超声报告', 'ultrasound reports'],
  [`${systems.serviceSection}|NMR`]: ['磁共振报告', 'magnetic resonance reports'],
  [`${systems.serviceSection}|PAT`]: ['病理报告', 'pathology reports'],
  [`${systems.serviceSection}|CUS`]: ['心脏超声报告', 'cardiac ultrasound reports'],
});

export const modalities = ['CT', 'MR', 'DX', 'CR', 'MG', 'XA', 'RF', 'US', 'NM', 'PT', 'ES', 'OP', 'ECG', 'SM', 'XC'];

export const roles = labels({
  doctor: ['医生', 'Doctor'],
  director: ['科主任', 'Head of department'],
  nurse: ['护士', 'Nurse'],
  technician: ['技师', 'Technician'],
  qc: ['质控医生', 'Quality doctor'],
  'medical-affairs': ['医务人员', 'Medical officer'],
  scheduler: ['预约员', 'Scheduler'],
  steward: ['数据管理员', 'Data steward'],
  admin: ['系统管理员', 'System administrator'],
  auditor: ['审计员', 'Auditor'],
  researcher: ['科研人员', 'Researcher'],
  archive: ['影像归档员', 'Image archivist'],
});

export const masks = labels({
  none: ['不遮蔽', 'nothing masked'],
  name: ['遮蔽姓名', 'name masked'],
  demographics: ['遮蔽姓名与身份信息', 'name and demographics masked'],
});

/** The named levels of priority; the highest that applies decides, and within one level deny wins. */
export const priorities: readonly { readonly value: number; readonly label: Label }[] = [
  { value: 0, label: { zh: '基础', en: 'Baseline' } },
  { value: 100, label: { zh: '科室', en: 'Department' } },
  { value: 200, label: { zh: '全院', en: 'Hospital' } },
  { value: 300, label: { zh: '指定患者', en: 'Named patient' } },
  { value: 400, label: { zh: '审批授权', en: 'Approved access' } },
  { value: 500, label: { zh: '紧急访问', en: 'Break-glass' } },
  { value: 900, label: { zh: '法律封存', en: 'Legal block' } },
];

export const weekdays = labels({
  mon: ['周一', 'Mon'],
  tue: ['周二', 'Tue'],
  wed: ['周三', 'Wed'],
  thu: ['周四', 'Thu'],
  fri: ['周五', 'Fri'],
  sat: ['周六', 'Sat'],
  sun: ['周日', 'Sun'],
});

/** The dimensions as `$explain-access` names them. */
export const dimensions = labels({
  source: ['来源', 'Source'],
  interface: ['接口', 'Interface'],
  'data-type': ['数据类型', 'Data type'],
  'patient-type': ['患者类型', 'Patient type'],
  patient: ['病人', 'Patient'],
  exam: ['检查', 'Exam'],
  'data-period': ['数据时段', 'Data period'],
  system: ['授权系统', 'System'],
  user: ['用户', 'User'],
  'authorisation-period': ['授权时段', 'Authorisation period'],
  action: ['操作', 'Action'],
  purpose: ['用途', 'Purpose'],
});

export function nameOf(words: ReadonlyMap<string, Label>, code: string, language: Language): string {
  return words.get(code)?.[language] ?? code;
}

/** `200` → `全院 200`; between two levels the number alone. */
export function priorityName(priority: number, language: Language): string {
  const level = priorities.find(p => p.value === priority);
  return level === undefined ? String(priority) : `${level.label[language]} ${priority}`;
}

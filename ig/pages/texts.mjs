// The words of the readable guide that are not in its resources: [中文, English].
export const kinds = {
  profiles: ['规范', 'Profiles'],
  extensions: ['扩展', 'Extensions'],
  codes: ['代码系统', 'Code systems'],
  valuesets: ['值集', 'Value sets'],
  operations: ['操作', 'Operations'],
  actors: ['参与方', 'Actors'],
  parameters: ['检索参数', 'Search parameters'],
  examples: ['示例', 'Examples'],
};

export const profiles = {
  ExamOrder: '一个部位上的一项检查申请。一张申请单可含多项（requisition），多项可共用一个检查号；预约时间在预约资源中。',
  ExamProcess: '检查所处的状态：每个申请一个任务，businessStatus 为十二个状态之一或其子状态。历史由版本和 Provenance 保存；lastModified 是事件发生时间，而非接收时间。已完成的流程不再退出：召回须新开报告修订任务。',
  CriticalValue: '危急值闭环中的一个病例。弹窗只是它的视图，不改变任何状态；当前步骤的时限在 restriction.period.end。',
  ReportRevision: '被召回报告的修订。单独成任务，因为已完成的检查流程不可退出。',
  AccessRequest: '医生或护士申请查看策略未开放的病人；批准后生成到期自动结束的访问策略。',
  ImagingReview: '需要人工处理的检查：缺少病人编号，或无法生成检查资源。系统从不凭姓名猜测病人。',
  ExamAppointment: '检查的预约时间：病人、房间或设备，以及所属申请。',
  HubImagingStudy: '影像归档中的一次检查。归档是事实来源，本资源可由变更流重建；图像很多时只保留数量。',
  ExamReport: '检查报告。所见在 result 的观察中；issued 是发布时间而非签名时间，已审核未发布的报告为 final 且无 issued。',
  Findings: '检查所见文字，属于报告的 result。',
  Measurement: '带 UCUM 单位的测量值；所用参考区间随值保存，旧报告保留旧区间。',
  CriticalFlag: '危急值任务所指的发现，含识别时间。',
  Positivity: '检查是否有阳性发现，质控指标需要。',
  SourcePatient: '某一来源系统所知的病人。临床资源指向它，不指向主索引记录。',
  AccessPolicy: '十一维访问规则。同一规则内各维度为“且”，同一维度内重复为“或”，缺省为任意；优先级高者决定，同级拒绝优先，无匹配则拒绝。',
  ReportTemplate: '结构化报告模板；useContext 说明推荐条件，条目代码决定抽取为哪些观察。',
  ReferenceRange: '一个测量项目按性别、年龄、条件的参考区间；年龄按检查时计算。',
  ExamItem: '检查项目字典的一行。',
};

export const elements = {
  identifier: '标识', status: '状态', intent: '意图', category: '类别', code: '代码', bodySite: '部位', priority: '优先级', subject: '病人',
  encounter: '就诊', requester: '申请者', authoredOn: '申请时间', businessStatus: '业务状态', basedOn: '依据的申请', focus: '关注的资源', for: '病人',
  owner: '负责方', groupIdentifier: '检查号', lastModified: '事件时间', restriction: '限制', period: '期间', end: '截止', reasonCode: '原因',
  reasonReference: '原因引用', partOf: '所属', input: '输入', start: '开始', participant: '参与者', actor: '主体', modality: '设备类型', series: '序列',
  endpoint: '影像地址', issued: '发布时间', performer: '执行科室', resultsInterpreter: '书写与审核医师', result: '结果', conclusion: '诊断意见',
  value: '值', system: '系统', interpretation: '判定', name: '姓名', gender: '性别', birthDate: '出生日期', scope: '范围', patient: '病人', policy: '政策',
  policyRule: '规则', provision: '规则条目', type: '类型', action: '操作', role: '角色', url: '地址', version: '版本', title: '标题', subjectType: '对象类型',
  useContext: '适用条件', item: '条目', permittedDataType: '数据类型', quantitativeDetails: '单位', qualifiedInterval: '区间', range: '范围', kind: '种类',
  topic: '主题', extension: '扩展', effective: '检查时间',
};

export const intro = {
  index: [
    `<p>本指南说明 Trefoil Hub 如何用 FHIR R4 资源承载医院的检查：申请、流程状态、影像、报告、危急值和访问策略。规范只在标准没有规定处加以约束，
     代码优先采用标准代码，其次采用本院代码。</p>
     <p>声明了本指南规范（meta.profile）的资源在写入时会被校验，不符合者以 422 拒绝并说明原因；未声明者不受影响。离线环境没有术语服务器，未载入代码系统的代码只给出警告。</p>`,
    `<p>This guide says how Trefoil Hub carries a hospital's exams on FHIR R4 resources: orders, states, images, reports, critical values and access
     policies. Profiles constrain only where the standard leaves it open; standard codes come first, local ones second.</p>
     <p>A resource that claims a profile of this guide (meta.profile) is checked when it is written and refused with 422 when it breaks it; what claims
     nothing is not looked at. There is no terminology server: codes of systems that are not loaded are warnings.</p>`,
  ],
};

export const flows = [
  [
    '检查流程', 'The exam process',
    [['已申请', 'requested'], ['已预约', 'booked'], ['已登记', 'checked-in'], ['检查中', 'in-exam'], ['已检查', 'examined'], ['报告书写', 'writing'], ['初步报告', 'preliminary'], ['已审核', 'verified'], ['已发布', 'released'], ['已打印', 'printed']],
    `旁路：已取消、召回。人员的非法步骤以 422 拒绝并列出合法步骤；设备或来源系统的乱序事件只记录为异常，状态不变；迟到的旧事件不会使状态倒退。`,
    `Side exits: cancelled, recalled. An illegal step of a person is refused with 422 and the legal ones; an event that a device or source reports out of
     order is recorded as an exception and moves nothing; a late older event never moves the state back.`,
  ],
  [
    '危急值闭环', 'The critical value loop',
    [['已发现', 'found'], ['双人审核', 'audited'], ['已通报', 'notified'], ['已接收', 'received'], ['已告知医生', 'doctor-informed'], ['已处理', 'handled'], ['已记录', 'noted'], ['已闭环', 'closed']],
    `每一步有时限，逾期逐级升级。接收须复述；已处理并已记录后方可闭环。旁路：科室自行处理、撤销、患者已转科、联系不上，均须说明原因。`,
    `Every step has a limit; a lapse escalates. Receipt needs a read-back; a case closes only after it is handled and noted. Side exits (handled by the
     finder, withdrawn, transferred, not reached) need a reason.`,
  ],
];

export const security = [
  `<p>每个入口都需要身份（SMART App Launch 2 的令牌，DIMSE 的已配置对端）。所有入口询问同一个策略引擎。策略隐藏的资源与不存在的资源回答完全一致：404，
   且不出现在检索、计数、包含、历史和通知中；永远不可能被允许的请求为 403；无身份为 401。</p>
   <p>判定顺序：先过密级（N、R、V），再取匹配规则中优先级最高者，同级拒绝优先，无匹配则拒绝。令牌范围只会缩小策略所允许的内容。</p>
   <p>每次读取、检索、写入、拒绝都产生不可更改、哈希成链的审计事件（IHE BALP）。</p>`,
  `<p>Every door needs an identity: a token of SMART App Launch 2, or a configured DIMSE peer. All doors ask one policy engine. What a policy hides answers
   exactly as if it did not exist: 404, and absent from searches, counts, includes, histories and notifications; what could never be permitted is 403; no
   identity is 401.</p>
   <p>Order of decision: the label gate first (N, R, V), then the highest priority that matches, inside it deny beats permit, and what nothing permits is
   denied. Scopes of a token only narrow what the policies permit.</p>
   <p>Every read, search, write and refusal leaves an audit event (IHE BALP) that cannot be changed, in a chain of hashes.</p>`,
];

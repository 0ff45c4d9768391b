ValueSet: ExamKindSet
Id: exam-kind
Title: "Exam kind"
Description: "All codes of 检查类别 (exam kind)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "检查类别"
* ^experimental = false
* include codes from system ExamKindCodes

ValueSet: ExamStatusSet
Id: exam-status
Title: "Exam status"
Description: "All codes of 检查状态 (exam status)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "检查状态"
* ^experimental = false
* include codes from system ExamStatusCodes

ValueSet: TaskKindSet
Id: task-kind
Title: "Kind of task"
Description: "All codes of 任务类型 (kind of task)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "任务类型"
* ^experimental = false
* include codes from system TaskKindCodes

ValueSet: TaskTypeSet
Id: task-type
Title: "Kind of access task"
Description: "All codes of 访问任务类型 (kind of access task)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "访问任务类型"
* ^experimental = false
* include codes from system TaskTypeCodes

ValueSet: AccessInputSet
Id: access-input
Title: "Inputs and outputs of access tasks"
Description: "All codes of 访问任务的输入输出 (inputs and outputs of access tasks)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "访问任务的输入输出"
* ^experimental = false
* include codes from system AccessInputCodes

ValueSet: AccessStatusSet
Id: access-status
Title: "Status of access tasks"
Description: "All codes of 访问任务状态 (status of access tasks)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "访问任务状态"
* ^experimental = false
* include codes from system AccessStatusCodes

ValueSet: AccessGrantSet
Id: access-grant
Title: "Grant of access"
Description: "All codes of 访问授权 (grant of access)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "访问授权"
* ^experimental = false
* include codes from system AccessGrantCodes

ValueSet: ReportPositivitySet
Id: report-positivity
Title: "Positivity of a report"
Description: "All codes of 阳性判定 (positivity of a report)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "阳性判定"
* ^experimental = false
* include codes from system ReportPositivityCodes

ValueSet: ReportActionSet
Id: report-action
Title: "Actions"
Description: "All codes of 操作 (actions)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "操作"
* ^experimental = false
* include codes from system ReportActionCodes

ValueSet: PolicyActorRoleSet
Id: policy-actor-role
Title: "Role of an actor"
Description: "All codes of 主体类别 (role of an actor)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "主体类别"
* ^experimental = false
* include codes from system PolicyActorRoleCodes

ValueSet: PolicyRuleSet
Id: policy-rule
Title: "Policy rule"
Description: "All codes of 策略规则 (policy rule)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "策略规则"
* ^experimental = false
* include codes from system PolicyRuleCodes

ValueSet: PolicyInterfaceSet
Id: policy-interface
Title: "Interface"
Description: "All codes of 接口 (interface)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "接口"
* ^experimental = false
* include codes from system PolicyInterfaceCodes

ValueSet: PolicyMaskSet
Id: policy-mask
Title: "Mask"
Description: "All codes of 脱敏 (mask)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "脱敏"
* ^experimental = false
* include codes from system PolicyMaskCodes

ValueSet: ConsentScopeSet
Id: consent-scope
Title: "Consent scope"
Description: "All codes of 同意范围 (consent scope)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "同意范围"
* ^experimental = false
* include codes from system ConsentScopeCodes

ValueSet: DataTypeSet
Id: data-type
Title: "Data type"
Description: "All codes of 数据类型 (data type)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "数据类型"
* ^experimental = false
* include codes from system DataTypeCodes

ValueSet: PatientTypeSet
Id: patient-type
Title: "Patient type"
Description: "All codes of 患者类型 (patient type)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "患者类型"
* ^experimental = false
* include codes from system PatientTypeCodes

ValueSet: EncounterClassSet
Id: encounter-class
Title: "Encounter class"
Description: "All codes of 就诊类别 (encounter class)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "就诊类别"
* ^experimental = false
* include codes from system EncounterClassCodes

ValueSet: ExamTypeSet
Id: exam-type
Title: "Exam type"
Description: "All codes of 检查方式 (exam type)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "检查方式"
* ^experimental = false
* include codes from system ExamTypeCodes

ValueSet: CriticalStatusSet
Id: critical-status
Title: "Status of a critical value"
Description: "All codes of 危急值状态 (status of a critical value)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "危急值状态"
* ^experimental = false
* include codes from system CriticalStatusCodes

ValueSet: ReleaseStateSet
Id: release-state
Title: "Release state"
Description: "All codes of 发布状态 (release state)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "发布状态"
* ^experimental = false
* include codes from system ReleaseStateCodes

ValueSet: ImagingReviewReasonSet
Id: imaging-review-reason
Title: "Reason of an imaging review"
Description: "All codes of 影像待处理原因 (reason of an imaging review)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "影像待处理原因"
* ^experimental = false
* include codes from system ImagingReviewReasonCodes

ValueSet: TemplateContextSet
Id: template-context
Title: "Template context"
Description: "All codes of 模板适用条件 (template context)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "模板适用条件"
* ^experimental = false
* include codes from system TemplateContextCodes

ValueSet: IntervalConditionSet
Id: interval-condition
Title: "Condition of a reference interval"
Description: "All codes of 参考区间条件 (condition of a reference interval)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "参考区间条件"
* ^experimental = false
* include codes from system IntervalConditionCodes

ValueSet: QcIssueSet
Id: qc-issue
Title: "Quality problem"
Description: "All codes of 质控问题 (quality problem)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "质控问题"
* ^experimental = false
* include codes from system QcIssueCodes

ValueSet: QcGradeSet
Id: qc-grade
Title: "Quality grade"
Description: "All codes of 质量等级 (quality grade)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "质量等级"
* ^experimental = false
* include codes from system QcGradeCodes

ValueSet: QcCodeSet
Id: qc-code
Title: "Quality check"
Description: "All codes of 质控项目 (quality check)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "质控项目"
* ^experimental = false
* include codes from system QcCodeCodes

ValueSet: ImageAvailabilitySet
Id: image-availability
Title: "Image availability"
Description: "All codes of 影像可用性 (image availability)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "影像可用性"
* ^experimental = false
* include codes from system ImageAvailabilityCodes

ValueSet: RoleSet
Id: role
Title: "Role"
Description: "All codes of 角色 (role)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "角色"
* ^experimental = false
* include codes from system RoleCodes

ValueSet: OrganizationTypeSet
Id: organization-type
Title: "Kind of organization"
Description: "All codes of 机构类型 (kind of organization)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "机构类型"
* ^experimental = false
* include codes from system OrganizationTypeCodes

ValueSet: CriticalFindingSet
Id: critical-finding
Title: "Critical finding"
Description: "All codes of 危急值项目 (critical finding)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "危急值项目"
* ^experimental = false
* include codes from system CriticalFindingCodes

ValueSet: CriticalExitSet
Id: critical-exit
Title: "Exit of the critical value loop"
Description: "All codes of 危急值退出原因 (exit of the critical value loop)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "危急值退出原因"
* ^experimental = false
* include codes from system CriticalExitCodes

ValueSet: ProcessExceptionSet
Id: process-exception
Title: "Exception of a process"
Description: "All codes of 流程异常 (exception of a process)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "流程异常"
* ^experimental = false
* include codes from system ProcessExceptionCodes

ValueSet: ReportAuthorRoleSet
Id: report-author-role
Title: "Part in a report"
Description: "All codes of 报告角色 (part in a report)."
* ^title.extension[0].url = $translation
* ^title.extension[0].extension[0].url = "lang"
* ^title.extension[0].extension[0].valueCode = #zh-CN
* ^title.extension[0].extension[1].url = "content"
* ^title.extension[0].extension[1].valueString = "报告角色"
* ^experimental = false
* include codes from system ReportAuthorRoleCodes

ValueSet: TaskKindsSet
Id: task-kinds
Title: "Tasks of the hub"
Description: "What the Tasks of the hub are about: workflow and access."
* ^experimental = false
* include codes from system TaskKindCodes
* include codes from system TaskTypeCodes

ValueSet: CriticalInterpretationSet
Id: critical-interpretation
Title: "Critical interpretation"
Description: "Flags that make an Observation a critical value."
* ^experimental = false
* http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation#HH
* http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation#LL
* http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation#AA

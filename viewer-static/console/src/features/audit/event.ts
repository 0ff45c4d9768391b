import type { Language } from '../../i18n/preferences';
import { interfaces, nameOf, purposes, resourceTypes, roles, systems, type Label } from '../policies/vocabulary';

const dicom = 'http://dicom.nema.org/resources/ontology/DCM';
const interaction = 'http://hl7.org/fhir/restful-interaction';
const hub = 'https://trefoil-hub.org/fhir/CodeSystem/audit-subtype';

/** What a person may look for: the codes of types and subtypes behind one word. */
export interface Kind {
  readonly key: string;
  readonly label: Label;
  readonly type?: string;
  readonly subtype?: string;
}

function kind(key: string, zh: string, en: string, codes: { type?: string; subtype?: string }): Kind {
  return { key, label: { zh, en }, ...codes };
}

export const kinds: readonly Kind[] = [
  kind('login', '登录', 'Login', { subtype: `${dicom}|110122` }),
  kind('logout', '退出登录', 'Logout', { subtype: `${dicom}|110123` }),
  kind('token', '令牌', 'Token', { subtype: `${hub}|token` }),
  kind('read', '查看', 'Read', { subtype: `${interaction}|read,${interaction}|vread` }),
  kind('search', '查询', 'Search', { subtype: `${interaction}|search-type,${interaction}|search-system` }),
  kind('history', '查看历史', 'History', {
    subtype: `${interaction}|history-instance,${interaction}|history-type,${interaction}|history-system`,
  }),
  kind('operation', '功能调用', 'Operation', { subtype: `${interaction}|operation` }),
  kind('create', '新增', 'Create', { subtype: `${interaction}|create` }),
  kind('update', '修改', 'Change', { subtype: `${interaction}|update,${interaction}|patch` }),
  kind('delete', '删除', 'Delete', { subtype: `${interaction}|delete` }),
  kind('transaction', '批量提交', 'Transaction', { subtype: `${interaction}|transaction,${interaction}|batch` }),
  kind('query', '影像查询', 'Image query', { type: `${dicom}|110112` }),
  kind('instances', '影像调阅', 'Images accessed', { type: `${dicom}|110103` }),
  kind('transferred', '影像收发', 'Images transferred', { type: `${dicom}|110104` }),
  kind('open', '打开页面', 'Screen opened', { subtype: `${hub}|screen-open` }),
  kind('measure', '测量', 'Measurement', { subtype: `${hub}|measure` }),
  kind('print', '打印', 'Print', { subtype: `${hub}|print` }),
  kind('download', '下载', 'Download', { subtype: `${hub}|download` }),
  kind('export', '导出', 'Export', { type: `${dicom}|110106` }),
  kind('label', '密级变更', 'Level changed', { subtype: `${hub}|label-change` }),
  kind('emergency', '紧急访问', 'Emergency access', { subtype: `${dicom}|110127` }),
  kind('request', '访问申请', 'Access requested', { subtype: `${hub}|access-request` }),
  kind('decision', '访问审批', 'Access decided', { subtype: `${hub}|access-decision` }),
  kind('notification', '订阅通知', 'Notification', { subtype: `${hub}|notification` }),
  kind('association', 'DICOM 连接', 'Association', { subtype: `${hub}|association` }),
  kind('administration', '系统运维', 'Administration', { subtype: `${hub}|administration` }),
  kind('audit', '查阅审计', 'Audit read', { type: `${dicom}|110101` }),
  kind('alert', '安全事件', 'Security alert', { type: `${dicom}|110113` }),
  kind('authentication', '身份认证', 'Authentication', { type: `${dicom}|110114` }),
];

/** Codes of AuditEvent.outcome. */
export const outcomes: ReadonlyMap<string, Label> = new Map([
  ['0', { zh: '成功', en: 'Success' }],
  ['4', { zh: '被拒绝', en: 'Refused' }],
  ['8', { zh: '失败', en: 'Failed' }],
  ['12', { zh: '严重失败', en: 'Serious failure' }],
]);

/** One audit event as a line to read. */
export interface AuditLine {
  readonly id: string;
  readonly at: string;
  readonly user: string | undefined;
  readonly client: string | undefined;
  /** Roles and departments of the user. */
  readonly position: readonly string[];
  readonly address: string | undefined;
  readonly what: string;
  readonly patients: readonly string[];
  readonly resources: readonly string[];
  readonly outcome: string;
  readonly outcomeDesc: string | undefined;
  /** Consent id and index of the rule. */
  readonly policies: readonly { readonly consent: string; readonly rule: number | undefined }[];
  readonly door: string | undefined;
  readonly purposes: readonly string[];
  readonly query: string | undefined;
  readonly trace: string | undefined;
  readonly details: readonly { readonly type: string; readonly value: string }[];
}

function has(codes: string | undefined, coding: fhir4.Coding): boolean {
  return codes?.split(',').includes(`${coding.system ?? ''}|${coding.code ?? ''}`) === true;
}

function whatOf(event: fhir4.AuditEvent, language: Language): string {
  const subtypes = event.subtype ?? [];
  const found =
    kinds.find(k => subtypes.some(s => has(k.subtype, s))) ?? kinds.find(k => has(k.type, event.type));
  const own = subtypes[0] ?? event.type;
  return found?.label[language] ?? own.display ?? own.code ?? '';
}

/** The text of a query entity: base64 of UTF-8; as it stands when it is neither. */
export function decoded(base64: string | undefined): string | undefined {
  if (base64 === undefined) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(atob(base64), c => c.charCodeAt(0)));
  } catch {
    return base64;
  }
}

/** Reads an AuditEvent of the hub (IHE BALP with entities for policies and details). */
export function lineOf(event: fhir4.AuditEvent, language: Language, departments: Readonly<Record<string, string>>): AuditLine {
  const valueOf = (system: string) => (agent: fhir4.AuditEventAgent): string | undefined =>
    agent.who?.identifier?.system === system ? agent.who.identifier.value : undefined;
  const person = event.agent.find(a => valueOf(systems.user)(a) !== undefined);
  const systemsOf = event.agent.map(valueOf(systems.client)).filter(c => c !== undefined && c !== 'hub');
  const entities = event.entity ?? [];
  const roleIs = (code: string) => (e: fhir4.AuditEventEntity): boolean => e.role?.code === code;
  const named = (e: fhir4.AuditEventEntity): string => e.what?.reference ?? e.what?.identifier?.value ?? '';
  const position = (person?.role ?? []).flatMap(role => {
    const coding = role.coding?.[0];
    const code = coding?.code ?? '';
    return code === '' ? [] : [coding?.system === systems.department ? (departments[code] ?? code) : nameOf(roles, code, language)];
  });
  const rest = entities.filter(roleIs('20')).flatMap(e => e.detail ?? []).map(d => ({ type: d.type, value: d.valueString ?? decoded(d.valueBase64Binary) ?? '' }));
  const door = rest.find(d => d.type === 'interface')?.value;
  return {
    id: event.id ?? '',
    at: event.recorded,
    user: person === undefined ? undefined : (person.name ?? valueOf(systems.user)(person)),
    client: systemsOf[0],
    position,
    address: event.agent.find(a => a.network?.address !== undefined)?.network?.address,
    what: whatOf(event, language),
    patients: [...new Set(entities.filter(e => e.role?.code === '1').map(named))],
    resources: [...new Set(entities.filter(e => e.role?.code === '4' || e.role?.code === '3').map(named))].filter(r => r !== ''),
    outcome: event.outcome ?? '0',
    outcomeDesc: event.outcomeDesc,
    policies: entities.filter(roleIs('13')).map(e => {
      const rule = e.detail?.find(d => d.type === 'provision')?.valueString;
      return { consent: named(e).replace(/^Consent\//, ''), rule: rule === undefined ? undefined : Number(rule) };
    }),
    door: door === undefined ? undefined : nameOf(interfaces, door, language),
    purposes: (event.purposeOfEvent ?? []).flatMap(p => p.coding?.[0]?.code ?? []).map(code => nameOf(purposes, code, language)),
    query: decoded(entities.find(roleIs('24'))?.query),
    trace: entities.find(e => e.type?.code === 'XrequestId')?.what?.identifier?.value,
    details: rest.filter(d => d.type !== 'interface'),
  };
}

/** `ImagingStudy/12` → `影像检查/12`. */
export function resourceText(reference: string, language: Language): string {
  const [type = '', id] = reference.split('/');
  return id === undefined || reference.startsWith('urn:') ? reference : `${nameOf(resourceTypes, type, language)}/${id}`;
}

/** A cell of CSV (RFC 4180); what a spreadsheet would take for a formula is kept text. */
export function csvCell(value: string): string {
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** Lines as CSV with a byte order mark, which spreadsheets need to read Chinese. */
export function csvOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return `\uFEFF${[head, ...rows].map(row => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
}

export interface AuditFilter {
  readonly user: string;
  readonly patient: string;
  /** Instants with offset. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly kind: string | undefined;
  readonly outcome: string | undefined;
}

/** The search of a filter as FHIR parameters of AuditEvent. */
export function parametersOf(filter: AuditFilter, count: number): Record<string, string | string[]> {
  const found = kinds.find(k => k.key === filter.kind);
  const dates = [...(filter.from === undefined ? [] : [`ge${filter.from}`]), ...(filter.to === undefined ? [] : [`le${filter.to}`])];
  const patient = filter.patient.trim();
  return {
    ...(filter.user.trim() === '' ? {} : { altid: filter.user.trim() }),
    ...(patient === '' ? {} : { patient: patient.startsWith('Patient/') ? patient : `Patient/${patient}` }),
    ...(dates.length === 0 ? {} : { date: dates }),
    ...(found?.type === undefined ? {} : { type: found.type }),
    ...(found?.subtype === undefined ? {} : { subtype: found.subtype }),
    ...(filter.outcome === undefined ? {} : { outcome: filter.outcome }),
    _sort: '-date',
    _count: String(count),
  };
}

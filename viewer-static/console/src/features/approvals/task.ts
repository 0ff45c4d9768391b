import { base } from '../policies/vocabulary';

const taskType = `${base}/CodeSystem/task-type`;
const inputSystem = `${base}/CodeSystem/access-input`;
const statusSystem = `${base}/CodeSystem/access-status`;
const userSystem = `${base}/sid/user`;
export const grantSystem = `${base}/CodeSystem/access-grant`;

export type TaskKind = 'access-request' | 'break-glass-review';

export type TaskState = 'open' | 'approved' | 'rejected' | 'reviewed';

/** A request for access, or the look afterwards at an access in an emergency. */
export interface AccessTask {
  readonly id: string;
  readonly kind: TaskKind;
  readonly state: TaskState;
  /** User name of who asked. */
  readonly requester: string;
  /** Undefined when nobody of this hub is meant. */
  readonly patient: string | undefined;
  /** What was asked for when nobody is meant. */
  readonly wanted: string | undefined;
  readonly reason: string;
  readonly purpose: string | undefined;
  readonly hours: number | undefined;
  readonly dataTypes: readonly string[];
  readonly asked: string;
  readonly decided: string | undefined;
  readonly decidedBy: string | undefined;
  readonly decision: string | undefined;
  readonly until: string | undefined;
  /** When an open review is late. */
  readonly due: string | undefined;
  readonly owner: string | undefined;
}

function inputs(task: fhir4.Task, code: string): fhir4.TaskInput[] {
  return (task.input ?? []).filter(i => i.type.coding?.some(c => c.system === inputSystem && c.code === code));
}

function output(task: fhir4.Task, code: string): fhir4.TaskOutput | undefined {
  return task.output?.find(o => o.type.coding?.some(c => c.system === inputSystem && c.code === code));
}

function nameOf(reference: fhir4.Reference | undefined): string | undefined {
  return (reference?.identifier?.system === userSystem ? reference.identifier.value : undefined) ?? reference?.display ?? reference?.reference;
}

/** Reads a Task; undefined for any other kind of Task. */
export function accessTaskOf(task: fhir4.Task): AccessTask | undefined {
  const kind = task.code?.coding?.find(c => c.system === taskType)?.code;
  if (kind !== 'access-request' && kind !== 'break-glass-review') return undefined;
  const status = task.businessStatus?.coding?.find(c => c.system === statusSystem)?.code;
  const state: TaskState =
    task.status === 'rejected' ? 'rejected' : task.status !== 'completed' ? 'open' : kind === 'break-glass-review' ? 'reviewed' : 'approved';
  return {
    id: task.id ?? '',
    kind,
    state,
    requester: nameOf(task.requester) ?? '',
    patient: task.for?.reference,
    wanted: status === 'unmatched' || task.for === undefined ? inputs(task, 'wanted')[0]?.valueString : undefined,
    reason: task.reasonCode?.text ?? '',
    purpose: inputs(task, 'purpose')[0]?.valueCode,
    hours: inputs(task, 'hours')[0]?.valueInteger,
    dataTypes: inputs(task, 'data-type').flatMap(i => i.valueCode ?? []),
    asked: task.authoredOn ?? '',
    decided: state === 'open' ? undefined : task.lastModified,
    decidedBy: nameOf(output(task, 'decided-by')?.valueReference),
    decision: task.statusReason?.text,
    until: output(task, 'until')?.valueInstant,
    due: kind === 'break-glass-review' && state === 'open' ? task.restriction?.period?.end : undefined,
    owner: task.owner?.display,
  };
}

export interface Statistics {
  readonly open: number;
  readonly late: number;
  readonly approved: number;
  readonly rejected: number;
  readonly reviewed: number;
  /** Median time from asking to decision, in minutes. */
  readonly medianMinutes: number | undefined;
}

export function statisticsOf(tasks: readonly AccessTask[], now: number): Statistics {
  const minutes = tasks
    .flatMap(t => (t.decided === undefined ? [] : [(Date.parse(t.decided) - Date.parse(t.asked)) / 60_000]))
    .sort((a, b) => a - b);
  const middle = Math.floor(minutes.length / 2);
  const median = minutes.length % 2 === 1 ? minutes[middle] : ((minutes[middle - 1] ?? 0) + (minutes[middle] ?? 0)) / 2;
  const count = (state: TaskState): number => tasks.filter(t => t.state === state).length;
  return {
    open: count('open'),
    late: tasks.filter(t => t.due !== undefined && Date.parse(t.due) < now).length,
    approved: count('approved'),
    rejected: count('rejected'),
    reviewed: count('reviewed'),
    medianMinutes: minutes.length === 0 ? undefined : median,
  };
}

/** By what a user sees a patient beyond the ordinary, and until when. */
export interface Grant {
  readonly kind: 'break-glass' | 'approved';
  readonly until: string;
}

export function grantOf(patient: fhir4.Patient): Grant | undefined {
  const tag = patient.meta?.tag?.find(t => t.system === grantSystem);
  if (tag?.display === undefined || (tag.code !== 'break-glass' && tag.code !== 'approved')) return undefined;
  return { kind: tag.code, until: tag.display };
}

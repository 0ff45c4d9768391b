import { describe, expect, it } from 'vitest';
import { accessTaskOf, grantOf, statisticsOf, type AccessTask } from './task';

const c = 'https://trefoil-hub.org/fhir';

function input(code: string, value: Partial<fhir4.TaskInput>): fhir4.TaskInput {
  return { type: { coding: [{ system: `${c}/CodeSystem/access-input`, code }] }, ...value };
}

const request: fhir4.Task = {
  resourceType: 'Task',
  id: '5',
  status: 'requested',
  intent: 'order',
  code: { coding: [{ system: `${c}/CodeSystem/task-type`, code: 'access-request' }] },
  requester: { identifier: { system: `${c}/sid/user`, value: 'ward-doctor' } },
  for: { reference: 'Patient/1' },
  reasonCode: { text: '会诊' },
  authoredOn: '2026-11-24T08:00:00+08:00',
  input: [input('purpose', { valueCode: 'TREAT' }), input('hours', { valueInteger: 24 }), input('data-type', { valueCode: 'report' })],
};

describe('a task about access', () => {
  it('says who asked for whom and why', () => {
    expect(accessTaskOf(request)).toMatchObject({
      kind: 'access-request', state: 'open', requester: 'ward-doctor', patient: 'Patient/1', reason: '会诊', purpose: 'TREAT', hours: 24, dataTypes: ['report'],
    });
    expect(accessTaskOf({ ...request, code: { coding: [{ system: 'x', code: 'access-request' }] } })).toBeUndefined();
  });

  it('says what was wanted when no patient is meant', () => {
    const unmatched = Object.fromEntries(Object.entries(request).filter(([name]) => name !== 'for')) as unknown as fhir4.Task;
    expect(accessTaskOf({ ...unmatched, input: [input('wanted', { valueString: 'x|P1 王' })] })).toMatchObject({ patient: undefined, wanted: 'x|P1 王' });
  });

  it('says how it was decided', () => {
    const decided: fhir4.Task = {
      ...request,
      status: 'completed',
      lastModified: '2026-11-24T08:30:00+08:00',
      statusReason: { text: '同意' },
      output: [
        { ...input('until', {}), valueInstant: '2026-11-25T08:30:00+08:00' },
        { ...input('decided-by', {}), valueReference: { identifier: { system: `${c}/sid/user`, value: 'medical-affairs' } } },
      ],
    };
    expect(accessTaskOf(decided)).toMatchObject({ state: 'approved', decidedBy: 'medical-affairs', decision: '同意', until: '2026-11-25T08:30:00+08:00' });
    expect(accessTaskOf({ ...decided, status: 'rejected' })?.state).toBe('rejected');
  });
});

describe('statistics', () => {
  const task = (state: AccessTask['state'], minutes?: number, due?: string): AccessTask => ({
    ...(accessTaskOf(request) as AccessTask),
    state,
    due,
    decided: minutes === undefined ? undefined : new Date(Date.parse('2026-11-24T08:00:00+08:00') + minutes * 60_000).toISOString(),
  });

  it('count and give the median time to a decision', () => {
    const now = Date.parse('2026-11-26T00:00:00Z');
    expect(statisticsOf([task('open', undefined, '2026-11-25T00:00:00Z'), task('approved', 10), task('rejected', 40), task('reviewed', 20)], now)).toEqual({
      open: 1, late: 1, approved: 1, rejected: 1, reviewed: 1, medianMinutes: 20,
    });
    expect(statisticsOf([task('approved', 10), task('approved', 20)], now).medianMinutes).toBe(15);
    expect(statisticsOf([], now).medianMinutes).toBeUndefined();
  });
});

describe('a grant', () => {
  it('is read from the tag that the hub adds', () => {
    const tagged = (code: string): fhir4.Patient => ({
      resourceType: 'Patient',
      meta: { tag: [{ system: `${c}/CodeSystem/access-grant`, code, display: '2026-11-24T10:00:00Z' }] },
    });
    expect(grantOf(tagged('break-glass'))).toEqual({ kind: 'break-glass', until: '2026-11-24T10:00:00Z' });
    expect(grantOf(tagged('other'))).toBeUndefined();
    expect(grantOf({ resourceType: 'Patient' })).toBeUndefined();
  });
});

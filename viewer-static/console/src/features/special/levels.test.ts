import { describe, expect, it } from 'vitest';
import { highest, labelsOf, levelChanges, withLabels } from './levels';

const confidentiality = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality';
const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode';

function patient(...security: fhir4.Coding[]): fhir4.Patient {
  return { resourceType: 'Patient', meta: { security, lastUpdated: `2026-01-0${security.length + 1}` } };
}

describe('labels of a patient', () => {
  it('are normal when there are none, and the highest of several', () => {
    expect(labelsOf({})).toEqual({ level: 'N', sensitivities: [] });
    expect(labelsOf(patient({ system: confidentiality, code: 'V' }, { system: confidentiality, code: 'R' })).level).toBe('V');
  });

  it('count over all identities of a person', () => {
    expect(highest([{ level: 'N', sensitivities: ['HIV'] }, { level: 'R', sensitivities: ['HIV', 'CEL'] }])).toEqual({ level: 'R', sensitivities: ['HIV', 'CEL'] });
    expect(highest([])).toEqual({ level: 'N', sensitivities: [] });
  });

  it('are replaced without touching those of other systems', () => {
    const other = { system: 'http://example.org', code: 'x' };
    const changed = withLabels(patient({ system: confidentiality, code: 'V' }, { system: actCode, code: 'CEL' }, other), { level: 'R', sensitivities: ['EMP'] });
    expect(changed.meta?.security).toEqual([{ system: confidentiality, code: 'R' }, { system: actCode, code: 'EMP' }, other]);
    expect(labelsOf(changed)).toEqual({ level: 'R', sensitivities: ['EMP'] });
  });

  it('have a history of those versions that changed them', () => {
    const v = { system: confidentiality, code: 'V' };
    const versions = [patient(), patient(v), patient(v), patient()].map((p, i) => ({ ...p, meta: { ...p.meta, lastUpdated: `t${4 - i}` } }));
    expect(levelChanges(versions).map(c => [c.at, c.from?.level, c.to.level])).toEqual([['t4', 'V', 'N'], ['t2', 'N', 'V'], ['t1', undefined, 'N']]);
  });
});

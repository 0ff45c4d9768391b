import { describe, expect, it } from 'vitest';
import { csvOf, decoded, lineOf, parametersOf, resourceText } from './event';

const sid = 'https://trefoil-hub.org/fhir/sid';

const search: fhir4.AuditEvent = {
  resourceType: 'AuditEvent',
  id: '7',
  type: { system: 'http://terminology.hl7.org/CodeSystem/audit-event-type', code: 'rest' },
  subtype: [{ system: 'http://hl7.org/fhir/restful-interaction', code: 'search-type' }],
  recorded: '2026-11-24T08:00:00.123+08:00',
  outcome: '0',
  source: { observer: { display: 'Trefoil Hub' } },
  agent: [
    { requestor: false, who: { identifier: { system: `${sid}/client`, value: 'console' } }, network: { address: '10.0.0.7' } },
    { requestor: false, who: { identifier: { system: `${sid}/client`, value: 'hub' } } },
    {
      requestor: true,
      name: 'ward-doctor',
      who: { identifier: { system: `${sid}/user`, value: 'ward-doctor' } },
      role: [{ coding: [{ system: `${sid}/role`, code: 'doctor' }] }, { coding: [{ system: `${sid}/department`, code: 'W1' }] }],
    },
  ],
  entity: [
    { role: { code: '1' }, what: { reference: 'Patient/12' } },
    { role: { code: '4' }, what: { reference: 'ImagingStudy/9' } },
    { role: { code: '24' }, query: btoa('patient=12') },
    { role: { code: '13' }, what: { reference: 'Consent/1004' }, detail: [{ type: 'provision', valueString: '1' }] },
    { role: { code: '20' }, detail: [{ type: 'interface', valueString: 'fhir-rest' }, { type: 'count', valueString: '3' }] },
  ],
};

describe('an audit event', () => {
  it('is read as who did what with which patient, and by which policy', () => {
    expect(lineOf(search, 'zh', { W1: '消化内科病区' })).toEqual({
      id: '7',
      at: '2026-11-24T08:00:00.123+08:00',
      user: 'ward-doctor',
      client: 'console',
      position: ['医生', '消化内科病区'],
      address: '10.0.0.7',
      what: '查询',
      patients: ['Patient/12'],
      resources: ['ImagingStudy/9'],
      outcome: '0',
      outcomeDesc: undefined,
      policies: [{ consent: '1004', rule: 1 }],
      door: 'FHIR 接口',
      purposes: [],
      query: 'patient=12',
      trace: undefined,
      details: [{ type: 'count', value: '3' }],
    });
    expect(resourceText('ImagingStudy/9', 'zh')).toBe('影像检查/9');
  });

  it('of an unknown kind shows what it calls itself', () => {
    const other = { ...search, subtype: [{ system: 'x', code: 'y', display: 'Z' }], agent: [], entity: [] };
    expect(lineOf(other, 'zh', {})).toMatchObject({ what: 'Z', user: undefined, patients: [] });
  });

  it('may carry a query that is not UTF-8', () => {
    expect(decoded('5p2O')).toBe('李');
    expect(decoded('/w==')).toBe('/w==');
    expect(decoded(undefined)).toBeUndefined();
  });
});

describe('the search of audit events', () => {
  it('becomes FHIR parameters', () => {
    const none = { user: '', patient: '', from: undefined, to: undefined, kind: undefined, outcome: undefined };
    expect(parametersOf(none, 50)).toEqual({ _sort: '-date', _count: '50' });
    expect(parametersOf({ user: ' qc ', patient: '12', from: '2026-01-01T00:00:00+08:00', to: '2026-01-02T00:00:00+08:00', kind: 'login', outcome: '4' }, 50)).toEqual({
      altid: 'qc',
      patient: 'Patient/12',
      date: ['ge2026-01-01T00:00:00+08:00', 'le2026-01-02T00:00:00+08:00'],
      subtype: 'http://dicom.nema.org/resources/ontology/DCM|110122',
      outcome: '4',
      _sort: '-date',
      _count: '50',
    });
  });
});

describe('CSV', () => {
  it('quotes what needs it and never becomes a formula', () => {
    expect(csvOf(['甲', '乙'], [['a,b', 'say "x"'], ['=1+1', '-']])).toBe('\uFEFF甲,乙\r\n"a,b","say ""x"""\r\n\'=1+1,\'-\r\n');
  });
});

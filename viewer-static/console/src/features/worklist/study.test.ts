import { describe, expect, it } from 'vitest';
import { ageAt, nameOf, rowsOf, studyInstanceUidOf, wallClock } from './study';

describe('nameOf', () => {
  it('should join Chinese names without a space and others with one', () => {
    expect(nameOf([{ family: '欧阳', given: ['小红'] }])).toBe('欧阳小红');
    expect(nameOf([{ family: 'Li', given: ['Ming'] }])).toBe('Li Ming');
  });

  it('should prefer the Chinese writing among several', () => {
    expect(nameOf([{ text: 'Zhang San' }, { text: '张三' }])).toBe('张三');
    expect(nameOf(undefined)).toBe('');
  });
});

describe('ageAt', () => {
  it.each([
    ['1980-06-15', '2026-06-14', 45, 'year'],
    ['1980-06-15', '2026-06-15', 46, 'year'],
    ['2025-01-31', '2026-11-30', 21, 'month'],
    ['2026-11-01', '2026-11-23', 22, 'day'],
    ['2026-11-23', '2026-11-23T10:00:00+08:00', 0, 'day'],
  ] as const)('should tell the age of one born %s on %s', (born, at, value, unit) => {
    expect(ageAt(born, at)).toEqual({ value, unit });
  });

  it('should not guess from partial or impossible dates', () => {
    expect(ageAt('1980', '2026-06-15')).toBeUndefined();
    expect(ageAt(undefined, '2026-06-15')).toBeUndefined();
    expect(ageAt('2027-01-01', '2026-06-15')).toBeUndefined();
  });
});

describe('wallClock', () => {
  it('should show the time as recorded', () => {
    expect(wallClock('2026-11-23T08:05:33+08:00')).toBe('2026-11-23 08:05');
    expect(wallClock('2026-11-23')).toBe('2026-11-23');
    expect(wallClock(undefined)).toBe('');
  });
});

describe('rowsOf', () => {
  const study: fhir4.ImagingStudy = {
    resourceType: 'ImagingStudy',
    id: '7',
    status: 'available',
    subject: { reference: 'Patient/3' },
    started: '2026-11-20T09:30:00+08:00',
    modality: [{ code: 'CT' }, { code: 'SR' }, { code: 'CT' }],
    numberOfSeries: 2,
    numberOfInstances: 141,
    description: '胸部CT平扫',
    identifier: [
      { system: 'urn:dicom:uid', value: 'urn:oid:1.2.3' },
      { type: { coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'ACSN' }] }, value: 'A-1' },
    ],
  };

  it('should join study and included patient', () => {
    const patient: fhir4.Patient = {
      resourceType: 'Patient',
      id: '3',
      name: [{ text: '张三' }],
      gender: 'male',
      birthDate: '1970-01-01',
      identifier: [{ system: 'urn:other', value: 'X' }, { system: 'https://trefoil-hub.org/fhir/sid/patient-id', value: 'P0001' }],
    };
    const rows = rowsOf({ resourceType: 'Bundle', type: 'searchset', entry: [{ resource: study }, { resource: patient }] });
    expect(rows).toEqual([
      {
        key: '7',
        studyInstanceUid: '1.2.3',
        patientName: '张三',
        patientId: 'P0001',
        gender: 'male',
        age: { value: 56, unit: 'year' },
        started: '2026-11-20T09:30:00+08:00',
        description: '胸部CT平扫',
        modalities: ['CT', 'SR'],
        numberOfSeries: 2,
        numberOfInstances: 141,
        accessionNumber: 'A-1',
      },
    ]);
  });

  it('should show a study whose patient is unknown', () => {
    const [row] = rowsOf({ resourceType: 'Bundle', type: 'searchset', entry: [{ resource: study }] });
    expect(row).toMatchObject({ patientName: '', patientId: '', age: undefined });
    expect(studyInstanceUidOf({ ...study, identifier: [] })).toBeUndefined();
  });
});

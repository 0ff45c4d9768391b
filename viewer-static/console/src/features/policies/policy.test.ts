import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { resourcesOf } from '../../api/fhir';
import {
  actorOf, codingOf, consentOf, formOf, newPolicy, newRule, noConditions, paragraphsOf, referenceOf, referenceToken, tokenOf, wholeDay,
  type Conditions, type PolicyForm, type RuleForm,
} from './policy';
import { actions, categories, dataTypes, interfaces, patientTypes, purposes, resourceTypes, securityLabels, systems, weekdays } from './vocabulary';

const seeds = ['access-policies', 'demo-access-policies'].flatMap(name => {
  const bundle = JSON.parse(readFileSync(`../../ig/src/main/resources/org/trefoilhub/ig/seed/${name}.json`, 'utf8')) as fhir4.Bundle;
  // The bundle also brings the groups that its policies name.
  return resourcesOf<fhir4.Consent>(bundle, 'Consent');
});

/** Order of extensions and of actors' kinds means nothing. */
function canonical(consent: fhir4.Consent): fhir4.Consent {
  const sorted = (p: fhir4.ConsentProvision): fhir4.ConsentProvision => ({
    ...p,
    ...(p.extension ? { extension: [...p.extension].sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))) } : {}),
    ...(p.actor ? { actor: [...p.actor].sort((a, b) => JSON.stringify(a).localeCompare(JSON.stringify(b))) } : {}),
    ...(p.provision ? { provision: p.provision.map(sorted) } : {}),
  });
  return { ...consent, ...(consent.provision ? { provision: sorted(consent.provision) } : {}) };
}

/** A small generator of numbers that gives the same ones for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return state / 4294967296;
  };
}

function randomForm(next: () => number): PolicyForm {
  const below = (n: number): number => Math.floor(next() * n);
  const maybe = <T>(value: () => T): T | undefined => (next() < 0.4 ? value() : undefined);
  const some = <T>(values: readonly T[]): T[] => values.filter(() => next() < 0.25).slice(0, 4);
  const concept = (token: string): fhir4.CodeableConcept => ({ coding: [codingOf(token)] });
  const conditions = (): Conditions => ({
    sources: some(['HIS', 'RIS', 'LIS']).map(code => ({ system: systems.source, code })),
    interfaces: some([...interfaces.keys()]),
    dataTypes: [
      ...some([...dataTypes.keys()]).map(code => ({ system: systems.dataType, code })),
      ...some([...resourceTypes.keys()]).map(code => ({ system: systems.resourceType, code })),
    ],
    categories: some([...categories.keys()]).map(concept),
    patientTypes: some([...patientTypes.keys()]).map(concept),
    labels: some([...securityLabels.keys()]).map(codingOf),
    subjects: some(['Patient/1', 'Patient/2', 'Group/3']).map(reference => ({
      meaning: reference.startsWith('Group') ? ('dependents' as const) : ('instance' as const),
      reference: { reference },
    })),
    examItems: some([`${systems.examItem}|CT-CHEST`, `${systems.modality}|MR`, `${systems.department}|radiology`]).map(concept),
    exams: some(['ServiceRequest/4', 'ImagingStudy/5']).map(reference => ({ meaning: 'related' as const, reference: { reference } })),
    dataPeriod: maybe(() => ({ start: `20${10 + below(10)}-01-01`, ...(next() < 0.5 ? { end: '2024-12-31' } : {}) })),
    clients: some(['his', 'ris', 'console']).map(value => actorOf('system', `Device?${systems.client}|${value}`)),
    users: some([`PractitionerRole?${systems.role}|doctor@radiology`, 'CareTeam/6', `Practitioner?${systems.user}|steward`]).map(t => actorOf('user', t)),
    period: maybe(() => ({ end: '2026-12-31T18:00:00+08:00' })),
    hours: Array.from({ length: below(3) }, () =>
      next() < 0.3
        ? { days: ['sat', 'sun'], start: undefined, minutes: wholeDay }
        : { days: some([...weekdays.keys()]), start: `${String(below(24)).padStart(2, '0')}:${String(below(60)).padStart(2, '0')}`, minutes: 1 + below(wholeDay) },
    ),
    actions: some([...actions.keys()]).map(code => ({ coding: [{ system: systems.action, code }] })),
    purposes: some([...purposes.keys()]).map(code => ({ system: systems.purpose, code })),
    otherExtensions: next() < 0.1 ? [{ url: 'http://example.org/other', valueString: 'kept' }] : [],
    rest: next() < 0.1 ? { id: 'kept' } : {},
  });
  const rule = (): RuleForm => {
    const effect = next() < 0.5 ? 'permit' : 'deny';
    return {
      effect,
      priority: [0, 100, 200, 300, 400, 900, 250][below(7)] ?? 0,
      mask: effect === 'permit' ? maybe(() => (next() < 0.5 ? 'name' : 'demographics')) : undefined,
      conditions: conditions(),
    };
  };
  return {
    title: ['体检患者', 'a < b & "c"', ''][below(3)] ?? '',
    titleEn: next() < 0.5 ? '' : 'check-up patients',
    common: next() < 0.5 ? noConditions : conditions(),
    rules: Array.from({ length: 1 + below(3) }, rule),
  };
}

describe('policy form', () => {
  it('gives every seeded policy back as it came', () => {
    expect(seeds.length).toBeGreaterThan(15);
    for (const seed of seeds) expect(canonical(consentOf(formOf(seed), seed)), seed.id ?? '').toEqual(canonical(seed));
  });

  it('reads what it wrote, for any content', () => {
    const next = random(20261124);
    for (let i = 0; i < 500; i++) {
      const form = randomForm(next);
      expect(formOf(consentOf(form))).toEqual(form);
    }
  });

  it('writes a new policy as the profile asks for it', () => {
    const form: PolicyForm = {
      ...newPolicy,
      title: '夜间不得下载',
      rules: [{
        ...newRule,
        priority: 100,
        conditions: {
          ...noConditions,
          actions: [{ coding: [{ system: systems.action, code: 'download' }] }],
          hours: [{ days: ['mon', 'tue'], start: '22:30', minutes: 450 }],
        },
      }],
    };
    expect(consentOf(form)).toEqual({
      resourceType: 'Consent',
      meta: { profile: ['https://trefoil-hub.org/fhir/StructureDefinition/AccessPolicy'] },
      text: { status: 'additional', div: '<div xmlns="http://www.w3.org/1999/xhtml"><p>夜间不得下载</p></div>' },
      status: 'draft',
      scope: { coding: [{ system: 'https://trefoil-hub.org/fhir/CodeSystem/consent-scope', code: 'access-policy' }] },
      category: [{ coding: [{ system: 'http://loinc.org', code: '57016-8' }] }],
      policyRule: { coding: [{ system: 'https://trefoil-hub.org/fhir/CodeSystem/policy-rule', code: 'hub-11d' }] },
      provision: {
        provision: [{
          extension: [
            {
              url: 'https://trefoil-hub.org/fhir/StructureDefinition/policy-hours',
              valueTiming: { repeat: { duration: 450, durationUnit: 'min', dayOfWeek: ['mon', 'tue'], timeOfDay: ['22:30:00'] } },
            },
            { url: 'https://trefoil-hub.org/fhir/StructureDefinition/policy-priority', valueInteger: 100 },
          ],
          type: 'deny',
          action: [{ coding: [{ system: 'https://trefoil-hub.org/fhir/CodeSystem/report-action', code: 'download' }] }],
        }],
      },
    });
  });

  it('splits hours that begin at several times of the day', () => {
    const seed = consentOf(newPolicy);
    const rule: fhir4.ConsentProvision = {
      type: 'deny',
      extension: [{
        url: 'https://trefoil-hub.org/fhir/StructureDefinition/policy-hours',
        valueTiming: { repeat: { timeOfDay: ['08:00:00', '14:00:00'], duration: 4, durationUnit: 'h', dayOfWeek: ['sat'] } },
      }],
    };
    expect(formOf({ ...seed, provision: { provision: [rule] } }).rules[0]?.conditions.hours).toEqual([
      { days: ['sat'], start: '08:00', minutes: 240 },
      { days: ['sat'], start: '14:00', minutes: 240 },
    ]);
  });

  it('keeps the narrative of a policy whose name was not touched', () => {
    const text: fhir4.Narrative = { status: 'additional', div: '<div xmlns="http://www.w3.org/1999/xhtml"><p lang="zh">甲 &amp; <b>乙</b></p></div>' };
    expect(paragraphsOf(text)).toEqual(['甲 & 乙']);
    const stored = { ...consentOf(newPolicy), text };
    expect(consentOf(formOf(stored), stored).text).toEqual(text);
    expect(consentOf({ ...formOf(stored), title: '丙' }, stored).text?.div).toContain('<p>丙</p>');
  });

  it('names codings and references by tokens', () => {
    for (const token of ['CareTeam/1', `Device?${systems.client}|his`, `PractitionerRole?${systems.role}|doctor@W1`]) {
      expect(referenceToken(referenceOf(token))).toBe(token);
    }
    expect(tokenOf(codingOf(`${systems.examItem}|CT-CHEST`))).toBe(`${systems.examItem}|CT-CHEST`);
  });
});

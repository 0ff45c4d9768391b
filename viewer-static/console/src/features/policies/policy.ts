import { extensions, profile, systems } from './vocabulary';

/**
 * An access policy as the editor holds it. It keeps the FHIR elements themselves, so that what is not touched goes back as it came;
 * whatever the editor has no field for stays in `rest` and `otherExtensions`.
 */
export interface PolicyForm {
  /** First and second paragraph of the narrative: Chinese and English name. */
  readonly title: string;
  readonly titleEn: string;
  /** Conditions of the root provision, which every rule inherits. */
  readonly common: Conditions;
  readonly rules: readonly RuleForm[];
}

export interface RuleForm {
  readonly effect: 'permit' | 'deny';
  readonly priority: number;
  /** Code of policy-mask; undefined when the extension is not there. */
  readonly mask: string | undefined;
  readonly conditions: Conditions;
}

/** The conditions of one provision. An empty list or an absent period means: any. */
export interface Conditions {
  readonly sources: readonly fhir4.Coding[];
  readonly interfaces: readonly string[];
  readonly dataTypes: readonly fhir4.Coding[];
  readonly categories: readonly fhir4.CodeableConcept[];
  readonly patientTypes: readonly fhir4.CodeableConcept[];
  readonly labels: readonly fhir4.Coding[];
  readonly subjects: readonly fhir4.ConsentProvisionData[];
  readonly examItems: readonly fhir4.CodeableConcept[];
  readonly exams: readonly fhir4.ConsentProvisionData[];
  readonly dataPeriod: fhir4.Period | undefined;
  readonly clients: readonly fhir4.ConsentProvisionActor[];
  readonly users: readonly fhir4.ConsentProvisionActor[];
  readonly period: fhir4.Period | undefined;
  readonly hours: readonly Hours[];
  readonly actions: readonly fhir4.CodeableConcept[];
  readonly purposes: readonly fhir4.Coding[];
  readonly otherExtensions: readonly fhir4.Extension[];
  readonly rest: Readonly<Record<string, unknown>>;
}

/** Some hours of some days of the week; without a start the whole day. */
export interface Hours {
  readonly days: readonly string[];
  /** `HH:MM`. */
  readonly start: string | undefined;
  readonly minutes: number;
}

export const wholeDay = 24 * 60;

export const noConditions: Conditions = {
  sources: [],
  interfaces: [],
  dataTypes: [],
  categories: [],
  patientTypes: [],
  labels: [],
  subjects: [],
  examItems: [],
  exams: [],
  dataPeriod: undefined,
  clients: [],
  users: [],
  period: undefined,
  hours: [],
  actions: [],
  purposes: [],
  otherExtensions: [],
  rest: {},
};

export const newRule: RuleForm = { effect: 'deny', priority: 200, mask: undefined, conditions: noConditions };

export const newPolicy: PolicyForm = { title: '', titleEn: '', common: noConditions, rules: [newRule] };

const understood = new Set([
  'extension', 'type', 'period', 'actor', 'action', 'securityLabel', 'purpose', 'class', 'code', 'dataPeriod', 'data', 'provision',
]);
const conditionExtensions: readonly string[] = [
  extensions.source, extensions.interface, extensions.patientType, extensions.examItem, extensions.hours, extensions.priority, extensions.mask,
];

function extensionsOf(provision: fhir4.ConsentProvision, url: string): readonly fhir4.Extension[] {
  return provision.extension?.filter(e => e.url === url) ?? [];
}

function present<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((v): v is T => v !== undefined);
}

const unitMinutes: Readonly<Record<string, number>> = { s: 1 / 60, min: 1, h: 60, d: wholeDay };

function hoursOf(timing: fhir4.Timing | undefined): Hours[] {
  const repeat = timing?.repeat;
  const days = repeat?.dayOfWeek ?? [];
  if (repeat?.timeOfDay === undefined || repeat.timeOfDay.length === 0) return [{ days, start: undefined, minutes: wholeDay }];
  const minutes = (repeat.duration ?? 0) * (unitMinutes[repeat.durationUnit ?? ''] ?? 0);
  return repeat.timeOfDay.map(time => ({ days, start: time.slice(0, 5), minutes }));
}

function timingOf({ days, start, minutes }: Hours): fhir4.Timing {
  return {
    repeat: {
      ...(start === undefined
        ? {}
        : minutes % 60 === 0
          ? { duration: minutes / 60, durationUnit: 'h' as const }
          : { duration: minutes, durationUnit: 'min' as const }),
      ...(days.length > 0 ? { dayOfWeek: [...days] as NonNullable<fhir4.TimingRepeat['dayOfWeek']> } : {}),
      ...(start === undefined ? {} : { timeOfDay: [`${start}:00`] }),
    },
  };
}

function conditionsOf(provision: fhir4.ConsentProvision | undefined): Conditions {
  if (provision === undefined) return noConditions;
  const roleOf = (actor: fhir4.ConsentProvisionActor): string | undefined => actor.role.coding?.[0]?.code;
  const actors = provision.actor ?? [];
  const data = provision.data ?? [];
  return {
    sources: present(extensionsOf(provision, extensions.source).map(e => e.valueCoding)),
    interfaces: present(extensionsOf(provision, extensions.interface).map(e => e.valueCode)),
    dataTypes: provision.class ?? [],
    categories: provision.code ?? [],
    patientTypes: present(extensionsOf(provision, extensions.patientType).map(e => e.valueCodeableConcept)),
    labels: provision.securityLabel ?? [],
    subjects: data.filter(d => d.meaning !== 'related'),
    examItems: present(extensionsOf(provision, extensions.examItem).map(e => e.valueCodeableConcept)),
    exams: data.filter(d => d.meaning === 'related'),
    dataPeriod: provision.dataPeriod,
    clients: actors.filter(a => roleOf(a) === 'system'),
    users: actors.filter(a => roleOf(a) !== 'system'),
    period: provision.period,
    hours: extensionsOf(provision, extensions.hours).flatMap(e => hoursOf(e.valueTiming)),
    actions: provision.action ?? [],
    purposes: provision.purpose ?? [],
    otherExtensions: provision.extension?.filter(e => !conditionExtensions.includes(e.url)) ?? [],
    rest: Object.fromEntries(Object.entries(provision).filter(([name]) => !understood.has(name))),
  };
}

function list<T>(name: string, values: readonly T[]): Record<string, T[]> {
  return values.length > 0 ? { [name]: [...values] } : {};
}

function provisionOf(c: Conditions, rule: RuleForm | undefined): fhir4.ConsentProvision {
  const extension: fhir4.Extension[] = [
    ...c.sources.map(valueCoding => ({ url: extensions.source, valueCoding })),
    ...c.interfaces.map(valueCode => ({ url: extensions.interface, valueCode })),
    ...c.patientTypes.map(valueCodeableConcept => ({ url: extensions.patientType, valueCodeableConcept })),
    ...c.examItems.map(valueCodeableConcept => ({ url: extensions.examItem, valueCodeableConcept })),
    ...c.hours.map(hours => ({ url: extensions.hours, valueTiming: timingOf(hours) })),
    ...(rule === undefined || rule.priority === 0 ? [] : [{ url: extensions.priority, valueInteger: rule.priority }]),
    ...(rule?.mask === undefined ? [] : [{ url: extensions.mask, valueCode: rule.mask }]),
    ...c.otherExtensions,
  ];
  return {
    ...c.rest,
    ...list('extension', extension),
    ...(rule === undefined ? {} : { type: rule.effect }),
    ...(c.period === undefined ? {} : { period: c.period }),
    ...list('actor', [...c.clients, ...c.users]),
    ...list('action', c.actions),
    ...list('securityLabel', c.labels),
    ...list('purpose', c.purposes),
    ...list('class', c.dataTypes),
    ...list('code', c.categories),
    ...(c.dataPeriod === undefined ? {} : { dataPeriod: c.dataPeriod }),
    ...list('data', [...c.subjects, ...c.exams]),
  };
}

const entities: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&#39;': "'", '&apos;': "'", '&amp;': '&' };

/** The paragraphs of a narrative as plain text. */
export function paragraphsOf(text: fhir4.Narrative | undefined): string[] {
  return [...(text?.div ?? '').matchAll(/<p(?:\s[^>]*)?>(.*?)<\/p>/gs)].map(match =>
    (match[1] ?? '')
      .replace(/<[^>]*>/g, '')
      .replace(/&(?:lt|gt|quot|apos|amp|#39);/g, entity => entities[entity] ?? entity)
      .trim(),
  );
}

function narrativeOf(title: string, titleEn: string): fhir4.Narrative {
  const paragraph = (text: string): string => `<p>${text.replace(/[&<>]/g, c => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c] ?? c)}</p>`;
  const paragraphs = [title.trim(), titleEn.trim()].filter((t, i) => t !== '' || (i === 0 && titleEn.trim() !== ''));
  return { status: 'additional', div: `<div xmlns="http://www.w3.org/1999/xhtml">${paragraphs.map(paragraph).join('')}</div>` };
}

/** Reads a stored policy into the editor. */
export function formOf(consent: fhir4.Consent): PolicyForm {
  const [title = '', titleEn = ''] = paragraphsOf(consent.text);
  return {
    title,
    titleEn,
    common: conditionsOf(consent.provision),
    rules: (consent.provision?.provision ?? []).map(provision => ({
      effect: provision.type === 'permit' ? 'permit' : 'deny',
      priority: extensionsOf(provision, extensions.priority)[0]?.valueInteger ?? 0,
      mask: extensionsOf(provision, extensions.mask)[0]?.valueCode,
      conditions: conditionsOf(provision),
    })),
  };
}

/**
 * Writes the editor's content as a Consent of profile AccessPolicy.
 *
 * @param stored the version that was edited; its status, id and everything without a field are kept
 */
export function consentOf(form: PolicyForm, stored?: fhir4.Consent): fhir4.Consent {
  const [title = '', titleEn = ''] = paragraphsOf(stored?.text);
  const start: fhir4.Consent = stored ?? {
    resourceType: 'Consent',
    meta: { profile: [profile] },
    status: 'draft',
    scope: { coding: [{ system: systems.scope, code: 'access-policy' }] },
    category: [{ coding: [{ system: 'http://loinc.org', code: '57016-8' }] }],
    policyRule: { coding: [{ system: systems.rule, code: 'hub-11d' }] },
  };
  return {
    ...start,
    text: stored?.text !== undefined && title === form.title && titleEn === form.titleEn ? stored.text : narrativeOf(form.title, form.titleEn),
    provision: { ...provisionOf(form.common, undefined), provision: form.rules.map(rule => provisionOf(rule.conditions, rule)) },
  };
}

/** The one string that stands for a coding in a field: `system|code`. */
export function tokenOf(coding: fhir4.Coding | undefined): string {
  return `${coding?.system ?? ''}|${coding?.code ?? ''}`;
}

export function conceptToken(concept: fhir4.CodeableConcept): string {
  return tokenOf(concept.coding?.[0]);
}

export function codingOf(token: string): fhir4.Coding {
  const at = token.lastIndexOf('|');
  return { system: token.slice(0, at), code: token.slice(at + 1) };
}

/** The one string that stands for a reference in a field: `Device/12`, or `Device?system|value` for a logical one. */
export function referenceToken(reference: fhir4.Reference | undefined): string {
  if (reference?.reference !== undefined) return reference.reference;
  return `${reference?.type ?? ''}?${reference?.identifier?.system ?? ''}|${reference?.identifier?.value ?? ''}`;
}

export function referenceOf(token: string): fhir4.Reference {
  const at = token.indexOf('?');
  if (at < 0) return { reference: token };
  const { system, code } = codingOf(token.slice(at + 1));
  return { type: token.slice(0, at), identifier: { ...(system === undefined ? {} : { system }), ...(code === undefined ? {} : { value: code }) } };
}

export function actorOf(role: 'system' | 'user', token: string): fhir4.ConsentProvisionActor {
  return { role: { coding: [{ system: systems.actorRole, code: role }] }, reference: referenceOf(token) };
}

/** Whether a Consent is an access policy at all; a consent that a patient signs is none of these pages.*/
export function isAccessPolicy(consent: fhir4.Consent): boolean {
  return (
    consent.scope.coding?.some(c => c.system === systems.scope && c.code === 'access-policy') === true ||
    consent.meta?.profile?.includes(profile) === true
  );
}

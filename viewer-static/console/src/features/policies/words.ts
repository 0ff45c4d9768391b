import type { Language } from '../../i18n/preferences';
import { conceptToken, referenceToken, tokenOf, wholeDay, type Conditions, type Hours, type RuleForm } from './policy';
import {
  actions, categories, consentActions, dataTypes, interfaces, nameOf, patientTypes, purposes, resourceTypes, roles, securityLabels, systems, weekdays,
  type Label,
} from './vocabulary';

/** Names of what only the hub knows: people, departments, systems, patients, exam items. Asked with the token of a field. */
export type Names = (token: string) => string | undefined;

export const dimensionCodes = [
  'user', 'system', 'interface', 'action', 'purpose', 'data-type', 'source', 'patient-type', 'patient', 'exam', 'data-period', 'authorisation-period',
] as const;

export type DimensionCode = (typeof dimensionCodes)[number];

export type DimensionWords = Readonly<Record<DimensionCode, readonly string[]>>;

function of(words: ReadonlyMap<string, Label>, code: string, language: Language): string {
  return nameOf(words, code, language);
}

/** Who a user actor means, e.g. 放射科医生. */
export function actorName(token: string, names: Names, language: Language): string {
  const known = names(token);
  if (known !== undefined) return known;
  const value = token.slice(token.lastIndexOf('|') + 1);
  if (token.includes(`?${systems.role}|`)) {
    const [role = '', department] = value.split('@');
    if (department === undefined) return of(roles, role, language);
    const where = names(`Organization?${systems.department}|${department}`) ?? department;
    return language === 'zh' ? `${where}${of(roles, role, language)}` : `${of(roles, role, language)} of ${where}`;
  }
  return token.includes('?') ? value : token;
}

function day(text: string | undefined): string {
  return text === undefined ? '' : text.replace(/T(\d\d:\d\d).*$/, ' $1');
}

export function periodWords(period: fhir4.Period | undefined, language: Language): string {
  if (period?.start === undefined && period?.end === undefined) return '';
  if (period.end === undefined) return language === 'zh' ? `${day(period.start)} 起` : `from ${day(period.start)}`;
  if (period.start === undefined) return language === 'zh' ? `至 ${day(period.end)}` : `until ${day(period.end)}`;
  return language === 'zh' ? `${day(period.start)} 至 ${day(period.end)}` : `${day(period.start)} to ${day(period.end)}`;
}

const week = [...weekdays.keys()];

function daysWords(days: readonly string[], language: Language): string {
  const chosen = week.filter(d => days.includes(d));
  if (chosen.length === 0 || chosen.length === 7) return language === 'zh' ? '每天' : 'every day';
  const first = week.indexOf(chosen[0] ?? '');
  const joined = chosen.every((d, i) => week[first + i] === d);
  const name = (d: string | undefined): string => of(weekdays, d ?? '', language);
  if (joined && chosen.length > 2) return language === 'zh' ? `${name(chosen[0])}至${name(chosen.at(-1))}` : `${name(chosen[0])}–${name(chosen.at(-1))}`;
  return chosen.map(name).join(language === 'zh' ? '、' : ', ');
}

/** `HH:MM` some minutes later; beyond midnight it begins again. */
export function endOf(start: string, minutes: number): string {
  const [hour = 0, minute = 0] = start.split(':').map(Number);
  const end = (hour * 60 + minute + minutes) % wholeDay;
  return `${String(Math.floor(end / 60)).padStart(2, '0')}:${String(end % 60).padStart(2, '0')}`;
}

export function hoursWords({ days, start, minutes }: Hours, language: Language): string {
  const which = daysWords(days, language);
  if (start === undefined) return which;
  const end = endOf(start, minutes);
  const nextDay = minutes < wholeDay && end <= start && end !== '00:00' ? (language === 'zh' ? '次日 ' : 'next day ') : '';
  return `${which} ${start}–${nextDay}${minutes === wholeDay || end !== '00:00' ? end : '24:00'}`;
}

/** What one provision's conditions say, dimension by dimension; an empty list says nothing about it. */
export function dimensionWords(c: Conditions, names: Names, language: Language): DimensionWords {
  const coded = (words: ReadonlyMap<string, Label>, token: string, display?: string): string => {
    const code = token.slice(token.lastIndexOf('|') + 1);
    return words.get(token)?.[language] ?? names(token) ?? display ?? words.get(code)?.[language] ?? code;
  };
  const concept = (words: ReadonlyMap<string, Label>) => (value: fhir4.CodeableConcept): string =>
    coded(words, conceptToken(value), value.coding?.[0]?.display ?? value.text);
  const actor = (a: fhir4.ConsentProvisionActor): string => actorName(referenceToken(a.reference), names, language);
  const data = (d: fhir4.ConsentProvisionData): string => names(referenceToken(d.reference)) ?? d.reference.display ?? referenceToken(d.reference);
  return {
    user: c.users.map(actor),
    system: c.clients.map(actor),
    interface: c.interfaces.map(code => of(interfaces, code, language)),
    action: c.actions.map(a => {
      const coding = a.coding?.[0];
      return of(coding?.system === systems.consentAction ? consentActions : actions, coding?.code ?? '', language);
    }),
    purpose: c.purposes.map(p => of(purposes, p.code ?? '', language)),
    'data-type': [
      ...c.dataTypes.map(t => of(t.system === systems.dataType ? dataTypes : resourceTypes, t.code ?? '', language)),
      ...c.categories.filter(v => v.coding?.[0]?.system !== systems.examItem).map(concept(categories)),
    ],
    source: c.sources.map(s => coded(new Map(), tokenOf(s), s.display)),
    'patient-type': [...c.patientTypes.map(concept(patientTypes)), ...c.labels.map(l => coded(securityLabels, tokenOf(l), l.display))],
    patient: c.subjects.map(data),
    exam: [
      ...c.examItems.map(concept(new Map())),
      ...c.categories.filter(v => v.coding?.[0]?.system === systems.examItem).map(concept(new Map())),
      ...c.exams.map(data),
    ],
    'data-period': [periodWords(c.dataPeriod, language)].filter(t => t !== ''),
    'authorisation-period': [periodWords(c.period, language), ...c.hours.map(h => hoursWords(h, language))].filter(t => t !== ''),
  };
}

/** Both together: what the root provision says holds for the rule as well. */
export function jointWords(common: Conditions, own: Conditions, names: Names, language: Language): DimensionWords {
  const root = dimensionWords(common, names, language);
  const rule = dimensionWords(own, names, language);
  const both = (code: DimensionCode): readonly string[] =>
    root[code].length > 0 && rule[code].length > 0
      ? [`${enumeration(root[code], language)}${language === 'zh' ? '且' : ' and '}${enumeration(rule[code], language)}`]
      : [...root[code], ...rule[code]];
  return Object.fromEntries(dimensionCodes.map(code => [code, both(code)])) as unknown as DimensionWords;
}

/** Joins alternatives; of a long list only the first ones and the number. */
export function enumeration(words: readonly string[], language: Language, most = Infinity): string {
  const separator = language === 'zh' ? '、' : ', ';
  if (words.length <= most) return words.join(separator);
  const shown = words.slice(0, most).join(separator);
  return language === 'zh' ? `${shown} 等 ${words.length} 项` : `${shown} and ${words.length - most} more`;
}

export interface RuleWords {
  /** Users and systems. */
  readonly who: string;
  /** Actions, data, patients and exams. */
  readonly what: string;
  /** Periods and hours. */
  readonly when: string;
}

/** One rule in three plain phrases, with the conditions it inherits. */
export function ruleWords(common: Conditions, rule: RuleForm, names: Names, language: Language, most = 4): RuleWords {
  const words = jointWords(common, rule.conditions, names, language);
  const some = (code: DimensionCode): string => enumeration(words[code], language, most);
  const zh = language === 'zh';
  const has = (code: DimensionCode): boolean => words[code].length > 0;
  const who = has('user') ? some('user') : has('system') ? '' : zh ? '任何人、任何系统' : 'anybody, any system';
  const system = has('system') ? (has('user') ? (zh ? `（经 ${some('system')}）` : ` (through ${some('system')})`) : some('system')) : '';
  const parts: string[] = [];
  if (zh) {
    const whose = [
      has('patient') ? some('patient') : '',
      has('patient-type') ? `${some('patient-type')}患者` : '',
    ].filter(t => t !== '').join('中的');
    const kind = [
      has('source') ? `来自 ${some('source')} 的` : '',
      has('data-period') ? `${some('data-period')} 的` : '',
      has('exam') ? `${some('exam')} 的` : '',
      has('data-type') ? some('data-type') : has('exam') || has('source') || has('data-period') ? '数据' : '一切数据',
    ].join('');
    const object = `${whose === '' ? '' : `${whose}的`}${kind}`;
    parts.push(has('action') ? `${some('action')} ${object}` : `对${object}做任何操作`);
    if (has('interface')) parts.push(`通过 ${some('interface')}`);
    if (has('purpose')) parts.push(`用途 ${some('purpose')}`);
  } else {
    parts.push(`${has('action') ? some('action') : 'anything with'} ${has('data-type') ? some('data-type') : 'all data'}`);
    if (has('patient')) parts.push(`of ${some('patient')}`);
    if (has('patient-type')) parts.push(`of patients ${some('patient-type')}`);
    if (has('exam')) parts.push(`of exams ${some('exam')}`);
    if (has('source')) parts.push(`from ${some('source')}`);
    if (has('data-period')) parts.push(`dated ${some('data-period')}`);
    if (has('interface')) parts.push(`through ${some('interface')}`);
    if (has('purpose')) parts.push(`for ${some('purpose')}`);
  }
  return {
    who: `${who}${system}`,
    what: parts.join(zh ? '；' : ', '),
    when: has('authorisation-period') ? enumeration(words['authorisation-period'], language) : zh ? '随时' : 'at any time',
  };
}

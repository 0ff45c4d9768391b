import type { Language } from '../../i18n/preferences';
import { formOf } from './policy';
import { dimensions, masks, nameOf, priorityName } from './vocabulary';
import { dimensionCodes, dimensionWords, type Names } from './words';
import type { PolicyTexts } from './texts';

/** One difference between two versions of a policy. */
export interface Change {
  /** The policy itself, its common conditions or one of its rules. */
  readonly where: string;
  readonly what: string;
  readonly removed: readonly string[];
  readonly added: readonly string[];
}

type Flat = ReadonlyMap<string, { readonly where: string; readonly what: string; readonly words: readonly string[] }>;

function flat(consent: fhir4.Consent, names: Names, language: Language, texts: PolicyTexts): Flat {
  const form = formOf(consent);
  const lines = new Map<string, { where: string; what: string; words: readonly string[] }>();
  const put = (where: string, what: string, words: readonly string[]): void => {
    if (words.length > 0) lines.set(`${where}\n${what}`, { where, what, words });
  };
  put(texts.policy, texts.title, [form.title].filter(t => t !== ''));
  put(texts.policy, texts.titleEn, [form.titleEn].filter(t => t !== ''));
  put(texts.policy, texts.status, [texts.statuses[consent.status] ?? consent.status]);
  const common = dimensionWords(form.common, names, language);
  for (const code of dimensionCodes) put(texts.common, nameOf(dimensions, code, language), common[code]);
  form.rules.forEach((rule, index) => {
    const where = texts.rule(index + 1);
    put(where, texts.effect, [texts.effects[rule.effect]]);
    put(where, texts.priority, [priorityName(rule.priority, language)]);
    if (rule.mask !== undefined) put(where, texts.mask, [nameOf(masks, rule.mask, language)]);
    const words = dimensionWords(rule.conditions, names, language);
    for (const code of dimensionCodes) put(where, nameOf(dimensions, code, language), words[code]);
  });
  return lines;
}

/** What changed from one version to the next, in the words of the editor. Without an older version everything is new. */
export function changesOf(
  older: fhir4.Consent | undefined,
  newer: fhir4.Consent,
  names: Names,
  language: Language,
  texts: PolicyTexts,
): readonly Change[] {
  const before: Flat = older === undefined ? new Map() : flat(older, names, language, texts);
  const after = flat(newer, names, language, texts);
  const changes: Change[] = [];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    const old = before.get(key);
    const now = after.get(key);
    const removed = old?.words.filter(w => now?.words.includes(w) !== true) ?? [];
    const added = now?.words.filter(w => old?.words.includes(w) !== true) ?? [];
    if (removed.length > 0 || added.length > 0) {
      changes.push({ where: now?.where ?? old?.where ?? '', what: now?.what ?? old?.what ?? '', removed, added });
    }
  }
  return changes;
}

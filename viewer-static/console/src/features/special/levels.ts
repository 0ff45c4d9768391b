import { systems } from '../policies/vocabulary';

/** The levels of special patients, lowest first (HL7 v3-Confidentiality). */
export const levels = ['N', 'R', 'V'] as const;

export type Level = (typeof levels)[number];

export interface Labels {
  readonly level: Level;
  /** Codes of v3-ActCode. */
  readonly sensitivities: readonly string[];
}

function isLevel(code: string | undefined): code is Level {
  return levels.some(level => level === code);
}

/** What a patient's own labels say; without a level it is N. */
export function labelsOf(resource: { meta?: fhir4.Meta | undefined }): Labels {
  const security = resource.meta?.security ?? [];
  const own = security.filter(c => c.system === systems.confidentiality).map(c => c.code).filter(isLevel);
  return {
    level: levels.filter(level => own.includes(level)).at(-1) ?? 'N',
    sensitivities: security.filter(c => c.system === systems.actCode).flatMap(c => c.code ?? []),
  };
}

/** What counts for a person: the highest level and every sensitivity over all linked identities. */
export function highest(all: readonly Labels[]): Labels {
  return {
    level: levels.filter(level => all.some(l => l.level === level)).at(-1) ?? 'N',
    sensitivities: [...new Set(all.flatMap(l => l.sensitivities))],
  };
}

/** The patient with other labels; labels of other systems stay. */
export function withLabels(patient: fhir4.Patient, labels: Labels): fhir4.Patient {
  const others = (patient.meta?.security ?? []).filter(c => c.system !== systems.confidentiality && c.system !== systems.actCode);
  const security: fhir4.Coding[] = [
    { system: systems.confidentiality, code: labels.level },
    ...labels.sensitivities.map(code => ({ system: systems.actCode, code })),
    ...others,
  ];
  return { ...patient, meta: { ...patient.meta, security } };
}

export interface LevelChange {
  readonly at: string;
  readonly from: Labels | undefined;
  readonly to: Labels;
}

function same(a: Labels, b: Labels): boolean {
  return a.level === b.level && a.sensitivities.length === b.sensitivities.length && a.sensitivities.every(s => b.sensitivities.includes(s));
}

/** The versions, newest first, in which the labels changed, newest first. */
export function levelChanges(versions: readonly fhir4.Patient[]): readonly LevelChange[] {
  return versions.flatMap((version, index) => {
    const to = labelsOf(version);
    const older = versions[index + 1];
    const from = older === undefined ? undefined : labelsOf(older);
    return from !== undefined && same(from, to) ? [] : [{ at: version.meta?.lastUpdated ?? '', from, to }];
  });
}

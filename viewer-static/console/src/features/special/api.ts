import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { createFhir, historyOfFhir, readFhir, resourcesOf, searchAll, updateFhir } from '../../api/fhir';
import { CallError } from '../../api/problem';
import type { User } from '../../api/session';
import { explain, type Explanation } from '../policies/api';
import { consentOf, formOf, newPolicy, newRule, noConditions, type Conditions } from '../policies/policy';
import { base, systems } from '../policies/vocabulary';
import { withLabels, type Labels } from './levels';

/** Where the reasons of level changes lie: one Flag for each change, about the patient. */
const flagCode = { system: `${base}/CodeSystem/flag-kind`, code: 'confidentiality-level' };
const teamSystem = `${base}/sid/special-patient-team`;

export const specialPatientsKey = ['special-patients'];

/** Everybody with a level above N. */
export function useSpecialPatients(): UseQueryResult<fhir4.Patient[]> {
  return useQuery({
    queryKey: specialPatientsKey,
    queryFn: ({ signal }) =>
      searchAll<fhir4.Patient>('Patient', { _security: ['V', 'R'].map(code => `${systems.confidentiality}|${code}`).join(',') }, signal),
  });
}

/** The patient first, then every identity that is linked with it, in either direction. */
export function useIdentities(reference: string | undefined): UseQueryResult<fhir4.Patient[]> {
  return useQuery({
    queryKey: ['identities', reference],
    enabled: reference !== undefined,
    queryFn: async ({ signal }) => {
      const own = await readFhir<fhir4.Patient>(reference ?? '', signal);
      const outward = (own.link ?? []).flatMap(l => l.other.reference ?? []).filter(r => r.startsWith('Patient/'));
      const inward = await searchAll<fhir4.Patient>('Patient', { link: reference ?? '' }, signal);
      const missing = outward.filter(r => !inward.some(p => `Patient/${p.id ?? ''}` === r));
      const more =
        missing.length === 0 ? [] : await searchAll<fhir4.Patient>('Patient', { _id: missing.map(r => r.slice('Patient/'.length)).join(',') }, signal);
      return [own, ...inward, ...more];
    },
  });
}

export interface LevelHistory {
  readonly versions: readonly fhir4.Patient[];
  readonly flags: readonly fhir4.Flag[];
}

export function useLevelHistory(reference: string | undefined, version: string | undefined): UseQueryResult<LevelHistory> {
  return useQuery({
    queryKey: ['level-history', reference, version],
    enabled: reference !== undefined && version !== undefined,
    queryFn: async ({ signal }) => {
      const [history, flags] = await Promise.all([
        historyOfFhir(reference ?? '', signal),
        searchAll<fhir4.Flag>('Flag', { patient: reference ?? '' }, signal).catch((error: unknown) => {
          // Who may set a level need not be one who may read reasons.
          if (error instanceof CallError && error.status === 403) return [];
          throw error;
        }),
      ]);
      return {
        versions: resourcesOf<fhir4.Patient>(history, 'Patient'),
        flags: flags.filter(f => f.code.coding?.some(c => c.system === flagCode.system && c.code === flagCode.code)),
      };
    },
  });
}

/** The reason that was given with a change of that time. */
export function reasonOf(flags: readonly fhir4.Flag[], at: string): fhir4.Flag | undefined {
  const instant = Date.parse(at);
  return flags.find(f => Math.abs(Date.parse(f.period?.start ?? '') - instant) < 1500);
}

/**
 * Sets a patient's labels. The header makes what is sent the whole of the labels; without it the hub would keep those that were left out.
 *
 * @throws ReasonNotKept when the labels are set and only the reason could not be written
 */
export async function setLabels(patient: fhir4.Patient, labels: Labels, reason: string, user: User | undefined): Promise<fhir4.Patient> {
  const written = await updateFhir(withLabels(patient, labels), { 'X-Meta-Snapshot-Mode': 'SECURITY_LABEL' });
  const flag: fhir4.Flag = {
    resourceType: 'Flag',
    status: labels.level === 'N' ? 'inactive' : 'active',
    code: { coding: [flagCode, { system: systems.confidentiality, code: labels.level }], text: reason },
    subject: { reference: `Patient/${patient.id ?? ''}` },
    period: { start: written.meta?.lastUpdated ?? new Date().toISOString() },
    ...(user?.fhirUser === undefined ? {} : { author: { reference: user.fhirUser, display: user.displayName } }),
  };
  try {
    await createFhir(flag);
  } catch (error) {
    throw new ReasonNotKept(error);
  }
  return written;
}

/** The labels are set; the reason is not written down. */
export class ReasonNotKept extends Error {
  constructor(cause: unknown) {
    super('', { cause });
    this.name = 'ReasonNotKept';
  }
}

/** The policy that lets assigned people see a patient, if there is one. */
export function useTeam(reference: string | undefined): UseQueryResult<fhir4.Consent | null> {
  return useQuery({
    queryKey: ['special-team', reference],
    enabled: reference !== undefined,
    queryFn: async ({ signal }) => {
      const found = await searchAll<fhir4.Consent>('Consent', { identifier: `${teamSystem}|${(reference ?? '').slice('Patient/'.length)}` }, signal);
      return found.find(c => c.status === 'active') ?? found[0] ?? null;
    },
  });
}

/** Writes the policy of the assigned people; without anybody it is switched off. */
export async function saveTeam(
  patients: readonly string[],
  stored: fhir4.Consent | null,
  team: Pick<Conditions, 'users' | 'actions'>,
  title: string,
  user: User | undefined,
): Promise<void> {
  const form = {
    ...(stored === null ? { ...newPolicy, title } : formOf(stored)),
    rules: [
      {
        ...newRule,
        effect: 'permit' as const,
        priority: 300,
        conditions: {
          ...noConditions,
          subjects: patients.map(reference => ({ meaning: 'instance' as const, reference: { reference } })),
          users: team.users,
          actions: team.actions,
        },
      },
    ],
  };
  const policy: fhir4.Consent = {
    ...(team.users.length === 0 && stored !== null ? stored : consentOf(form, stored ?? undefined)),
    identifier: [{ system: teamSystem, value: (patients[0] ?? '').slice('Patient/'.length) }],
    status: team.users.length === 0 ? 'inactive' : 'active',
    dateTime: new Date().toISOString(),
    ...(user?.fhirUser === undefined ? {} : { performer: [{ reference: user.fhirUser, display: user.displayName }] }),
  };
  if (stored !== null) await updateFhir(policy);
  else if (team.users.length > 0) await createFhir(policy);
}

export interface Seen {
  readonly kind: 'user' | 'client';
  readonly code: string;
  readonly answer: Explanation | undefined;
}

const together = 4;

/** Asks for each person and system whether it may view the patient; some at a time, telling after each. */
export async function whoSees(
  patient: string,
  actors: readonly { readonly kind: 'user' | 'client'; readonly code: string }[],
  tell: (seen: Seen) => void,
  signal: AbortSignal,
): Promise<void> {
  const waiting = [...actors];
  const work = async (): Promise<void> => {
    for (let actor = waiting.shift(); actor !== undefined; actor = waiting.shift()) {
      try {
        const answer = await explain(
          {
            user: actor.kind === 'user' ? actor.code : undefined,
            client: actor.kind === 'client' ? actor.code : undefined,
            door: 'fhir-rest',
            action: 'view',
            resource: patient,
            study: undefined,
            purpose: undefined,
            instant: undefined,
          },
          signal,
        );
        tell({ ...actor, answer });
      } catch (error) {
        if (signal.aborted) return;
        // A Practitioner without an account cannot ask for anything.
        if (!(error instanceof CallError) || error.status !== 400) throw error;
        tell({ ...actor, answer: undefined });
      }
    }
  };
  await Promise.all(Array.from({ length: together }, work));
}

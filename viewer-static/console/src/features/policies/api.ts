import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { historyOfFhir, operate, partsOf, readFhir, resourcesOf, searchAll, searchPage, valueOf } from '../../api/fhir';
import { escapeValue, fieldsFor } from '../worklist/search';
import { isAccessPolicy } from './policy';
import { systems } from './vocabulary';
import type { Names } from './words';

export const policiesKey = ['policies'];

/** Every access policy, whatever its status. */
export function usePolicies(): UseQueryResult<fhir4.Consent[]> {
  return useQuery({
    queryKey: policiesKey,
    queryFn: async ({ signal }) => {
      const found = await searchAll<fhir4.Consent>('Consent', { scope: `${systems.scope}|access-policy` }, signal);
      return found.filter(isAccessPolicy);
    },
  });
}

export function usePolicy(id: string | undefined): UseQueryResult<fhir4.Consent> {
  return useQuery({
    queryKey: ['policy', id],
    queryFn: ({ signal }) => readFhir<fhir4.Consent>(`Consent/${id ?? ''}`, signal),
    enabled: id !== undefined,
    // The editor works on what it read; a newer version is met when it saves.
    refetchOnWindowFocus: false,
    staleTime: Infinity,
    gcTime: 0,
  });
}

export function usePolicyHistory(id: string | undefined, version: string | undefined): UseQueryResult<fhir4.Consent[]> {
  return useQuery({
    queryKey: ['policy-history', id, version],
    queryFn: async ({ signal }) => resourcesOf<fhir4.Consent>(await historyOfFhir(`Consent/${id ?? ''}`, signal), 'Consent'),
    enabled: id !== undefined,
  });
}

export interface Effect {
  readonly kind: 'user' | 'client';
  readonly name: string;
  readonly door: string;
  readonly action: string;
  readonly appear: number;
  readonly vanish: number;
  readonly types: readonly { readonly name: string; readonly appear: number; readonly vanish: number }[];
}

/** What would appear and vanish for whom if a policy were in force as it stands here. */
export async function simulate(policy: fhir4.Consent): Promise<readonly Effect[]> {
  const answer = await operate('$simulate-access', [{ name: 'policy', resource: policy }]);
  const effectOf = (kind: 'user' | 'client') => (part: fhir4.ParametersParameter[]): Effect => ({
    kind,
    name: valueOf(part, 'name') ?? '',
    door: valueOf(part, 'interface') ?? '',
    action: valueOf(part, 'action') ?? '',
    appear: Number(valueOf(part, 'appear')),
    vanish: Number(valueOf(part, 'vanish')),
    types: partsOf(part, 'type').map(type => ({
      name: valueOf(type, 'name') ?? '',
      appear: Number(valueOf(type, 'appear')),
      vanish: Number(valueOf(type, 'vanish')),
    })),
  });
  return [...partsOf(answer.parameter, 'user').map(effectOf('user')), ...partsOf(answer.parameter, 'client').map(effectOf('client'))];
}

export interface Question {
  readonly user: string | undefined;
  readonly client: string | undefined;
  readonly door: string;
  readonly action: string;
  readonly resource: string | undefined;
  readonly study: string | undefined;
  readonly purpose: string | undefined;
  readonly instant: string | undefined;
}

export interface ConsideredPolicy {
  readonly reference: string;
  /** Index of the rule inside its policy, from 0. */
  readonly rule: number | undefined;
  readonly effect: string | undefined;
  readonly priority: number | undefined;
  readonly verdict: string | undefined;
  readonly labelGate: string | undefined;
  readonly dimensions: readonly { readonly code: string; readonly verdict: string }[];
}

export interface Explanation {
  readonly decision: string;
  readonly reason: string;
  readonly scopes: string;
  readonly obligations: readonly string[];
  readonly errors: readonly string[];
  readonly deciding: readonly ConsideredPolicy[];
  readonly considered: readonly ConsideredPolicy[];
}

function policyOf(part: fhir4.ParametersParameter[]): ConsideredPolicy {
  const rule = valueOf(part, 'provision');
  const priority = valueOf(part, 'priority');
  return {
    reference: valueOf(part, 'reference') ?? '',
    rule: rule === undefined ? undefined : Number(rule),
    effect: valueOf(part, 'effect'),
    priority: priority === undefined ? undefined : Number(priority),
    verdict: valueOf(part, 'verdict'),
    labelGate: valueOf(part, 'label-gate'),
    dimensions: partsOf(part, 'dimension').map(d => ({ code: valueOf(d, 'code') ?? '', verdict: valueOf(d, 'verdict') ?? '' })),
  };
}

export async function explain(question: Question, signal?: AbortSignal): Promise<Explanation> {
  const parameters: fhir4.ParametersParameter[] = [
    { name: 'interface', valueCode: question.door },
    { name: 'action', valueCode: question.action },
  ];
  if (question.user !== undefined) parameters.push({ name: 'user', valueString: question.user });
  if (question.client !== undefined) parameters.push({ name: 'client', valueString: question.client });
  if (question.resource !== undefined) parameters.push({ name: 'resource', valueReference: { reference: question.resource } });
  if (question.study !== undefined) parameters.push({ name: 'study', valueUri: question.study });
  if (question.purpose !== undefined) parameters.push({ name: 'purpose', valueCode: question.purpose });
  if (question.instant !== undefined) parameters.push({ name: 'instant', valueInstant: question.instant });
  const { parameter } = await operate('$explain-access', parameters, signal);
  const all = (name: string): string[] =>
    (parameter ?? []).filter(p => p.name === name).flatMap(p => p.valueCode ?? p.valueString ?? []);
  return {
    decision: valueOf(parameter, 'decision') ?? '',
    reason: valueOf(parameter, 'reason') ?? '',
    scopes: valueOf(parameter, 'scopes') ?? '',
    obligations: all('obligation'),
    errors: all('error'),
    deciding: partsOf(parameter, 'policy').map(policyOf),
    considered: partsOf(parameter, 'considered').map(policyOf),
  };
}

export function patientName(patient: fhir4.Patient): string {
  const name = patient.name?.[0];
  return name?.text ?? `${name?.family ?? ''}${name?.given?.join('') ?? ''}`;
}

export function patientNumber(patient: fhir4.Patient): string {
  const identifiers = patient.identifier ?? [];
  return (identifiers.find(i => i.type?.coding?.some(c => c.code === 'MR')) ?? identifiers[0])?.value ?? '';
}

/** Patients by the beginning of a name or by an exact number, the first that finds anybody. */
export async function findPatients(text: string, signal?: AbortSignal, most = 20): Promise<fhir4.Patient[]> {
  for (const field of fieldsFor(text, 'any')) {
    if (field === 'accession') continue;
    const bundle = await searchPage(
      'Patient',
      { [field === 'name' ? 'name' : 'identifier']: field === 'name' ? text.split(/\s+/).map(escapeValue) : escapeValue(text), _count: String(most) },
      signal,
    );
    const found = resourcesOf<fhir4.Patient>(bundle, 'Patient');
    if (found.length > 0) return found;
  }
  return [];
}

function patientsOf(c: fhir4.ConsentProvision | undefined): string[] {
  return [
    ...(c?.data ?? []).flatMap(d => (d.reference.reference?.startsWith('Patient/') === true ? [d.reference.reference] : [])),
    ...(c?.provision ?? []).flatMap(patientsOf),
  ];
}

/** Names that only a look at the patients gives, on top of those of the directory. */
export function useNames(directory: Names, policies: readonly fhir4.Consent[]): Names {
  const ids = useMemo(
    () => [...new Set(policies.flatMap(p => patientsOf(p.provision)))].map(r => r.slice('Patient/'.length)).sort(),
    [policies],
  );
  const { data } = useQuery({
    queryKey: ['patient-names', ids],
    queryFn: ({ signal }) => searchAll<fhir4.Patient>('Patient', { _id: ids.join(',') }, signal),
    enabled: ids.length > 0,
    staleTime: 60_000,
  });
  return useMemo(() => {
    const names = new Map((data ?? []).map(p => [`Patient/${p.id ?? ''}`, `${patientName(p)}（${patientNumber(p)}）`]));
    return token => names.get(token) ?? directory(token);
  }, [data, directory]);
}

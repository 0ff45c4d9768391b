import { resourcesOf } from '../../api/fhir';
import { searchFhir } from '../../api/http';
import { grantOf, type Grant } from '../approvals/task';
import { rowsOf, type StudyRow } from './study';

/** What the search text is matched against; `any` lets the form of the text decide. */
export type SearchField = 'any' | 'name' | 'patientId' | 'accession';

export interface StudyFilter {
  readonly text: string;
  readonly field: SearchField;
  readonly modalities: readonly string[];
  /** First and last day, `yyyy-mm-dd`, both included; undefined = open. */
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly order: 'newest' | 'oldest';
  /** From 1. */
  readonly page: number;
  readonly pageSize: number;
}

export interface StudyPage {
  readonly rows: readonly StudyRow[];
  readonly total: number;
  /** Patients of this page who are seen by a grant alone. */
  readonly grants: readonly PatientGrant[];
}

/** A patient who is seen by emergency access or an approval, until it ends. */
export interface PatientGrant extends Grant {
  readonly patient: string;
  readonly patientName: string;
  readonly patientId: string;
}

/** The grants that the hub marks on the patients of an answer. */
export function grantsOf(bundle: fhir4.Bundle): readonly PatientGrant[] {
  return resourcesOf<fhir4.Patient>(bundle, 'Patient').flatMap(resource => {
    const grant = grantOf(resource);
    if (grant === undefined) return [];
    const name = resource.name?.[0];
    return [{
      ...grant,
      patient: `Patient/${resource.id ?? ''}`,
      patientName: name?.text ?? `${name?.family ?? ''}${name?.given?.join('') ?? ''}`,
      patientId: resource.identifier?.[0]?.value ?? '',
    }];
  });
}

/**
 * The fields to try for a text, best first. A text with a digit is an identifier (of the patient, then of the exam), else a name;
 * a name of Latin letters may also be an identifier without digits.
 */
export function fieldsFor(text: string, field: SearchField): readonly Exclude<SearchField, 'any'>[] {
  if (field !== 'any') return [field];
  if (/\p{Script=Han}/u.test(text)) return ['name'];
  return /\d/.test(text) ? ['patientId', 'accession', 'name'] : ['name', 'patientId', 'accession'];
}

/** In a FHIR search value these characters separate values (FHIR R4 search.html#escaping). */
export function escapeValue(value: string): string {
  return value.replace(/[\\$,|]/g, '\\$&');
}

/** The search of a filter as FHIR parameters of ImagingStudy. */
export function parametersOf(filter: StudyFilter, field: Exclude<SearchField, 'any'>): URLSearchParams {
  const parameters = new URLSearchParams();
  const text = filter.text.trim();
  if (text !== '') {
    switch (field) {
      case 'name':
        // Every word must begin one of the patient's names; a whole Chinese name is one word.
        text.split(/\s+/).forEach(word => parameters.append('patient.name', escapeValue(word)));
        break;
      case 'patientId':
        parameters.set('patient.identifier', escapeValue(text));
        break;
      case 'accession':
        parameters.set('identifier', escapeValue(text));
        break;
    }
  }
  if (filter.modalities.length > 0) parameters.set('modality', filter.modalities.map(escapeValue).join(','));
  if (filter.from !== undefined) parameters.append('started', `ge${filter.from}`);
  if (filter.to !== undefined) parameters.append('started', `le${filter.to}`);
  parameters.set('_sort', filter.order === 'newest' ? '-started' : 'started');
  parameters.set('_include', 'ImagingStudy:subject');
  parameters.set('_count', String(filter.pageSize));
  parameters.set('_offset', String((filter.page - 1) * filter.pageSize));
  parameters.set('_total', 'accurate');
  return parameters;
}

/** One page of studies. Of several possible fields the first that finds anything counts. */
export async function searchStudies(filter: StudyFilter, signal?: AbortSignal): Promise<StudyPage> {
  let page: StudyPage = { rows: [], total: 0, grants: [] };
  const fields = filter.text.trim() === '' ? (['name'] as const) : fieldsFor(filter.text.trim(), filter.field);
  for (const field of fields) {
    const bundle = await searchFhir('ImagingStudy', parametersOf(filter, field), signal);
    const rows = rowsOf(bundle);
    page = { rows, total: bundle.total ?? rows.length, grants: grantsOf(bundle) };
    if (page.total > 0) break;
  }
  return page;
}

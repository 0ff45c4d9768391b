/** One row of the study list, made from an ImagingStudy and its Patient. Times are as recorded, in the hospital's zone. */
export interface StudyRow {
  readonly key: string;
  /** DICOM Study Instance UID; undefined when the resource carries none, then nothing can be opened. */
  readonly studyInstanceUid: string | undefined;
  readonly patientName: string;
  readonly patientId: string;
  readonly gender: fhir4.Patient['gender'];
  readonly age: Age | undefined;
  readonly started: string | undefined;
  readonly description: string;
  readonly modalities: readonly string[];
  readonly numberOfSeries: number;
  readonly numberOfInstances: number;
  readonly accessionNumber: string;
}

export interface Age {
  readonly value: number;
  readonly unit: 'year' | 'month' | 'day';
}

const patientIdSystem = 'https://trefoil-hub.org/fhir/sid/patient-id';
const identifierTypes = 'http://terminology.hl7.org/CodeSystem/v2-0203';

/** The Study Instance UID of an ImagingStudy (FHIR R4 imagingstudy.html, system `urn:dicom:uid`). */
export function studyInstanceUidOf(study: fhir4.ImagingStudy): string | undefined {
  return study.identifier?.find(i => i.system === 'urn:dicom:uid')?.value?.replace(/^urn:oid:/, '');
}

function typed(identifiers: readonly fhir4.Identifier[] | undefined, code: string): string | undefined {
  return identifiers?.find(i => i.type?.coding?.some(c => c.system === identifierTypes && c.code === code))?.value;
}

/** How the name is written where the patient lives: the text, else family and given names without a space between Chinese ones. */
export function nameOf(names: readonly fhir4.HumanName[] | undefined): string {
  if (!names || names.length === 0) return '';
  const ideographic = /\p{Script=Han}/u;
  const shown = names.map(name => {
    if (name.text) return name.text;
    const parts = [name.family ?? '', ...(name.given ?? [])].filter(part => part !== '');
    return parts.join(ideographic.test(parts.join('')) ? '' : ' ');
  });
  return shown.find(name => ideographic.test(name)) ?? shown[0] ?? '';
}

function datePart(value: string): [number, number, number] | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(value);
  return match ? [Number(match[1]), Number(match[2]), Number(match[3])] : undefined;
}

/** Age at a day: years from two years on, months from one month on, else days. Undefined when a date is missing or partial. */
export function ageAt(birthDate: string | undefined, day: string | undefined): Age | undefined {
  const born = birthDate === undefined ? undefined : datePart(birthDate);
  const at = day === undefined ? undefined : datePart(day);
  if (!born || !at) return undefined;
  const months = (at[0] - born[0]) * 12 + at[1] - born[1] - (at[2] < born[2] ? 1 : 0);
  if (months >= 24) return { value: Math.floor(months / 12), unit: 'year' };
  if (months >= 1) return { value: months, unit: 'month' };
  const days = Math.round((Date.UTC(at[0], at[1] - 1, at[2]) - Date.UTC(born[0], born[1] - 1, born[2])) / 86_400_000);
  return days >= 0 ? { value: days, unit: 'day' } : undefined;
}

/** `2026-11-23T08:05:00+08:00` as `2026-11-23 08:05`: the wall clock of the hospital, whatever zone the browser is in. */
export function wallClock(instant: string | undefined): string {
  if (instant === undefined) return '';
  const match = /^(\d{4}(?:-\d{2}){0,2})(?:T(\d{2}:\d{2}))?/.exec(instant);
  return match ? [match[1], match[2]].filter(Boolean).join(' ') : instant;
}

function rowOf(study: fhir4.ImagingStudy, patient: fhir4.Patient | undefined): StudyRow {
  return {
    key: study.id ?? '',
    studyInstanceUid: studyInstanceUidOf(study),
    patientName: nameOf(patient?.name) || (study.subject.display ?? ''),
    patientId:
      patient?.identifier?.find(i => i.system === patientIdSystem)?.value ??
      typed(patient?.identifier, 'MR') ??
      patient?.identifier?.[0]?.value ??
      study.subject.identifier?.value ??
      '',
    gender: patient?.gender,
    age: ageAt(patient?.birthDate, study.started),
    started: study.started,
    description: study.description ?? study.procedureCode?.[0]?.text ?? study.procedureCode?.[0]?.coding?.[0]?.display ?? '',
    modalities: [...new Set((study.modality ?? []).map(m => m.code ?? '').filter(code => code !== ''))],
    numberOfSeries: study.numberOfSeries ?? study.series?.length ?? 0,
    numberOfInstances: study.numberOfInstances ?? study.series?.reduce((n, s) => n + (s.numberOfInstances ?? 0), 0) ?? 0,
    accessionNumber: typed(study.identifier, 'ACSN') ?? '',
  };
}

/** The rows of a searchset: matches in their order, patients looked up among the included resources. */
export function rowsOf(bundle: fhir4.Bundle): StudyRow[] {
  const resources = (bundle.entry ?? []).map(e => e.resource);
  const patients = new Map(
    resources.filter((r): r is fhir4.Patient => r?.resourceType === 'Patient').map(p => [`Patient/${p.id ?? ''}`, p]),
  );
  return resources
    .filter((r): r is fhir4.ImagingStudy => r?.resourceType === 'ImagingStudy')
    .map(study => rowOf(study, patients.get((study.subject.reference ?? '').replace(/^.*\/(?=Patient\/)/, '').replace(/\/_history\/.*$/, ''))));
}

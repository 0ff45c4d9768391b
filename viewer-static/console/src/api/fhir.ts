import { call } from './http';

/** FHIR R4 calls as the signed-in user. Every one throws CallError for an answer other than 2xx. */

const json = { Accept: 'application/fhir+json', 'Content-Type': 'application/fhir+json' };

async function bodyOf<T>(response: Response): Promise<T> {
  return (await response.json()) as T;
}

export async function readFhir<T extends fhir4.FhirResource>(reference: string, signal?: AbortSignal): Promise<T> {
  return bodyOf(await call(`/fhir/${reference}`, { headers: { Accept: json.Accept }, ...(signal ? { signal } : {}) }));
}

export async function createFhir<T extends fhir4.FhirResource>(resource: T): Promise<T> {
  return bodyOf(
    await call(`/fhir/${resource.resourceType}`, {
      method: 'POST',
      headers: { ...json, Prefer: 'return=representation' },
      body: JSON.stringify(resource),
    }),
  );
}

/** Writes over exactly the version that was read (`If-Match`); 409 or 412 when somebody was faster. */
export async function updateFhir<T extends fhir4.FhirResource>(resource: T, headers: Record<string, string> = {}): Promise<T> {
  return bodyOf(
    await call(`/fhir/${resource.resourceType}/${resource.id ?? ''}`, {
      method: 'PUT',
      headers: { ...json, Prefer: 'return=representation', 'If-Match': `W/"${resource.meta?.versionId ?? ''}"`, ...headers },
      body: JSON.stringify(resource),
    }),
  );
}

/** Every version, newest first. */
export async function historyOfFhir(reference: string, signal?: AbortSignal): Promise<fhir4.Bundle> {
  return bodyOf(await call(`/fhir/${reference}/_history?_count=200`, { headers: { Accept: json.Accept }, ...(signal ? { signal } : {}) }));
}

/** Calls an operation with Parameters, e.g. `$explain-access` or `Task/1/$advance`. */
export async function operate<T extends fhir4.FhirResource = fhir4.Parameters>(
  operation: string,
  parameter: readonly fhir4.ParametersParameter[],
  signal?: AbortSignal,
): Promise<T> {
  const body: fhir4.Parameters = { resourceType: 'Parameters', parameter: [...parameter] };
  return bodyOf(await call(`/fhir/${operation}`, { method: 'POST', headers: json, body: JSON.stringify(body), ...(signal ? { signal } : {}) }));
}

/** One page of a search by POST, so that names and identifiers never stand in an address (FHIR R4 http.html#search). */
export async function searchPage(type: string, parameters: Record<string, string | readonly string[]>, signal?: AbortSignal): Promise<fhir4.Bundle> {
  const body = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    for (const each of typeof value === 'string' ? [value] : value) body.append(name, each);
  }
  return bodyOf(
    await call(`/fhir/${type}/_search`, { method: 'POST', headers: { Accept: json.Accept }, body, ...(signal ? { signal } : {}) }),
  );
}

/** The page a Bundle's link leads to; the hub's own links are followed on the address this page came from. */
export async function followLink(bundle: fhir4.Bundle, relation: string, signal?: AbortSignal): Promise<fhir4.Bundle | undefined> {
  const url = bundle.link?.find(l => l.relation === relation)?.url;
  if (url === undefined) return undefined;
  const { pathname, search } = new URL(url, location.origin);
  return bodyOf(await call(pathname + search, { headers: { Accept: json.Accept }, ...(signal ? { signal } : {}) }));
}

/** The resources of a type in a Bundle, those that were searched for and not what came along. */
export function resourcesOf<T extends fhir4.FhirResource>(bundle: fhir4.Bundle, type: T['resourceType']): T[] {
  return (bundle.entry ?? []).map(e => e.resource).filter((r): r is T => r?.resourceType === type);
}

/** Everything a search finds, page after page, up to `most`. */
export async function searchAll<T extends fhir4.FhirResource>(
  type: T['resourceType'],
  parameters: Record<string, string | readonly string[]> = {},
  signal?: AbortSignal,
  most = 2000,
): Promise<T[]> {
  const found: T[] = [];
  let bundle: fhir4.Bundle | undefined = await searchPage(type, { _count: '200', ...parameters }, signal);
  while (bundle !== undefined) {
    found.push(...resourcesOf<T>(bundle, type));
    if (found.length >= most) break;
    bundle = await followLink(bundle, 'next', signal);
  }
  return found;
}

/** Value of an output parameter or part, whatever its type. */
export function valueOf(parameters: readonly fhir4.ParametersParameter[] | undefined, name: string): string | undefined {
  const found = parameters?.find(p => p.name === name);
  if (found === undefined) return undefined;
  const value: unknown = Object.entries(found).find(([key]) => key.startsWith('value'))?.[1];
  if (typeof value === 'object' && value !== null) return 'reference' in value && typeof value.reference === 'string' ? value.reference : undefined;
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;
}

export function partsOf(parameters: readonly fhir4.ParametersParameter[] | undefined, name: string): readonly fhir4.ParametersParameter[][] {
  return (parameters ?? []).filter(p => p.name === name).map(p => p.part ?? []);
}

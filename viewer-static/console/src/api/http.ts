import { CallError, errorFrom, noAnswer } from './problem';
import { currentToken, renewSession } from './session';

async function attempt(path: string, init: RequestInit): Promise<Response> {
  const headers = new Headers(init.headers);
  const token = currentToken();
  if (token !== undefined) headers.set('Authorization', `Bearer ${token}`);
  try {
    return await fetch(path, { ...init, headers, credentials: 'omit' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new CallError(noAnswer, '');
  }
}

/**
 * Calls the hub as the signed-in user; renews the token once when it has ended.
 *
 * @throws CallError for every answer other than 2xx and for no answer
 */
export async function call(path: string, init: RequestInit = {}): Promise<Response> {
  let response = await attempt(path, init);
  if (response.status === 401 && (await renewSession())) response = await attempt(path, init);
  if (!response.ok) {
    const body: unknown = await response.json().catch(() => undefined);
    throw errorFrom(response.status, body);
  }
  return response;
}

/** A FHIR search by POST, so that names and identifiers never stand in an address (FHIR R4 http.html#search). */
export async function searchFhir(type: string, parameters: URLSearchParams, signal?: AbortSignal): Promise<fhir4.Bundle> {
  const response = await call(`/fhir/${type}/_search`, {
    method: 'POST',
    headers: { Accept: 'application/fhir+json' },
    body: parameters,
    ...(signal ? { signal } : {}),
  });
  return (await response.json()) as fhir4.Bundle;
}

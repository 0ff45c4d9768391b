import { challengeOf, claimsOf, randomText } from './pkce';
import { errorFrom } from './problem';

/**
 * The login of this page: authorization code with PKCE as public client `console`.
 *
 * Tokens are kept in this module's memory only. A reload asks the authorization server again; as long as its own session lasts it answers
 * with a redirect and without a page, which `fetch` follows, so the user sees nothing of it.
 */
export interface User {
  /** Login name. */
  readonly userName: string;
  /** Name as shown; the login name where the server tells no other. */
  readonly displayName: string;
  readonly roles: readonly string[];
  readonly departments: readonly string[];
  /** Reference of the Practitioner, e.g. `Practitioner/12`. */
  readonly fhirUser: string | undefined;
}

export type SessionState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'signedIn'; readonly user: User }
  | { readonly kind: 'expired'; readonly user: User }
  | { readonly kind: 'signedOut' }
  | { readonly kind: 'failed'; readonly error: Error };

interface TokenAnswer {
  access_token: string;
  expires_in?: number;
  refresh_token?: string;
  id_token?: string;
}

/** A login under way, kept while its page is away. */
interface Pending {
  readonly state: string;
  readonly verifier: string;
  readonly path: string;
}

const clientId = 'console';
const scope = 'openid profile fhirUser user/*.cruds';
const pendingKey = 'trefoil.console.signin';
const renewAheadMs = 60_000;

let state: SessionState = { kind: 'starting' };
let accessToken: string | undefined;
let refreshToken: string | undefined;
let idToken: string | undefined;
let renewal: Promise<boolean> | undefined;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

export function sessionState(): SessionState {
  return state;
}

export function onSessionChange(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function currentToken(): string | undefined {
  return accessToken;
}

function become(next: SessionState): void {
  state = next;
  listeners.forEach(listener => listener());
}

function redirectUri(): string {
  return `${location.origin}/console/`;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((v): v is string => typeof v === 'string') : [];
}

/** The user an id token tells of. */
export function userFrom(claims: Record<string, unknown>): User {
  const text = (name: string): string | undefined => (typeof claims[name] === 'string' ? claims[name] : undefined);
  const userName = text('preferred_username') ?? text('sub') ?? '';
  return {
    userName,
    displayName: text('name') ?? userName,
    roles: strings(claims['roles']),
    departments: strings(claims['departments']),
    fhirUser: text('fhirUser')?.replace(/^.*\/(?=[A-Z]\w+\/[^/]+$)/, ''),
  };
}

async function authorizeRequest(extra: Record<string, string> = {}): Promise<{ url: string; state: string; verifier: string }> {
  const verifier = randomText();
  const requestState = randomText();
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri(),
    scope,
    state: requestState,
    aud: `${location.origin}/fhir`,
    code_challenge: await challengeOf(verifier),
    code_challenge_method: 'S256',
    ...extra,
  });
  return { url: `/oauth2/authorize?${query.toString()}`, state: requestState, verifier };
}

async function requestTokens(parameters: Record<string, string>): Promise<void> {
  const response = await fetch('/oauth2/token', {
    method: 'POST',
    headers: { Accept: 'application/json' },
    body: new URLSearchParams({ client_id: clientId, ...parameters }),
  });
  const body: unknown = await response.json().catch(() => undefined);
  if (!response.ok) throw errorFrom(response.status, body);
  const answer = body as TokenAnswer;
  accessToken = answer.access_token;
  refreshToken = answer.refresh_token;
  idToken = answer.id_token ?? idToken;
  clearTimeout(timer);
  const lifetimeMs = (answer.expires_in ?? 300) * 1000;
  timer = setTimeout(() => void renewSession(), Math.max(lifetimeMs - renewAheadMs, lifetimeMs / 2));
  become({ kind: 'signedIn', user: userFrom(claimsOf(idToken ?? '')) });
}

function exchange(code: string, verifier: string): Promise<void> {
  return requestTokens({ grant_type: 'authorization_code', code, redirect_uri: redirectUri(), code_verifier: verifier });
}

async function signInSilently(): Promise<boolean> {
  try {
    const request = await authorizeRequest({ prompt: 'none' });
    const response = await fetch(request.url, { headers: { Accept: 'text/html' } });
    const landed = new URL(response.url);
    const code = landed.searchParams.get('code');
    if (landed.origin + landed.pathname !== redirectUri() || code === null || landed.searchParams.get('state') !== request.state) return false;
    await exchange(code, request.verifier);
    return true;
  } catch {
    return false;
  }
}

/** Leaves for the login page. */
export async function signInByPage(): Promise<void> {
  const request = await authorizeRequest();
  const pending: Pending = { state: request.state, verifier: request.verifier, path: location.pathname };
  sessionStorage.setItem(pendingKey, JSON.stringify(pending));
  location.assign(request.url);
}

/** Finishes a login that is under way, or starts one. Call once. */
export async function startSession(): Promise<void> {
  try {
    const query = new URLSearchParams(location.search);
    const pending = JSON.parse(sessionStorage.getItem(pendingKey) ?? 'null') as Pending | null;
    if (pending !== null && query.get('state') === pending.state) {
      sessionStorage.removeItem(pendingKey);
      // Back to the page that the login was asked from; only ever a page of ours.
      history.replaceState(null, '', pending.path.startsWith('/console/') ? pending.path : location.pathname);
      const code = query.get('code');
      if (code === null) throw errorFrom(400, { error: query.get('error'), error_description: query.get('error_description') });
      await exchange(code, pending.verifier);
      return;
    }
    if (query.has('state')) history.replaceState(null, '', location.pathname);
    if (!(await signInSilently())) await signInByPage();
  } catch (error) {
    become({ kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) });
  }
}

/** Gets a new token; false when the user has to log in again. Calls that come meanwhile share one attempt. */
export function renewSession(): Promise<boolean> {
  renewal ??= (async () => {
    if (refreshToken !== undefined) {
      try {
        await requestTokens({ grant_type: 'refresh_token', refresh_token: refreshToken });
        return true;
      } catch {
        refreshToken = undefined;
      }
    }
    if (await signInSilently()) return true;
    if (state.kind === 'signedIn') become({ kind: 'expired', user: state.user });
    return false;
  })().finally(() => {
    renewal = undefined;
  });
  return renewal;
}

/** Ends the login itself, so that nobody else goes on in its name (OpenID Connect RP-Initiated Logout, by POST: the token stays out of addresses). */
export function signOut(): void {
  clearTimeout(timer);
  const hint = idToken;
  accessToken = undefined;
  refreshToken = undefined;
  idToken = undefined;
  become({ kind: 'signedOut' });
  const form = document.createElement('form');
  form.method = 'post';
  form.action = '/oauth2/logout';
  const fields = { client_id: clientId, post_logout_redirect_uri: redirectUri(), ...(hint === undefined ? {} : { id_token_hint: hint }) };
  for (const [name, value] of Object.entries(fields)) {
    const input = document.createElement('input');
    input.type = 'hidden';
    input.name = name;
    input.value = value;
    form.append(input);
  }
  document.body.append(form);
  form.submit();
}

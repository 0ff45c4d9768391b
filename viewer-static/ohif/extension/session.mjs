// Login of the viewer: authorization code with PKCE as public client `viewer` (RFC 6749, RFC 7636).
// Tokens live in this module's memory only. A reload asks the authorization server again, whose own session answers
// without a page of its own as long as the user is logged in there, so console and viewer share one login.
import { base } from './release.mjs';

const clientId = 'viewer';
const scope = 'openid profile fhirUser user/*.cruds';
const redirectUri = `${location.origin}${base}`;
const pendingKey = 'trefoil.viewer.signin';
/** How long before its end a token is renewed, in ms. */
const renewAheadMs = 60_000;

let tokens = null;
let renewal = null;
let timer = 0;

const base64url = bytes => btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
const random = () => base64url(crypto.getRandomValues(new Uint8Array(32)));

async function authorizeRequest(extra = {}) {
  const verifier = random();
  const state = random();
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier));
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    scope,
    state,
    aud: `${location.origin}/fhir`,
    code_challenge: base64url(new Uint8Array(digest)),
    code_challenge_method: 'S256',
    ...extra,
  });
  return { verifier, state, url: `/oauth2/authorize?${query}` };
}

async function requestTokens(parameters) {
  const response = await fetch('/oauth2/token', {
    method: 'POST',
    headers: { Accept: 'application/json' },
    body: new URLSearchParams({ client_id: clientId, ...parameters }),
  });
  if (!response.ok) throw new Error(`token endpoint answered ${response.status}`);
  const answer = await response.json();
  tokens = { access: answer.access_token, refresh: answer.refresh_token ?? null };
  clearTimeout(timer);
  const lifetimeMs = (answer.expires_in ?? 300) * 1000;
  timer = setTimeout(() => renew().catch(() => {}), Math.max(lifetimeMs - renewAheadMs, lifetimeMs / 2));
}

const exchange = (code, verifier) =>
  requestTokens({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier });

/** Asks without a page: the authorization server redirects at once when it knows the user, and fetch follows. */
async function signInSilently() {
  const request = await authorizeRequest({ prompt: 'none' });
  const response = await fetch(request.url, { headers: { Accept: 'text/html' } });
  const landed = new URL(response.url);
  const code = landed.searchParams.get('code');
  if (`${landed.origin}${landed.pathname}` !== redirectUri || !code || landed.searchParams.get('state') !== request.state) return false;
  await exchange(code, request.verifier);
  return true;
}

/** Leaves for the login page; comes back to the same study. Never returns. */
export async function signInByPage() {
  const request = await authorizeRequest();
  const returnTo = location.pathname + location.search;
  sessionStorage.setItem(pendingKey, JSON.stringify({ state: request.state, verifier: request.verifier, returnTo }));
  location.replace(request.url);
  return new Promise(() => {});
}

/** Makes sure that there is a token, by whatever way disturbs the user least. */
export async function signIn() {
  const here = new URL(location.href);
  const pending = JSON.parse(sessionStorage.getItem(pendingKey) ?? 'null');
  const state = here.searchParams.get('state');
  if (state && pending?.state === state) {
    sessionStorage.removeItem(pendingKey);
    const code = here.searchParams.get('code');
    history.replaceState(null, '', pending.returnTo);
    if (!code) throw new Error(`login refused: ${here.searchParams.get('error') ?? 'no code'}`);
    await exchange(code, pending.verifier);
    return;
  }
  if (!(await signInSilently().catch(() => false))) await signInByPage();
}

/** A new token before or after the old one ended. Calls that come meanwhile share one attempt. */
export function renew() {
  renewal ??= (async () => {
    if (tokens?.refresh) {
      try {
        return await requestTokens({ grant_type: 'refresh_token', refresh_token: tokens.refresh });
      } catch {
        // The refresh token may have ended before the login did.
      }
    }
    if (!(await signInSilently().catch(() => false))) await signInByPage();
  })().finally(() => {
    renewal = null;
  });
  return renewal;
}

export const authorizationHeader = () => (tokens ? { Authorization: `Bearer ${tokens.access}` } : {});

import { createHash, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test as base, type Browser, type BrowserContext, type Page, type Request } from '@playwright/test';

export const hubUrl = process.env['HUB_URL'] ?? 'http://localhost:8080';
const output = process.env['E2E_OUTPUT'] ?? '../target/e2e';

/** Where a page of ours may send requests: nothing leaves the hub. */
const ownPaths = ['/console/', '/viewer/', '/fhir/', '/dicom-web/', '/oauth2/', '/login'];

export function isOwn(url: string): boolean {
  const { protocol, origin, pathname } = new URL(url);
  // Inside the browser: its PDF viewer, object addresses.
  if (['blob:', 'data:', 'chrome:', 'chrome-extension:'].includes(protocol)) return true;
  return origin === new URL(hubUrl).origin && ownPaths.some(path => pathname.startsWith(path));
}

/** A bearer token of the test tools' client. */
export async function conformanceToken(): Promise<string> {
  const response = await fetch(`${hubUrl}/oauth2/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${Buffer.from('conformance:conformance-secret').toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: 'system/*.cruds' }),
  });
  expect(response.status, 'token for client conformance').toBe(200);
  return ((await response.json()) as { access_token: string }).access_token;
}

/** A bearer token of a person, by the login page and an authorization code, as the console obtains its own. */
export async function personToken(user: string): Promise<string> {
  const cookies = new Map<string, string>();
  const visit = async (url: string, form?: Record<string, string>): Promise<Response> => {
    const response = await fetch(new URL(url, hubUrl), {
      redirect: 'manual',
      headers: { Cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [name = '', value = ''] = (cookie.split(';')[0] ?? '').split(/=(.*)/s);
      cookies.set(name, value);
    }
    return response;
  };
  const redirect = `${hubUrl}/console/callback`;
  const verifier = randomBytes(48).toString('base64url');
  const query = new URLSearchParams({
    response_type: 'code',
    client_id: 'console',
    redirect_uri: redirect,
    scope: 'openid user/*.rs',
    state: 'e2e',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  });
  await visit(`/oauth2/authorize?${query.toString()}`);
  const csrf = /name="_csrf" value="([^"]+)"/.exec(await (await visit('/login')).text())?.[1] ?? '';
  const loggedIn = await visit('/login', { username: user, password: 'trefoil-demo', _csrf: csrf });
  const answer = await visit(loggedIn.headers.get('Location') ?? '');
  const code = new URL(answer.headers.get('Location') ?? '', hubUrl).searchParams.get('code') ?? '';
  const token = await visit('/oauth2/token', { grant_type: 'authorization_code', client_id: 'console', redirect_uri: redirect, code, code_verifier: verifier });
  expect(token.status, `token for ${user}`).toBe(200);
  return ((await token.json()) as { access_token: string }).access_token;
}

let radiologistToken: Promise<string> | undefined;

type DicomJson = Record<string, { vr: string; Value?: unknown[] } | undefined>;

export function valueOf(dataset: DicomJson, tag: string): string | undefined {
  const value = dataset[tag]?.Value?.[0];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}

async function dicomJson(path: string, token: string): Promise<DicomJson[]> {
  const response = await fetch(`${hubUrl}/dicom-web${path}`, {
    headers: { Authorization: `Bearer ${token}`, Accept: 'application/dicom+json' },
  });
  if (response.status === 204) return [];
  expect(response.status, path).toBe(200);
  return (await response.json()) as DicomJson[];
}

interface Wanted {
  readonly modality?: string;
  readonly patientId?: string;
  /** Holds for the metadata of at least one instance. */
  readonly instance?: (metadata: DicomJson) => boolean;
  readonly minimumInstances?: number;
}

export interface FoundStudy {
  readonly studyInstanceUid: string;
  readonly patientName: string;
  readonly patientId: string;
  readonly instances: number;
}

const studies = new Map<string, Promise<DicomJson[]>>();

/** A study of the demo hospital that has what a test is about, among those that `radiologist` may see. */
export async function findStudy(wanted: Wanted): Promise<FoundStudy> {
  const token = await (radiologistToken ??= personToken('radiologist'));
  const query = new URLSearchParams({ limit: '100', includefield: '00201208,00100010,00100020' });
  if (wanted.modality !== undefined) query.set('ModalitiesInStudy', wanted.modality);
  if (wanted.patientId !== undefined) query.set('PatientID', wanted.patientId);
  for (const study of await dicomJson(`/studies?${query.toString()}`, token)) {
    const uid = valueOf(study, '0020000D') ?? '';
    const instances = Number(valueOf(study, '00201208') ?? 0);
    if (instances < (wanted.minimumInstances ?? 1)) continue;
    if (wanted.instance) {
      let metadata = studies.get(uid);
      if (!metadata) studies.set(uid, (metadata = dicomJson(`/studies/${uid}/metadata`, token)));
      if (!(await metadata).some(wanted.instance)) continue;
    }
    const name = study['00100010']?.Value?.[0] as { Ideographic?: string; Alphabetic?: string } | undefined;
    return {
      studyInstanceUid: uid,
      patientName: (name?.Ideographic ?? name?.Alphabetic ?? '').replaceAll('^', ''),
      patientId: valueOf(study, '00100020') ?? '',
      instances,
    };
  }
  throw new Error(`the hub holds no study with ${JSON.stringify({ ...wanted, instance: wanted.instance?.toString() })}`);
}

/** Every picture of a run lies beside the report. */
export async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: join(output, 'screenshots', `${name}.png`), animations: 'disabled' });
}

/** A page as it looks on the small and on the large screen of a workstation. */
export async function pictures(page: Page, name: string): Promise<void> {
  await picture(page, `${name}-1366`);
  await page.setViewportSize({ width: 1920, height: 1080 });
  await picture(page, `${name}-1920`);
  await page.setViewportSize({ width: 1366, height: 768 });
}

/** A browser of its own, without anybody's login. */
export async function workstation(browser: Browser): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
  return { context, page: await context.newPage() };
}

/** The browser of one person, logged in, at a page of the console. */
export async function desk(browser: Browser, user: string, path = ''): Promise<{ context: BrowserContext; page: Page }> {
  const own = await workstation(browser);
  await logIn(own.page, user);
  if (path !== '') await own.page.goto(`${hubUrl}/console/${path}`);
  return own;
}

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** GET with a token; the path begins with a slash. */
export async function ask(token: string, path: string): Promise<Answer> {
  const accept = path.startsWith('/fhir/') ? 'application/fhir+json' : 'application/dicom+json';
  const response = await fetch(`${hubUrl}${path}`, { headers: { Authorization: `Bearer ${token}`, Accept: accept } });
  return { status: response.status, body: await response.text() };
}

export async function logIn(page: Page, user: string): Promise<void> {
  await page.goto(`${hubUrl}/console/`);
  await page.waitForURL(url => url.pathname === '/login');
  await page.locator('input[name="username"]').fill(user);
  await page.locator('input[name="password"]').fill('trefoil-demo');
  await page.locator('input[name="password"]').press('Enter');
  await page.waitForURL(url => url.pathname.startsWith('/console/'));
}

interface Fixtures {
  readonly radiologist: BrowserContext;
}

/** Tests with a context in which `radiologist` logged in through the login page, and in which no request may leave the hub. */
export const test = base.extend<object, Fixtures>({
  radiologist: [
    async ({ browser }, use) => {
      const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
      const foreign: string[] = [];
      context.on('request', (request: Request) => {
        if (!isOwn(request.url())) foreign.push(request.url());
      });
      const page = await context.newPage();
      await logIn(page, 'radiologist');
      await page.close();
      await use(context);
      await context.close();
      expect(foreign, 'requests that left the hub').toEqual([]);
    },
    { scope: 'worker', timeout: 120_000 },
  ],
});

export { expect };

export function demoFile(path: string): Buffer {
  return readFileSync(join('../../fhir-server/src/demo', path));
}

import { createServer, type Server } from 'node:http';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from '@playwright/test';
import { expect, hubUrl, personToken, picture, test } from './hub';

/** The library's own build for browsers, as an app would serve it. */
const library = readFileSync(join('node_modules', 'fhirclient', 'build', 'fhir-client.pure.min.js'));

/** Where `cdss` is registered: launch at /launch, redirect to /callback. */
const app = 'http://localhost:9900';

const person = 'ward-doctor';

interface Bundle {
  readonly total?: number;
  readonly entry?: { readonly resource: { readonly id: string; readonly resourceType: string } }[];
}

interface TokenResponse {
  readonly access_token: string;
  readonly scope: string;
  readonly patient?: string;
}

/** What this test uses of fhirclient's Client. */
interface Client {
  readonly patient: { readonly id: string | null; read: () => Promise<Record<string, unknown>> };
  readonly user: { readonly fhirUser: string | null; read: () => Promise<{ resourceType: string; id: string }> };
  readonly state: { readonly tokenResponse: TokenResponse & { readonly refresh_token?: string; readonly intent?: string } };
  request: (query: string) => Promise<Bundle>;
  refresh: () => Promise<unknown>;
}

declare global {
  interface Window {
    smart?: Client;
    failure?: string;
  }
}

/** The whole app: a page that asks for authorization and one that holds the client. */
function serveApp(): Promise<Server> {
  const html = (script: string): string =>
    `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>cdss</title><script src="/fhir-client.js"></script><body><script>${script}</script>`;
  const ask = (scope: string): string =>
    html(`FHIR.oauth2.authorize({clientId: 'cdss', scope: '${scope}', redirectUri: '${app}/callback', pkceMode: 'required'}).catch(e => { window.failure = String(e); });`);
  const pages: Record<string, string> = {
    '/launch': ask('launch openid fhirUser offline_access patient/*.rs'),
    '/standalone': ask('launch/patient openid fhirUser offline_access patient/Patient.rs patient/ImagingStudy.rs'),
    '/callback': html('FHIR.oauth2.ready().then(c => { window.smart = c; }, e => { window.failure = String(e); });'),
  };
  const server = createServer((request, response) => {
    const path = new URL(request.url ?? '/', app).pathname;
    const page = pages[path];
    if (path === '/fhir-client.js') response.writeHead(200, { 'Content-Type': 'text/javascript; charset=utf-8' }).end(library);
    else if (page !== undefined) response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(page);
    else response.writeHead(404).end();
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(9900, 'localhost', () => resolve(server));
  });
}

async function fhir<T>(token: string, path: string): Promise<T> {
  const response = await fetch(`${hubUrl}/fhir/${path}`, { headers: { Authorization: `Bearer ${token}` } });
  expect(response.status, path).toBe(200);
  return (await response.json()) as T;
}

interface Case {
  readonly patient: string;
  readonly number: string;
  readonly name: string;
  /** Study Instance UID of the patient's images. */
  readonly study: string;
}

interface Study {
  readonly subject: { readonly reference: string };
  readonly identifier?: { readonly system?: string; readonly value?: string }[];
  readonly numberOfInstances?: number;
}

interface Person {
  readonly id: string;
  readonly identifier?: { readonly system?: string; readonly value?: string }[];
  readonly name?: { readonly text?: string; readonly family?: string; readonly given?: string[] }[];
}

/** Two patients with images whom the doctor may see. */
async function twoCases(token: string): Promise<[Case, Case]> {
  const found = await fhir<{ entry?: { resource: Study }[] }>(token, 'ImagingStudy?_count=200');
  const cases = new Map<string, Case>();
  for (const { resource } of found.entry ?? []) {
    const study = resource.identifier?.find(each => each.system === 'urn:dicom:uid')?.value?.replace('urn:oid:', '');
    const reference = resource.subject.reference;
    if (study === undefined || (resource.numberOfInstances ?? 0) < 1 || cases.has(reference)) continue;
    const images = await fetch(`${hubUrl}/dicom-web/studies/${study}/metadata`, { headers: { Authorization: `Bearer ${token}` } });
    if (images.status !== 200) continue;
    const patient = await fhir<Person>(token, reference);
    const name = patient.name?.[0];
    cases.set(reference, {
      patient: patient.id,
      number: patient.identifier?.find(each => each.system?.includes('/sid/patient-id') === true)?.value ?? '',
      name: name?.text ?? `${name?.family ?? ''}${(name?.given ?? []).join('')}`,
      study,
    });
    if (cases.size === 2) break;
  }
  const [first, second] = [...cases.values()];
  if (!first || !second) throw new Error(`${person} sees images of ${cases.size} patients, two are needed`);
  return [first, second];
}

async function workstation(browser: Browser): Promise<{ context: BrowserContext; page: Page }> {
  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
  return { context, page: await context.newPage() };
}

async function logIn(page: Page): Promise<void> {
  await page.waitForURL(url => url.pathname === '/login');
  await page.getByLabel('用户名').fill(person);
  await page.getByLabel('口令').fill('trefoil-demo');
  await page.getByLabel('口令').press('Enter');
  await page.waitForURL(url => url.pathname === '/login/app');
}

/** Pictures on the screens of workstation and telephone; nothing may be wider than the screen. */
async function pictures(page: Page, name: string): Promise<void> {
  for (const [width, height] of [
    [1366, 768],
    [1920, 1080],
    [390, 844],
  ] as const) {
    await page.setViewportSize({ width, height });
    const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth] as const);
    expect(content, `${name} at ${width}`).toBeLessThanOrEqual(screen);
    await picture(page, `${name}-${width}`);
  }
  await page.setViewportSize({ width: 1366, height: 768 });
}

async function agreeByKeyboard(page: Page): Promise<void> {
  const allow = page.getByRole('button', { name: '同意并继续' });
  for (let step = 0; step < 20 && !(await allow.evaluate(button => button === document.activeElement)); step++) {
    await page.keyboard.press('Tab');
  }
  await expect(allow).toBeFocused();
  await expect(allow).toBeInViewport();
  await page.keyboard.press('Enter');
}

/** Waits until the library has traded the code, and fails with what it says otherwise. */
async function ready(page: Page): Promise<void> {
  await page.waitForURL(url => url.origin === app && url.pathname === '/callback');
  await page.waitForFunction(() => window.smart !== undefined || window.failure !== undefined);
  expect(await page.evaluate(() => window.failure)).toBeUndefined();
}

/** What the app can do with its client, in the browser, across origins. */
async function use(page: Page, own: Case, other: Case) {
  return page.evaluate(
    async ([hub, ownStudy, otherPatient, otherStudy]) => {
      const client = window.smart;
      if (!client) throw new Error('no client');
      const status = async (query: string): Promise<number> => {
        try {
          await client.request(query);
          return 200;
        } catch (error) {
          return (error as { status?: number }).status ?? 0;
        }
      };
      const images = async (study: string): Promise<number> =>
        (
          await fetch(`${hub}/dicom-web/studies/${study}/metadata`, {
            headers: { Authorization: `Bearer ${client.state.tokenResponse.access_token}`, Accept: 'application/dicom+json' },
          })
        ).status;
      const before = client.state.tokenResponse;
      const patient = await client.patient.read();
      const studies = await client.request(`ImagingStudy?patient=${client.patient.id ?? ''}`);
      const seen = {
        patient: String(patient['id']),
        launched: client.patient.id,
        studies: (studies.entry ?? []).map(entry => entry.resource.resourceType),
        othersStudies: ((await client.request(`ImagingStudy?patient=${otherPatient}`)).entry ?? []).length,
        otherPatient: await status(`Patient/${otherPatient}`),
        ownImages: await images(ownStudy),
        otherImages: await images(otherStudy),
        user: client.user.fhirUser,
        scope: before.scope,
      };
      await client.refresh();
      const after = client.state.tokenResponse;
      return {
        ...seen,
        refreshed: after.access_token !== before.access_token && after.refresh_token !== before.refresh_token,
        patientAfterRefresh: String((await client.patient.read())['id']),
        otherAfterRefresh: await status(`Patient/${otherPatient}`),
        otherImagesAfterRefresh: await images(otherStudy),
      };
    },
    [hubUrl, own.study, other.patient, other.study] as const,
  );
}

test.describe('the SMART app cdss with fhirclient', () => {
  let server: Server;
  let token: string;
  let own: Case;
  let other: Case;

  test.beforeAll(async () => {
    server = await serveApp();
    token = await personToken(person);
    [own, other] = await twoCases(token);
  });

  test.afterAll(async () => {
    await new Promise(resolve => server.close(resolve));
  });

  function check(seen: Awaited<ReturnType<typeof use>>): void {
    expect(seen.patient).toBe(own.patient);
    expect(seen.launched).toBe(own.patient);
    expect(seen.studies.length).toBeGreaterThan(0);
    expect(new Set(seen.studies)).toEqual(new Set(['ImagingStudy']));
    expect(seen.othersStudies).toBe(0);
    expect(seen.otherPatient).toBe(404);
    expect(seen.ownImages).toBe(200);
    expect(seen.otherImages).toBe(404);
    expect(seen.user).toMatch(/(^|\/)Practitioner\/[A-Za-z0-9.-]+$/);
    expect(seen.refreshed).toBe(true);
    expect(seen.patientAfterRefresh).toBe(own.patient);
    expect(seen.otherAfterRefresh).toBe(404);
    expect(seen.otherImagesAfterRefresh).toBe(404);
  }

  test('EHR launch: opened for a patient, it reads him alone', async ({ browser }) => {
    const launch = await fetch(`${hubUrl}/oauth2/launch`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({ client: 'cdss', patient: own.patient, intent: 'read' }),
    });
    expect(launch.status).toBe(201);
    const { launch_uri: address } = (await launch.json()) as { launch_uri: string };
    const { context, page } = await workstation(browser);

    await page.goto(address);
    await logIn(page);
    await expect(page.getByRole('heading', { name: '应用授权' })).toBeVisible();
    await expect(page.getByText('临床决策支持')).toBeVisible();
    await expect(page.getByText(own.name)).toBeVisible();
    await expect(page.getByRole('button', { name: '拒绝' }), 'both answers are in sight').toBeInViewport();
    await pictures(page, 'smart-consent');

    await page.getByRole('link', { name: 'English' }).click();
    await expect(page.getByRole('button', { name: 'Allow' })).toBeVisible();
    await pictures(page, 'smart-consent-english');
    await page.getByRole('link', { name: '中文' }).click();

    // By keyboard alone. No key that is still held down from the login may agree to anything.
    await expect(page.getByRole('heading', { name: '应用授权' })).toBeFocused();
    await page.keyboard.press('Tab');
    const first = page.getByRole('checkbox').first();
    await expect(first).toBeFocused();
    await page.keyboard.press('Space');
    await expect(first).not.toBeChecked();
    await page.keyboard.press('Space');
    await agreeByKeyboard(page);

    await ready(page);
    check(await use(page, own, other));
    expect(await page.evaluate(() => window.smart?.state.tokenResponse.intent)).toBe('read');
    const user = await page.evaluate(() => window.smart?.user.read());
    expect(user?.resourceType).toBe('Practitioner');
    await context.close();
  });

  test('standalone launch: the doctor picks a patient and agrees', async ({ browser }) => {
    const { context, page } = await workstation(browser);
    await page.goto(`${app}/standalone?iss=${encodeURIComponent(`${hubUrl}/fhir`)}`);
    await logIn(page);
    await expect(page.getByRole('heading', { name: '选择患者' })).toBeVisible();
    await expect(page.getByLabel('姓名或患者编号')).toBeFocused();
    await pictures(page, 'smart-picker');

    await page.keyboard.type('没有这个人');
    await page.keyboard.press('Enter');
    await expect(page.getByText('没有找到您有权查看的患者')).toBeVisible();
    await pictures(page, 'smart-picker-nobody');

    await page.getByLabel('姓名或患者编号').fill(own.name.slice(0, 1));
    await page.keyboard.press('Enter');
    await expect(page.getByRole('button', { name: own.name })).toBeVisible();
    await pictures(page, 'smart-picker-found');
    await page.getByRole('link', { name: 'English' }).click();
    await expect(page.getByRole('heading', { name: 'Choose a patient' })).toBeVisible();
    await pictures(page, 'smart-picker-english');
    await page.getByRole('link', { name: '中文' }).click();

    await page.getByLabel('姓名或患者编号').fill(own.number);
    await page.keyboard.press('Enter');
    await page.waitForURL(url => url.searchParams.get('q') === own.number);
    await expect(page.getByRole('button', { name: own.name })).toBeVisible();
    await expect(page.getByLabel('姓名或患者编号'), 'ready for another name').toBeFocused();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await expect(page.getByRole('button', { name: own.name })).toBeFocused();
    await page.keyboard.press('Enter');

    await expect(page.getByRole('heading', { name: '应用授权' })).toBeVisible();
    await expect(page.getByText(own.name)).toBeVisible();
    await expect(page.getByLabel('影像检查')).toBeChecked();
    await pictures(page, 'smart-consent-standalone');
    await agreeByKeyboard(page);

    await ready(page);
    check(await use(page, own, other));
    await context.close();
  });

  test('refused by the doctor, the app is told so and gets nothing', async ({ browser }) => {
    const { context, page } = await workstation(browser);
    await page.goto(`${app}/standalone?iss=${encodeURIComponent(`${hubUrl}/fhir`)}`);
    await logIn(page);
    await page.getByRole('button', { name: '取消' }).click();
    await page.waitForURL(url => url.origin === app && url.pathname === '/callback');
    await page.waitForFunction(() => window.failure !== undefined);
    expect(await page.evaluate(() => window.failure)).toMatch(/access_denied|refused/);
    expect(await page.evaluate(() => window.smart)).toBeUndefined();
    await context.close();
  });
});

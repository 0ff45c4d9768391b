import type { Page } from '@playwright/test';
import { expect, hubUrl, picture, pictures, test, workstation } from './hub';

const agent = process.env['E2E_AGENT'] ?? 'http://127.0.0.1:28990';
const keycloakPassword = process.env['E2E_KEYCLOAK_PASSWORD'] ?? '';

/** Asks for the console and is sent to the login page. */
async function toLoginPage(page: Page): Promise<void> {
  await page.goto(`${hubUrl}/console/`);
  await page.waitForURL(url => url.pathname === '/login');
}

async function isIn(page: Page, name: string): Promise<void> {
  await page.waitForURL(url => url.pathname.startsWith('/console/'));
  await expect(page.getByTestId('user-menu')).toContainText(name);
}

async function plugIn(key: string): Promise<void> {
  expect((await fetch(`${agent}/key/${key}`, { method: 'PUT' })).status, `key ${key} at the agent`).toBe(204);
}

test('login by password: a wrong one is told, the right one leads to the console', async ({ browser }) => {
  const { context, page } = await workstation(browser);
  await toLoginPage(page);
  for (const way of ['医院统一登录', '扫码登录', '证书登录']) await expect(page.getByRole('link', { name: way })).toBeVisible();
  await pictures(page, 'login-password');
  await page.getByLabel('用户名').fill('radiologist');
  await page.getByLabel('口令').fill('not-the-password');
  await page.getByRole('button', { name: '登 录' }).click();
  await expect(page.getByRole('alert')).toContainText('用户名或口令不正确');
  await pictures(page, 'login-password-wrong');

  await page.getByRole('link', { name: 'English' }).click();
  await page.getByLabel('User name').fill('radiologist');
  await page.getByLabel('Password').fill('trefoil-demo');
  await pictures(page, 'login-password-english');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await isIn(page, '周明远');
  await context.close();
});

test('login at the hospital’s Keycloak; logging out of the hub logs out there', async ({ browser }) => {
  const { context, page } = await workstation(browser);
  await toLoginPage(page);
  await page.getByRole('link', { name: '医院统一登录' }).click();
  await page.waitForURL(/\/realms\/hospital\//);
  await picture(page, 'login-keycloak');
  await page.locator('#username').fill('radiologist');
  await page.locator('#password').fill(keycloakPassword);
  await page.locator('#kc-login').click();
  await isIn(page, '周明远');
  await picture(page, 'login-keycloak-done');

  // Another page of the same browser needs no login any more.
  const second = await context.newPage();
  await second.goto(`${hubUrl}/console/`);
  await isIn(second, '周明远');
  await second.close();

  await page.getByTestId('user-menu').click();
  await page.getByText('退出登录').click();
  await page.waitForURL(url => url.origin === new URL(hubUrl).origin && url.pathname === '/login');
  await page.getByRole('link', { name: '医院统一登录' }).click();
  await page.waitForURL(/\/realms\/hospital\//);
  await expect(page.locator('#password'), 'Keycloak asks again').toBeVisible();

  await page.locator('#username').fill('stranger');
  await page.locator('#password').fill(keycloakPassword);
  await page.locator('#kc-login').click();
  await page.waitForURL(url => url.pathname === '/login');
  await expect(page.getByRole('alert')).toContainText('没有您的账号');
  await pictures(page, 'login-keycloak-no-account');
  await context.close();
});

test('login by scanning: in within 3 s of the confirmation; a used, refused or old code lets nobody in', async ({ browser }) => {
  const desk = await workstation(browser);
  const phone = await browser.newContext({ viewport: { width: 390, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true, locale: 'zh-CN' });
  const screen = await phone.newPage();
  await screen.goto(`${hubUrl}/login`);
  await picture(screen, 'phone-login');
  await screen.getByLabel('用户名').fill('sonographer');
  await screen.getByLabel('口令').fill('trefoil-demo');
  await screen.getByRole('button', { name: '登 录' }).click();
  await screen.waitForURL(url => url.pathname.startsWith('/console/'));

  await toLoginPage(desk.page);
  await desk.page.getByRole('link', { name: '扫码登录' }).click();
  await expect(desk.page.getByRole('img', { name: '登录二维码' })).toBeVisible();
  const code = (await desk.page.locator('#user-code').textContent()) ?? '';
  expect(code).toMatch(/^[A-Z]{4}-[A-Z]{4}$/);
  await pictures(desk.page, 'login-scan');
  await screen.goto(`${hubUrl}/login/device?user_code=${code}`);
  await expect(desk.page.getByText('已扫描，请在手机上确认。')).toBeVisible();
  await expect(screen.getByText(code)).toBeVisible();
  await expect(screen.getByText('林晓岚')).toBeVisible();
  await picture(screen, 'phone-confirm');
  await picture(desk.page, 'login-scan-seen');
  const confirmed = Date.now();
  await Promise.all([desk.page.waitForURL(url => url.pathname !== '/login/scan'), screen.getByRole('button', { name: '确认登录' }).click()]);
  const waited = Date.now() - confirmed;
  await isIn(desk.page, '林晓岚');
  test.info().annotations.push({ type: 'from confirmation to login', description: `${waited} ms` });
  expect(waited, 'milliseconds from the confirmation to being in').toBeLessThan(3000);
  await expect(screen.getByText('已确认')).toBeVisible();
  await picture(screen, 'phone-confirmed');

  // The code was used.
  await screen.goto(`${hubUrl}/login/device?user_code=${code}`);
  await expect(screen.getByRole('alert')).toContainText('已使用');
  await picture(screen, 'phone-code-used');

  // Somebody else's page: the person refuses.
  const other = await workstation(browser);
  await other.page.goto(`${hubUrl}/login/scan`);
  const second = (await other.page.locator('#user-code').textContent()) ?? '';
  await screen.goto(`${hubUrl}/login/device?user_code=${second}`);
  await screen.getByRole('button', { name: '不是我，拒绝' }).click();
  await expect(other.page.getByText('手机上已拒绝本次登录。')).toBeVisible();
  await pictures(other.page, 'login-scan-refused');

  // A new code, left alone until it is too old.
  await other.page.getByRole('link', { name: '刷新二维码' }).click();
  const third = (await other.page.locator('#user-code').textContent()) ?? '';
  expect(third).not.toBe(second);
  await expect(other.page.getByText('二维码已失效。')).toBeVisible({ timeout: 60_000 });
  await screen.goto(`${hubUrl}/login/device?user_code=${third}`);
  await expect(screen.getByRole('alert')).toContainText('已过期');
  await other.page.goto(`${hubUrl}/console/`);
  await other.page.waitForURL(url => url.pathname === '/login');
  for (const context of [other.context, phone, desk.context]) await context.close();
});

for (const { key, name } of [
  { key: 'rsa', name: '周明远' },
  { key: 'sm2', name: '林晓岚' },
]) {
  test(`login by certificate with a ${key.toUpperCase()} key`, async ({ browser }) => {
    const { context, page } = await workstation(browser);
    await plugIn(key);
    await toLoginPage(page);
    await page.getByRole('link', { name: '证书登录' }).click();
    await page.getByRole('button', { name: '证书登录' }).click();
    await isIn(page, name);
    await context.close();
  });
}

test('a revoked certificate, a missing key and a missing agent are told', async ({ browser }) => {
  const { context, page } = await workstation(browser);
  await page.goto(`${hubUrl}/login/certificate`);
  await pictures(page, 'login-certificate');
  await plugIn('');
  await page.getByRole('button', { name: '证书登录' }).click();
  await expect(page.locator('#state')).toHaveText('证书助手未能签名：请插入 USB-Key');
  await picture(page, 'login-certificate-no-key');

  await plugIn('revoked');
  await page.getByRole('button', { name: '证书登录' }).click();
  await expect(page.getByRole('alert')).toContainText('证书已被吊销');
  await pictures(page, 'login-certificate-revoked');

  await page.route(`${agent}/**`, route => route.abort());
  await page.getByRole('button', { name: '证书登录' }).click();
  await expect(page.getByText('未检测到证书助手')).toBeVisible();
  await page.goto(`${hubUrl}/console/`);
  await page.waitForURL(url => url.pathname === '/login');
  await context.close();
});

import type { Page } from '@playwright/test';
import { ask, desk, expect, hubUrl, personToken, pictures, test } from './hub';

const extension = 'https://trefoil-hub.org/fhir/StructureDefinition/';

/** Chooses in a field of the first rule, found by typing. */
async function choose(page: Page, field: string, typed: string, shown = typed): Promise<void> {
  const input = page.locator(`[data-rule="0"] [data-field="${field}"] input[role="combobox"]`);
  await input.click();
  await input.fill(typed);
  await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: shown }).first().click();
  await input.press('Escape');
  await expect(page.locator(`[data-rule="0"] [data-field="${field}"]`)).toContainText(shown);
}

async function period(page: Page, field: string, from: string, to: string): Promise<void> {
  const inputs = page.locator(`[data-rule="0"] [data-field="${field}"] .ant-picker-range input`);
  await inputs.first().click();
  await inputs.first().fill(from);
  await inputs.first().press('Enter');
  await inputs.last().fill(to);
  await inputs.last().press('Enter');
}

test('ACC-1…12: a new policy has the eleven dimensions as fields, and keeps what is filled in', async ({ browser }) => {
  const { context, page } = await desk(browser, 'steward', 'policies');
  await expect(page.locator('tr[data-policy]').nth(5)).toBeVisible();
  await pictures(page, 'policies-list');
  await page.getByRole('searchbox').or(page.locator('input[name="policy-search"]')).first().fill('紧急');
  await expect(page.getByTestId('policy-count')).toContainText('条策略中的');
  await page.getByRole('button', { name: '新建策略' }).click();
  await expect(page).toHaveURL(/\/policies\/new$/);

  const rule = page.locator('[data-rule="0"]');
  for (let n = 1; n <= 11; n++) await expect(rule.getByText(new RegExp(`第 ${n} 维`)).first(), `dimension ${n}`).toBeVisible();
  await page.getByRole('button', { name: /^启\s*用$/ }).click();
  await expect(page.getByText('请填写名称')).toBeVisible();
  await page.locator('[data-field="title"] input').fill('卫健委平台体检影像限时共享');
  await rule.locator('[data-field="effect"] .ant-segmented-item', { hasText: '允许' }).click();
  await choose(page, 'users', '周明远');
  await choose(page, 'clients', 'health-commission', '卫健委');
  await choose(page, 'actions', 'view', '查看');
  await choose(page, 'interfaces', 'dicomweb', 'DICOMweb');
  await choose(page, 'dataTypes', 'report', '报告');
  await choose(page, 'sources', 'ris', 'RIS');
  await choose(page, 'patientTypes', 'checkup', '体检');
  await choose(page, 'labels', 'N', '普通');
  await choose(page, 'subjects', 'P0028', '萧红梅');
  await choose(page, 'examItems', 'CT-CHEST', '胸部CT平扫');
  await period(page, 'dataPeriod', '2024-01-01', '2024-12-31');
  await period(page, 'period', '2026-01-01', '2027-12-31');
  await rule.getByRole('button', { name: '添加时间段' }).click();
  await pictures(page, 'policy-editor-filled');
  await rule.locator('[data-field="hours"]').scrollIntoViewIfNeeded();
  await pictures(page, 'policy-editor-filled-end');
  await page.getByRole('button', { name: '存为草稿' }).click();
  await expect(page.getByTestId('policy-status')).toHaveText('草稿');
  await page.waitForURL(/\/policies\/\d+$/);
  const id = page.url().slice(page.url().lastIndexOf('/') + 1);

  const stored = JSON.parse((await ask(await personToken('steward'), `/fhir/Consent/${id}`)).body) as fhir4.Consent;
  const text = JSON.stringify(stored);
  expect(stored.status).toBe('draft');
  for (const part of ['policy-source', 'policy-interface', 'policy-patient-type', 'policy-hours']) expect(text, part).toContain(`${extension}${part}`);
  const kept = stored.provision?.provision?.[0];
  expect(kept?.type).toBe('permit');
  expect(kept?.actor, 'user and system').toHaveLength(2);
  expect(kept?.class, 'data type').toHaveLength(1);
  expect(kept?.securityLabel, 'level').toHaveLength(1);
  expect(kept?.code?.[0]?.coding?.[0]?.code, 'exam item').toBe('CT-CHEST');
  expect(kept?.data?.[0]?.reference.reference, 'patient').toMatch(/^Patient\//);
  expect(kept?.dataPeriod, 'data period').toEqual({ start: '2024-01-01', end: '2024-12-31' });
  expect(kept?.period, 'authorisation period').toEqual({ start: '2026-01-01', end: '2027-12-31' });

  // Opened again, the fields show what was filled in.
  await page.reload();
  await page.locator('[data-rule="0"]').waitFor();
  for (const [field, shown] of [
    ['users', '周明远'], ['clients', '卫健委'], ['interfaces', 'DICOMweb'], ['dataTypes', '报告'], ['patientTypes', '体检'], ['subjects', '萧红梅'], ['examItems', '胸部CT平扫'],
  ] as const) await expect(page.locator(`[data-rule="0"] [data-field="${field}"]`), field).toContainText(shown);
  await context.close();
});

test('ACC-12: a policy is simulated, activated, explained, changed and switched off; its history tells each step', async ({ browser }) => {
  const title = 'P0001 对病区医生停止共享';
  const { context, page } = await desk(browser, 'steward', 'policies/new');
  const doctor = await personToken('ward-doctor');
  const sees = async (): Promise<boolean> =>
    (JSON.parse((await ask(doctor, '/dicom-web/studies?PatientID=P0001')).body) as unknown[]).length > 0;
  expect(await sees()).toBe(true);

  await page.locator('[data-field="title"] input').fill(title);
  const rule = page.locator('[data-rule="0"]');
  await rule.locator('[data-field="effect"] .ant-segmented-item', { hasText: '拒绝' }).click();
  await rule.locator('[data-field="priority"] input[role="spinbutton"]').fill('350');
  await choose(page, 'users', 'ward-doctor', '赵');
  await choose(page, 'subjects', 'P0001', '张伟明');
  await page.getByRole('button', { name: '试算影响' }).click();
  const simulated = page.getByTestId('simulation').first();
  await expect(simulated.locator('[data-subject="ward-doctor"] .ant-tag').first()).toContainText('−');
  await expect(simulated.locator('li[data-subject]')).toHaveCount(1);
  await pictures(page, 'policy-simulated');
  expect(await sees(), 'simulating changes nothing').toBe(true);

  await page.getByRole('button', { name: /启\s*用$/ }).click();
  const modal = page.getByRole('dialog');
  await expect(modal).toContainText('启用这条策略？');
  await expect(modal.getByTestId('simulation')).toBeVisible();
  await pictures(page, 'policy-activate');
  await modal.getByRole('button', { name: /启\s*用$/ }).click();
  await expect(page.getByTestId('policy-status')).toHaveText('生效中');
  expect(await sees(), 'in force from the next request on').toBe(false);
  await page.waitForURL(/\/policies\/\d+$/);
  const id = page.url().slice(page.url().lastIndexOf('/') + 1);

  // Why?
  await page.goto(`${hubUrl}/console/policies`);
  await page.getByRole('button', { name: '解释访问' }).click();
  const drawer = page.getByRole('dialog');
  const field = async (name: string, typed: string, shown: string): Promise<void> => {
    const input = drawer.locator(`[data-field="${name}"] input[role="combobox"]`);
    await input.click();
    await input.fill(typed);
    await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option', { hasText: shown }).first().click();
  };
  await field('user', 'ward-doctor', '赵');
  await field('resource', 'P0001', '张伟明');
  await drawer.getByRole('button', { name: /^解\s*释$/ }).click();
  const answer = page.getByTestId('explanation');
  await expect(answer).toHaveAttribute('data-decision', 'deny');
  await expect(answer.locator('.decisive')).toHaveAttribute('data-policy', id);
  await expect(answer.locator('.decisive .verdicts li.yes').first()).toBeVisible();
  await pictures(page, 'policy-explained');
  await page.keyboard.press('Escape');

  // Change it, look at its history, switch it off.
  await page.locator('input[name="policy-search"]').fill(title);
  await page.locator(`tr[data-policy="${id}"]`).click();
  await page.locator('[data-field="title"] input').fill(`${title}（复核中）`);
  await page.getByRole('button', { name: '保存并立即生效' }).click();
  await page.getByRole('dialog').getByRole('button', { name: /^保\s*存$/ }).click();
  await expect(page.getByText('第 2 版')).toBeVisible();
  await page.getByRole('button', { name: /停\s*用$/ }).click();
  await page.getByRole('dialog').getByRole('button', { name: /停\s*用$/ }).click();
  await expect(page.getByTestId('policy-status')).toHaveText('已停用');
  expect(await sees(), 'switched off').toBe(true);
  await page.getByRole('button', { name: '历史' }).click();
  await expect(page.locator('article[data-version]')).toHaveCount(3);
  await expect(page.locator('article[data-version="2"]')).toContainText('复核中');
  await expect(page.locator('article[data-version="3"]')).toContainText('已停用');
  await expect(page.locator('article[data-version="1"]')).toContainText('创建');
  await pictures(page, 'policy-history');
  await page.keyboard.press('Escape');
  await page.getByTestId('user-menu').click();
  await page.getByText('English', { exact: true }).click();
  await pictures(page, 'policy-english');
  await context.close();
});

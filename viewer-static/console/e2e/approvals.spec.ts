import type { Browser, Page } from '@playwright/test';
import { ask, desk, expect, personToken, pictures, test } from './hub';

/** Discharged from the clinic, which nobody of ward W1 treats. */
const dischargedApproved = { id: 'P0040', name: '卢建平', birthDate: '1957-11-17' };
const dischargedRejected = { id: 'P0039', name: '苏雅茹' };
/** In hospital in ward W2. */
const emergency = { id: 'P0017', name: '何振华' };

interface Wanted {
  readonly id: string;
  readonly name: string;
}

async function find(page: Page, patient: Wanted): Promise<void> {
  await page.locator('input[name="study-search"]').fill(patient.id);
}

async function seesNothing(page: Page, patient: Wanted): Promise<void> {
  await find(page, patient);
  await expect(page.getByText('没有符合条件的检查')).toBeVisible();
  await expect(page.locator('body')).not.toContainText(patient.name);
}

async function request(page: Page, patient: Wanted, reason: string, picture?: string): Promise<void> {
  await page.getByRole('button', { name: '申请访问' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('病历号').fill(patient.id);
  await dialog.getByLabel('姓名', { exact: true }).last().fill(patient.name);
  await dialog.getByLabel('理由').fill(reason);
  if (picture !== undefined) await pictures(page, picture);
  await dialog.getByRole('button', { name: '提交申请' }).click();
  await expect(page.getByText('申请已提交，等待审批')).toBeVisible();
  await expect(dialog).toHaveCount(0);
}

/** The approver with the page open at the one request that has this reason. */
async function approver(browser: Browser, reason: string): ReturnType<typeof desk> {
  const own = await desk(browser, 'medical-affairs', 'approvals');
  await own.page.locator('button[data-task]', { hasText: reason }).click();
  await expect(own.page.getByTestId('access-task')).toContainText(reason);
  return own;
}

test('ACC-26: a doctor asks for a patient of another department, it is approved, and he sees the patient with the banner and until when', async ({ browser }) => {
  const { context, page } = await desk(browser, 'ward-doctor');
  const token = await personToken('ward-doctor');
  const reason = '会诊：患者拟转入本科室，需查看既往检查';
  await seesNothing(page, dischargedApproved);
  expect(JSON.parse((await ask(token, `/dicom-web/studies?PatientID=${dischargedApproved.id}`)).body)).toEqual([]);
  await request(page, dischargedApproved, reason, 'approval-request');
  await page.getByRole('button', { name: /我的申请/ }).click();
  await expect(page.getByTestId('own-requests')).toContainText('等待审批');
  await pictures(page, 'approval-waiting');
  await page.getByRole('button', { name: /我的申请/ }).click();
  await seesNothing(page, dischargedApproved);

  const deciding = await approver(browser, reason);
  await expect(deciding.page.getByTestId('access-task')).toContainText(dischargedApproved.name);
  await pictures(deciding.page, 'approval-decide');
  await deciding.page.getByRole('button', { name: /^批\s*准$/ }).click();
  await expect(deciding.page.getByText('已批准，立即生效')).toBeVisible();
  await deciding.page.locator('.ant-segmented-item', { hasText: '已处理' }).click();
  await deciding.page.locator('button[data-task]', { hasText: reason }).click();
  await expect(deciding.page.getByTestId('task-state')).toHaveText('已批准');
  await pictures(deciding.page, 'approval-decided');
  await deciding.context.close();

  await page.getByRole('button', { name: /我的申请/ }).click();
  await expect(page.locator('[data-testid="own-requests"] [data-status="approved"]')).toBeVisible({ timeout: 40_000 });
  await page.getByTestId('own-requests').getByRole('button', { name: /^查\s*看$/ }).click();
  await expect(page.locator('tr.ant-table-row').first()).toContainText(dischargedApproved.name);
  const banner = page.getByTestId('grant-banner');
  await expect(banner).toContainText('审批授权中');
  await expect(banner).toContainText(dischargedApproved.name);
  await expect(banner).toContainText(/授权至 \d{4}-\d{2}-\d{2} \d{2}:\d{2}/);
  await expect(banner).toContainText(/剩余 2[34] 小时/);
  await expect(page.getByTestId('own-requests')).toBeHidden();
  await pictures(page, 'approval-doctor-sees-with-banner');
  expect(JSON.parse((await ask(token, `/dicom-web/studies?PatientID=${dischargedApproved.id}`)).body)).not.toEqual([]);
  // Nobody else was let in.
  const nurse = await personToken('ward-nurse');
  expect(JSON.parse((await ask(nurse, `/dicom-web/studies?PatientID=${dischargedApproved.id}`)).body)).toEqual([]);
  await context.close();
});

test('ACC-26: a rejection needs a reason, which the doctor reads; the patient stays hidden', async ({ browser }) => {
  const { context, page } = await desk(browser, 'ward-doctor');
  const reason = '个人教学病例收集';
  await request(page, dischargedRejected, reason);
  const deciding = await approver(browser, reason);
  const reject = deciding.page.getByRole('button', { name: /^拒\s*绝$/ });
  await reject.click();
  await expect(deciding.page.getByRole('alert').filter({ hasText: '请填写处理意见' })).toBeVisible();
  await pictures(deciding.page, 'approval-reject-needs-reason');
  await deciding.page.locator('textarea[name="decision"]').fill('与诊疗无关，请走科研数据申请');
  await reject.click();
  await expect(deciding.page.locator('button[data-task]', { hasText: reason })).toHaveCount(0);
  await deciding.context.close();

  await page.getByRole('button', { name: /我的申请/ }).click();
  await expect(page.locator('[data-testid="own-requests"] [data-status="rejected"]')).toContainText('与诊疗无关', { timeout: 40_000 });
  await pictures(page, 'approval-rejected');
  await page.getByRole('button', { name: /我的申请/ }).click();
  await seesNothing(page, dischargedRejected);
  await context.close();
});

test('ACC-27: break-glass needs a reason, opens the record at once with a banner, and is reviewed afterwards', async ({ browser }) => {
  const { context, page } = await desk(browser, 'emergency-doctor');
  const token = await personToken('emergency-doctor');
  const reason = '患者急性胸痛送至抢救室，需立即查看既往检查';
  await seesNothing(page, emergency);
  await page.getByRole('button', { name: '紧急访问' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('病历号').fill(emergency.id);
  await dialog.getByLabel('姓名', { exact: true }).last().fill('何振');
  await dialog.getByLabel('理由').fill('抢救');
  await dialog.getByRole('button', { name: '立即访问' }).click();
  await expect(dialog).toContainText('理由至少 10 个字');
  await pictures(page, 'break-glass-needs-reason');
  await dialog.getByLabel('理由').fill(reason);
  await dialog.getByRole('button', { name: '立即访问' }).click();
  await expect(page.getByTestId('access-failed')).toContainText('没有这样的患者');
  await pictures(page, 'break-glass-wrong-name');
  await dialog.getByLabel('姓名', { exact: true }).last().fill(emergency.name);
  await dialog.getByRole('button', { name: '立即访问' }).click();

  await expect(page.locator('tr.ant-table-row').first()).toContainText(emergency.name);
  const banner = page.getByTestId('grant-banner');
  await expect(banner).toContainText('紧急访问中');
  await expect(banner).toContainText(/剩余 (1 小时 5\d|2 小时 0) 分钟/);
  await expect(banner).toContainText('全程记录');
  await pictures(page, 'break-glass-open');
  expect(JSON.parse((await ask(token, `/dicom-web/studies?PatientID=${emergency.id}`)).body)).not.toEqual([]);

  const reviewing = await approver(browser, reason);
  await expect(reviewing.page.getByTestId('access-task')).toContainText('紧急访问复核');
  await expect(reviewing.page.getByTestId('access-task')).toContainText('应于此前复核');
  await pictures(reviewing.page, 'break-glass-review');
  await reviewing.page.locator('textarea[name="decision"]').fill('抢救记录核实，访问合理');
  await reviewing.page.getByRole('button', { name: '标记为已复核' }).click();
  await reviewing.page.locator('.ant-segmented-item', { hasText: '已处理' }).click();
  await reviewing.page.locator('button[data-task]', { hasText: reason }).click();
  await expect(reviewing.page.getByTestId('task-state')).toHaveText('已复核');
  await expect(reviewing.page.getByTestId('access-task')).toContainText('抢救记录核实');
  await pictures(reviewing.page, 'break-glass-reviewed');
  await reviewing.context.close();
  await context.close();
});

test('SSO-3: the auditor finds the break-glass by user, patient, time and kind', async ({ browser }) => {
  const { context, page } = await desk(browser, 'auditor', 'audit');
  await expect(page.locator('tr.ant-table-row').first()).toBeVisible();
  await pictures(page, 'audit-newest');
  const total = page.getByTestId('audit-total');
  const hits = page.locator('tr[data-audit="紧急访问"]');

  await page.locator('input[name="audit-user"]').fill('emergency-doctor');
  await page.getByRole('button', { name: /^查\s*询$/ }).click();
  await expect(hits.first()).toBeVisible();
  await expect
    .poll(async () => [...new Set(await page.locator('tr.ant-table-row td:nth-child(2) .strong').allTextContents())], { message: 'this user alone' })
    .toEqual(['emergency-doctor']);
  await page.locator('.audit-kind').click();
  await page.locator('.ant-select-item-option', { hasText: '紧急访问' }).click();
  await expect(page.locator('tr.ant-table-row:not([data-audit="紧急访问"])')).toHaveCount(0);
  await expect(hits.first()).toBeVisible();
  await pictures(page, 'audit-break-glass');
  await hits.first().click();
  const detail = page.getByTestId('audit-detail');
  await expect(detail).toContainText('emergency-doctor');
  const patient = /Patient\/\d+/.exec((await detail.textContent()) ?? '')?.[0] ?? '';
  expect(patient).not.toBe('');
  await pictures(page, 'audit-detail');
  await page.keyboard.press('Escape');
  await expect(page.locator('.ant-drawer-content-wrapper')).toBeHidden();

  // By the patient and the kind alone.
  await page.locator('input[name="audit-user"]').fill('');
  await page.locator('input[name="audit-patient"]').fill(patient);
  await page.getByRole('button', { name: /^查\s*询$/ }).click();
  await expect(hits.first()).toContainText('emergency-doctor');

  // By the time: today has it, a day long past has nothing.
  const range = page.locator('.ant-picker-range input');
  const choose = async (from: string, to: string): Promise<void> => {
    await range.first().click();
    await range.first().fill(from);
    await range.first().press('Enter');
    await range.last().fill(to);
    await range.last().press('Enter');
  };
  const day = (offset: number): string => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);
  await choose(`${day(-1)} 00:00`, `${day(2)} 00:00`);
  await expect(hits.first()).toBeVisible();
  await choose('2020-01-01 00:00', '2020-01-02 00:00');
  await expect(page.getByText('没有符合条件的审计记录')).toBeVisible();
  await pictures(page, 'audit-nothing-then');
  await page.getByRole('button', { name: /^重\s*置$/ }).click();
  await expect(total).not.toHaveText('共 0 条');
  const token = await personToken('auditor');
  expect((await ask(token, '/fhir/Patient?_count=1')).body, 'an auditor sees no patients').not.toContain('"resourceType":"Patient"');
  await page.getByTestId('user-menu').click();
  await page.getByText('English', { exact: true }).click();
  await pictures(page, 'audit-english');
  await context.close();
});

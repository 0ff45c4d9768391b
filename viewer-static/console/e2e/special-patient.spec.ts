import type { Page } from '@playwright/test';
import { ask, desk, expect, findStudy, hubUrl, personToken, pictures, test } from './hub';
import { openViewer, waitForImage } from './viewer';

/** Sets a level at the steward's page, as a person does: find, choose, give the reason, confirm when it goes down. */
async function setLevel(page: Page, level: string, reason: string): Promise<void> {
  await page.getByTestId('special-patient').waitFor();
  await page.locator('.ant-segmented-item', { hasText: level }).click();
  await page.locator('input[name="level-reason"]').fill(reason);
  await page.getByRole('button', { name: /^设\s*置$/ }).click();
}

test('ACC-14: the steward hides a patient while a doctor’s page is open; the next request shows nothing; lowered, the patient is back', async ({ browser }) => {
  const study = await findStudy({ modality: 'CT', minimumInstances: 60 });
  const doctor = await desk(browser, 'radiologist');
  const token = await personToken('radiologist');
  const { page } = doctor;
  const row = page.locator(`tr[data-study="${study.studyInstanceUid}"]`);
  await page.locator('input[name="study-search"]').fill(study.patientId);
  await expect(row).toBeVisible();
  const before = await page.getByTestId('total').textContent();
  const viewer = await openViewer(doctor.context, study.studyInstanceUid);
  await waitForImage(viewer);
  await viewer.close();

  const paths = [
    `/fhir/ImagingStudy?patient.identifier=${study.patientId}&_total=accurate`,
    `/fhir/ImagingStudy?patient.name=${encodeURIComponent(study.patientName)}`,
    `/fhir/Patient?name=${encodeURIComponent(study.patientName)}`,
    `/fhir/Patient?identifier=${study.patientId}&_summary=count`,
    `/dicom-web/studies?PatientID=${study.patientId}`,
    `/dicom-web/studies?StudyInstanceUID=${study.studyInstanceUid}`,
    `/dicom-web/studies/${study.studyInstanceUid}/metadata`,
    `/dicom-web/studies/${study.studyInstanceUid}/series`,
  ];
  for (const path of paths) expect((await ask(token, path)).status, path).toBe(200);

  const steward = await desk(browser, 'steward', 'special-patients');
  const find = steward.page.getByRole('combobox', { name: '查找患者' });
  await find.click();
  await find.fill(study.patientId);
  await steward.page.locator('.ant-select-item-option', { hasText: study.patientId }).click();
  await setLevel(steward.page, '绝密 V', '患者本人要求保密');
  await expect(steward.page.locator(`button[data-patient="${study.patientId}"] [data-level="V"]`)).toBeVisible();
  await expect(steward.page.getByText('密级已更改')).toBeVisible();
  await pictures(steward.page, 'special-patient-hidden');

  // The doctor's page is still open: what it asks next is answered as if the patient had never been.
  await page.getByRole('button', { name: '刷新' }).click();
  await expect(row).toHaveCount(0);
  await expect(page.getByText('没有符合条件的检查')).toBeVisible();
  await page.locator('input[name="study-search"]').fill(study.patientName);
  await expect(page.getByText('没有符合条件的检查')).toBeVisible();
  await expect(page.locator('tr.ant-table-row')).toHaveCount(0);
  await pictures(page, 'special-patient-doctor-sees-nothing');
  await page.getByRole('button', { name: '重置' }).click();
  await expect(page.locator('tr.ant-table-row').first()).toBeVisible();
  await expect(page.getByText(study.patientName)).toHaveCount(0);
  for (const path of paths) {
    const { status, body } = await ask(token, path);
    expect([200, 404], path).toContain(status);
    for (const trace of [study.patientName, study.patientName.charAt(0) + '*']) expect(body, path).not.toContain(trace);
    if (path.endsWith('/metadata')) expect(status, path).toBe(404);
    else if (path.startsWith('/dicom-web')) expect(JSON.parse(body), path).toEqual([]);
    else expect((JSON.parse(body) as fhir4.Bundle).total ?? 0, path).toBe(0);
  }
  // By its address the viewer opens an empty study: its own requests find nothing either.
  const metadata = doctor.context.waitForEvent('response', response => response.url().includes(study.studyInstanceUid) && response.url().includes('/dicom-web/'));
  const blind = await doctor.context.newPage();
  await blind.goto(`${hubUrl}/viewer/viewer?StudyInstanceUIDs=${study.studyInstanceUid}`);
  const answer = await metadata;
  expect(answer.status() === 404 || (await answer.text()) === '[]', `${answer.url()} ${answer.status()}`).toBe(true);
  await expect(blind.locator('body')).not.toContainText(study.patientName);
  await blind.waitForTimeout(1500);
  await pictures(blind, 'special-patient-viewer-by-address');
  await blind.close();

  await setLevel(steward.page, '普通 N', '患者撤回要求');
  const confirm = steward.page.getByRole('dialog');
  await expect(confirm).toContainText('降低密级？');
  await pictures(steward.page, 'special-patient-lower');
  await confirm.getByRole('button', { name: /^设\s*置$/ }).click();
  await expect(steward.page.locator(`button[data-patient="${study.patientId}"]`)).toHaveCount(0);
  // Every step stays with its reason.
  await expect(steward.page.getByText('患者本人要求保密')).toBeVisible();
  await expect(steward.page.getByText('患者撤回要求')).toBeVisible();
  await pictures(steward.page, 'special-patient-history');

  await page.locator('input[name="study-search"]').fill(study.patientId);
  await expect(row).toBeVisible();
  await expect(page.getByTestId('total')).toHaveText(before ?? '');
  for (const path of paths) expect((await ask(token, path)).status, path).toBe(200);
  await doctor.context.close();
  await steward.context.close();
});

test('ACC-15: the page of special patients tells who sees one, and assigned people see what others do not', async ({ browser }) => {
  const { context, page } = await desk(browser, 'steward', 'special-patients');
  await expect(page.getByTestId('special-count')).not.toHaveText('');
  await page.locator('button[data-patient="P0018"]').click();
  await expect(page.getByTestId('special-patient')).toContainText('高建军');
  await page.getByRole('button', { name: /检\s*查/ }).click();
  await expect(page.getByText(/能看到 \d+/)).toBeVisible();
  await expect(page.getByText(/已检查/)).toHaveCount(0);
  await pictures(page, 'special-patient-who-sees');
  await page.getByTestId('user-menu').click();
  await page.getByText('English', { exact: true }).click();
  await pictures(page, 'special-patient-english');
  await context.close();
});

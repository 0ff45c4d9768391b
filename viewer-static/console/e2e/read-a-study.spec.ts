import { conformanceToken, expect, findStudy, hubUrl, isOwn, logIn, picture, test } from './hub';
import { firstCanvas, imageIndex, pixelsOf, waitForImage } from './viewer';

test('a radiologist logs in, finds a patient by Chinese name, opens the study and scrolls it', async ({ browser }) => {
  const ct = await findStudy({ modality: 'CT', minimumInstances: 60 });
  expect(ct.patientName).toMatch(/\p{Script=Han}/u);

  const context = await browser.newContext({ viewport: { width: 1366, height: 768 }, locale: 'zh-CN' });
  const foreign: string[] = [];
  context.on('request', request => {
    if (!isOwn(request.url())) foreign.push(request.url());
  });
  const viewerFiles: Promise<number>[] = [];
  context.on('requestfinished', request => {
    if (new URL(request.url()).pathname.startsWith('/viewer/')) viewerFiles.push(request.sizes().then(s => s.responseBodySize));
  });
  const page = await context.newPage();
  await page.goto(`${hubUrl}/console/`);
  await page.waitForURL(url => url.pathname === '/login');
  await picture(page, 'login');
  await logIn(page, 'radiologist');
  await expect(page.getByTestId('user-menu')).toContainText('周明远');
  await expect(page.locator('tr.ant-table-row').first()).toBeVisible();
  await picture(page, 'study-list');

  await page.locator('input[name="study-search"]').fill(ct.patientName);
  const row = page.locator(`tr[data-study="${ct.studyInstanceUid}"]`);
  await expect(row).toBeVisible();
  await expect
    .poll(async () => [...new Set(await page.locator('tr.ant-table-row .patient-name').allTextContents())], { message: 'only this patient is listed' })
    .toEqual([ct.patientName]);
  expect(page.url(), 'no patient data in the address').toBe(`${hubUrl}/console/`);
  await picture(page, 'search-by-name');

  const opened = context.waitForEvent('page');
  await row.click();
  const viewer = await opened;
  const first = await waitForImage(viewer);
  await picture(viewer, 'ct-first-image');
  expect(first.levels).toBeGreaterThan(32);
  const started = (await Promise.all(viewerFiles)).reduce((sum, bytes) => sum + bytes, 0);
  expect(started, 'bytes on the wire until the first image').toBeLessThan(6 * 1024 * 1024);
  test.info().annotations.push({ type: 'viewer start', description: `${viewerFiles.length} files, ${started} bytes` });

  const start = await imageIndex(viewer);
  const seen = new Set<number>();
  await firstCanvas(viewer).hover();
  for (let i = 1; i <= 20; i++) {
    await viewer.mouse.wheel(0, 100);
    await expect.poll(() => imageIndex(viewer)).toBe(start + i);
    await expect.poll(async () => (await pixelsOf(firstCanvas(viewer))).lit).toBeGreaterThan(0.02);
    seen.add((await pixelsOf(firstCanvas(viewer))).hash);
  }
  expect(seen.size, 'different pictures while scrolling').toBeGreaterThan(15);
  await picture(viewer, 'ct-after-20-images');
  expect(foreign, 'requests that left the hub').toEqual([]);
  await context.close();
});

test('a study is also found by patient id and by accession number', async ({ radiologist }) => {
  const ct = await findStudy({ modality: 'CT', minimumInstances: 60 });
  const response = await fetch(`${hubUrl}/fhir/ImagingStudy?identifier=urn:dicom:uid|urn:oid:${ct.studyInstanceUid}`, {
    headers: { Authorization: `Bearer ${await conformanceToken()}` },
  });
  const bundle = (await response.json()) as fhir4.Bundle<fhir4.ImagingStudy>;
  const accession = bundle.entry?.[0]?.resource?.identifier?.find(i => i.type?.coding?.[0]?.code === 'ACSN')?.value ?? '';
  expect(accession).not.toBe('');

  const page = await radiologist.newPage();
  await page.goto(`${hubUrl}/console/`);
  const search = page.locator('input[name="study-search"]');
  for (const text of [ct.patientId, accession]) {
    await search.fill(text);
    await expect(page.locator(`tr[data-study="${ct.studyInstanceUid}"]`)).toBeVisible();
  }
  await expect(page.locator('tr.ant-table-row')).toHaveCount(1);
  await search.fill('没有这个人');
  await expect(page.getByText('没有符合条件的检查')).toBeVisible();
  await picture(page, 'search-without-result');
  await page.close();
});

test('the list is worked by keyboard alone', async ({ radiologist }) => {
  const page = await radiologist.newPage();
  await page.goto(`${hubUrl}/console/`);
  await expect(page.locator('tr.ant-table-row').nth(2)).toBeVisible();
  await page.keyboard.press('/');
  await expect(page.locator('input[name="study-search"]')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await expect(page.locator('tr.ant-table-row').nth(1)).toHaveAttribute('aria-selected', 'true');
  const uid = await page.locator('tr.ant-table-row').nth(1).getAttribute('data-study');
  const opened = radiologist.waitForEvent('page');
  await page.keyboard.press('Enter');
  const viewer = await opened;
  await viewer.waitForURL(url => url.pathname === '/viewer/viewer' && url.searchParams.get('StudyInstanceUIDs') === uid);
  await viewer.close();
  await page.close();
});

test('filters, pages, languages and appearances of the list', async ({ radiologist }) => {
  const page = await radiologist.newPage();
  await page.goto(`${hubUrl}/console/`);
  await expect(page.locator('tr.ant-table-row').first()).toBeVisible();
  const total = await page.getByTestId('total').textContent();
  await page.locator('.modality').click();
  await page.locator('.ant-select-item-option[title="US"]').click();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('total')).not.toHaveText(total ?? '');
  for (const cell of await page.locator('tr.ant-table-row .modalities').allTextContents()) expect(cell).toContain('US');
  await picture(page, 'ultrasound-only');
  await page.getByRole('button', { name: '重置' }).click();
  await expect(page.getByTestId('total')).toHaveText(total ?? '');
  await page.locator('.ant-pagination-item-2').click();
  await expect(page.getByTestId('total')).toContainText('26');

  await page.getByTestId('user-menu').click();
  await page.getByText('English', { exact: true }).click();
  await expect(page.getByRole('columnheader', { name: 'Study time' })).toBeVisible();
  await page.getByTestId('user-menu').click();
  await page.getByText('Dark', { exact: true }).click();
  await picture(page, 'dark-english');
  await page.getByTestId('user-menu').click();
  await page.getByText('中文', { exact: true }).click();
  await page.getByTestId('user-menu').click();
  await page.getByText('浅色', { exact: true }).click();
  for (const [width, height] of [[1366, 768], [1920, 1080], [3840, 2160]] as const) {
    await page.setViewportSize({ width, height });
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow, `overflow at ${width}`).toBeLessThanOrEqual(0);
  }
  await picture(page, 'list-4k');
  await page.close();
});

test('whoever logs out is out', async ({ browser }) => {
  const context = await browser.newContext({ locale: 'zh-CN' });
  const page = await context.newPage();
  await logIn(page, 'ward-doctor');
  await page.getByTestId('user-menu').click();
  await page.getByText('退出登录').click();
  await page.waitForURL(url => url.pathname === '/login');
  await page.goto(`${hubUrl}/viewer/viewer?StudyInstanceUIDs=1.2.3`);
  await page.waitForURL(url => url.pathname === '/login');
  await context.close();
});

import { expect, findStudy, picture, test, valueOf } from './hub';
import { firstCanvas, imageIndex, openViewer, pixelsOf, waitForImage } from './viewer';

type Metadata = Parameters<typeof valueOf>[0];
const sopClass = (uid: string) => (m: Metadata): boolean => valueOf(m, '00080016') === uid;
const frames = (m: Metadata): number => Number(valueOf(m, '00280008') ?? 1);
const storedIn = (...uids: string[]) => (m: Metadata): boolean => uids.includes(valueOf(m, '00083002') ?? '');

const jpegLs = storedIn('1.2.840.10008.1.2.4.80', '1.2.840.10008.1.2.4.81');
const jpeg2000 = storedIn('1.2.840.10008.1.2.4.90', '1.2.840.10008.1.2.4.91');

const cases: { name: string; modality?: string; instance?: (m: Metadata) => boolean; patientId?: string; coloured?: boolean; cine?: boolean }[] = [
  { name: 'an ultrasound cine', modality: 'US', instance: m => frames(m) > 1, cine: true },
  { name: 'an XA multi-frame', modality: 'XA', instance: m => frames(m) > 1, cine: true },
  { name: 'a colour image', modality: 'ES', coloured: true },
  { name: 'a JPEG-LS series', modality: 'CT', instance: jpegLs },
  { name: 'a JPEG 2000 series', instance: jpeg2000 },
  { name: 'an MR study', modality: 'MR' },
];

for (const { name, coloured, cine, ...wanted } of cases) {
  test(`the viewer draws ${name}`, async ({ radiologist }) => {
    const study = await findStudy(wanted);
    const page = await openViewer(radiologist, study.studyInstanceUid);
    const pixels = await waitForImage(page);
    if (coloured) expect(pixels.coloured).toBeGreaterThan(0.02);
    if (cine) {
      const start = await imageIndex(page);
      await firstCanvas(page).hover();
      await page.mouse.wheel(0, 100);
      await expect.poll(() => imageIndex(page)).toBe(start + 1);
      await expect.poll(async () => (await pixelsOf(firstCanvas(page))).lit).toBeGreaterThan(0.02);
    }
    await picture(page, name.replaceAll(/^an? /g, '').replaceAll(' ', '-'));
    await page.close();
  });
}

test('the viewer shows an encapsulated PDF', async ({ radiologist }) => {
  const study = await findStudy({ instance: sopClass('1.2.840.10008.5.1.4.1.1.104.1') });
  const page = await openViewer(radiologist, study.studyInstanceUid);
  const frame = page.locator('object[type="application/pdf"], embed[type="application/pdf"], iframe').first();
  await frame.waitFor({ state: 'attached' });
  const address = (await frame.getAttribute('data')) ?? (await frame.getAttribute('src')) ?? '';
  expect(address).not.toBe('');
  const head = await page.evaluate(async url => new TextDecoder().decode((await (await fetch(url)).arrayBuffer()).slice(0, 5)), address);
  expect(head).toBe('%PDF-');
  await page.waitForTimeout(8000);
  await picture(page, 'encapsulated-pdf');
  await page.close();
});

test('the viewer draws an ECG', async ({ radiologist }) => {
  const study = await findStudy({ modality: 'ECG' });
  const page = await openViewer(radiologist, study.studyInstanceUid);
  const canvas = page.locator('[data-cy="viewport-grid"] canvas, [data-cy="viewport-grid"] svg').first();
  await canvas.waitFor();
  await page.waitForTimeout(3000);
  if ((await canvas.evaluate(node => node.tagName)) === 'CANVAS') {
    await expect.poll(async () => (await pixelsOf(canvas)).levels).toBeGreaterThan(4);
  }
  await picture(page, 'ecg');
  await page.close();
});

// The demo hospital sends the objects of this patient in GB18030 (hospital.json, characterSet).
const gb18030Patient = 'P0004';

test('the viewer shows a Chinese name that the object holds in GB18030', async ({ radiologist }) => {
  const study = await findStudy({ patientId: gb18030Patient });
  expect(study.patientName).toMatch(/^\p{Script=Han}+$/u);
  const page = await openViewer(radiologist, study.studyInstanceUid);
  await page.getByText(study.patientName).first().waitFor();
  await waitForImage(page);
  await picture(page, 'gb18030-name');
  await page.close();
});

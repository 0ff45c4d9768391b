import { join } from 'node:path';
import { conformanceToken, demoFile, expect, hubUrl, test } from './hub';

/** The client's own build, in a browser: it is made of XMLHttpRequest. */
const clientBuild = join('node_modules', 'dicomweb-client', 'build', 'dicomweb-client.js');

type Dataset = Record<string, { vr: string; Value?: unknown[] } | undefined>;
interface Client {
  storeInstances: (options: { datasets: ArrayBuffer[] }) => Promise<unknown>;
  searchForStudies: (options: { queryParams: Record<string, string> }) => Promise<Dataset[]>;
  searchForSeries: (options: { studyInstanceUID: string }) => Promise<Dataset[]>;
  searchForInstances: (options: { studyInstanceUID: string; seriesInstanceUID: string }) => Promise<Dataset[]>;
  retrieveStudyMetadata: (options: { studyInstanceUID: string }) => Promise<Dataset[]>;
  retrieveSeriesMetadata: (options: { studyInstanceUID: string; seriesInstanceUID: string }) => Promise<Dataset[]>;
  retrieveInstanceMetadata: (options: Record<string, string>) => Promise<Dataset[]>;
  retrieveInstanceFrames: (options: Record<string, unknown>) => Promise<ArrayBuffer[]>;
  retrieveInstance: (options: Record<string, string>) => Promise<ArrayBuffer>;
}

test('dicomweb-client stores, searches on three levels, and retrieves metadata, frames and the object', async ({ browser }) => {
  const token = await conformanceToken();
  const file = demoFile('dicom/ct-small/01.dcm');
  const page = await browser.newPage();
  await page.goto(`${hubUrl}/login`);
  await page.route('**/login', route => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>dicomweb-client</title>' }));
  await page.goto(`${hubUrl}/login`);
  await page.addScriptTag({ path: clientBuild });

  const seen = await page.evaluate(
    async ([url, bearer, base64]) => {
      const library = (window as unknown as { DICOMwebClient: { api: { DICOMwebClient: new (options: object) => Client } } }).DICOMwebClient;
      const client = new library.api.DICOMwebClient({ url: `${url}/dicom-web`, headers: { Authorization: `Bearer ${bearer}` } });
      const bytes = Uint8Array.from(atob(base64), c => c.charCodeAt(0));
      await client.storeInstances({ datasets: [bytes.buffer] });
      const value = (dataset: Dataset | undefined, tag: string): string => {
        const first = dataset?.[tag]?.Value?.[0];
        return typeof first === 'string' || typeof first === 'number' ? String(first) : '';
      };

      // The object tells its own identifiers; everything else has to agree with it.
      const text = new TextDecoder('latin1').decode(bytes);
      const uidAfter = (group: number, element: number): string => {
        const tag = String.fromCharCode(group & 255, group >> 8, element & 255, element >> 8) + 'UI';
        const at = text.indexOf(tag);
        const length = (bytes[at + 6] ?? 0) + (bytes[at + 7] ?? 0) * 256;
        return text.slice(at + 8, at + 8 + length).replace(/\0$/, '');
      };
      const studyInstanceUID = uidAfter(0x0020, 0x000d);
      const seriesInstanceUID = uidAfter(0x0020, 0x000e);
      const sopInstanceUID = uidAfter(0x0008, 0x0018);

      const studies = await client.searchForStudies({ queryParams: { StudyInstanceUID: studyInstanceUID } });
      const series = await client.searchForSeries({ studyInstanceUID });
      const instances = await client.searchForInstances({ studyInstanceUID, seriesInstanceUID });
      const studyMetadata = await client.retrieveStudyMetadata({ studyInstanceUID });
      const seriesMetadata = await client.retrieveSeriesMetadata({ studyInstanceUID, seriesInstanceUID });
      const [instanceMetadata] = await client.retrieveInstanceMetadata({ studyInstanceUID, seriesInstanceUID, sopInstanceUID });
      const frames = await client.retrieveInstanceFrames({ studyInstanceUID, seriesInstanceUID, sopInstanceUID, frameNumbers: [1] });
      const whole = await client.retrieveInstance({ studyInstanceUID, seriesInstanceUID, sopInstanceUID });
      const rows = Number(value(instanceMetadata, '00280010'));
      const columns = Number(value(instanceMetadata, '00280011'));
      const bits = Number(value(instanceMetadata, '00280100'));
      const frame = new Uint8Array(frames[0] ?? new ArrayBuffer(0));
      const tail = bytes.slice(bytes.length - 64);
      const wholeBytes = new Uint8Array(whole);
      return {
        studies: studies.map(s => value(s, '0020000D')),
        series: series.map(s => value(s, '0020000E')),
        instances: instances.map(i => value(i, '00080018')),
        metadata: [studyMetadata.length, seriesMetadata.length, value(instanceMetadata, '00080018')],
        expected: { studyInstanceUID, seriesInstanceUID, sopInstanceUID },
        frameBytes: frame.length,
        expectedFrameBytes: (rows * columns * bits) / 8,
        frameIsPixelData: text.includes(new TextDecoder('latin1').decode(frame)),
        sameEnd: tail.every((b, i) => b === wholeBytes[wholeBytes.length - 64 + i]),
      };
    },
    [hubUrl, token, file.toString('base64')] as const,
  );

  expect(seen.studies).toEqual([seen.expected.studyInstanceUID]);
  expect(seen.series).toEqual([seen.expected.seriesInstanceUID]);
  expect(seen.instances).toEqual([seen.expected.sopInstanceUID]);
  expect(seen.metadata).toEqual([1, 1, seen.expected.sopInstanceUID]);
  expect(seen.frameBytes).toBe(seen.expectedFrameBytes);
  expect(seen.frameIsPixelData).toBe(true);
  expect(seen.sameEnd).toBe(true);
  await page.close();
});

import assert from 'node:assert/strict';
import { readFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

// The module imports what packaging writes beside it, so it is tested as it is shipped: in a folder with a release file.
const folder = mkdtempSync(join(tmpdir(), 'trefoil-names-'));
for (const name of ['names.mjs', 'bundled.mjs']) writeFileSync(join(folder, name), readFileSync(new URL(`../extension/${name}`, import.meta.url)));
writeFileSync(join(folder, 'release.mjs'), "export const coreModuleId = 1;\nexport const utilsExport = 'U';\n");
const { nameText, showOwnNames } = await import(pathToFileURL(join(folder, 'names.mjs')));

test('should show the Chinese writing of a name without separators', () => {
  assert.equal(nameText({ Alphabetic: 'Liu^GuiLan', Ideographic: '刘^桂兰' }), '刘桂兰');
  assert.equal(nameText([{ Alphabetic: 'Liu^GuiLan', Ideographic: '刘^桂兰' }]), '刘桂兰');
  assert.equal(nameText({ Alphabetic: '刘^桂兰' }), '刘桂兰');
  assert.equal(nameText('Liu^GuiLan=刘^桂兰'), '刘桂兰');
});

test('should show other names as the stock viewer does', () => {
  assert.equal(nameText({ Alphabetic: 'Smith^John^Paul' }), 'Smith, John Paul');
  assert.equal(nameText('Smith^John'), 'Smith, John');
  assert.equal(nameText(undefined), undefined);
  assert.equal(nameText({}), '');
});

test('should put itself in the place of the formatter', () => {
  const utils = { formatPN: () => 'stock' };
  globalThis.rspackChunk = { push: ([, , run]) => run(() => ({ U: utils })) };
  showOwnNames();
  assert.equal(utils.formatPN('张^三'), '张三');
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bundledNames, dropped, rewriteIndex, rewrites } from '../rewrites.mjs';

test('should move every address of the page under /viewer/', () => {
  const page = rewriteIndex(
    '<html lang="en"><script>window.PUBLIC_URL="/"</script><link rel="manifest" href="/manifest.json">' +
      '<script rel="preload" as="script" src="/app-config.js"></script>' +
      '<script rel="preload" as="script" type="module" src="/init-service-worker.js"></script><title>OHIF Viewer</title>' +
      '<script defer src="/app.bundle.1f.js"></script><link href="/app.bundle.css" rel="stylesheet">',
  );
  assert.doesNotMatch(page, /(src|href)="\/(?!viewer\/)/);
  assert.match(page, /window\.PUBLIC_URL="\/viewer\/"/);
  assert.match(page, /src="\/viewer\/app-config\.js"/);
  assert.doesNotMatch(page, /service-worker|manifest/);
  assert.match(page, /<title>Trefoil/);
});

test('should not rewrite a page twice', () => {
  const once = rewriteIndex('<script defer src="/app.bundle.1f.js"></script>');
  assert.equal(rewriteIndex(once), once);
});

test('should rewrite fonts and leave foreign schemes alone', () => {
  const fonts = rewrites.find(r => r.name.startsWith('fonts')).apply;
  assert.equal(fonts('a{src:url(/x.woff2)} b{src:url(data:x)}'), 'a{src:url(/viewer/x.woff2)} b{src:url(data:x)}');
});

test('should drop maps and service workers only', () => {
  assert.ok(dropped('app.bundle.1.js.map'));
  assert.ok(dropped('sw.js'));
  assert.ok(!dropped('app.bundle.1.js'));
  assert.ok(!dropped('histogram-worker.bundle.1.js'));
});

test('should find what the extension reaches for, and refuse to guess', () => {
  const bundle =
    '// EXTERNAL MODULE: ../node_modules/i18next/dist/esm/i18next.js + 22 modules\nvar a = __webpack_require__(26104);\n' +
    '// EXTERNAL MODULE: ../../core/src/index.ts + 100 modules\nvar src = __webpack_require__(50679);\nsrc/* .utils */.Wp;\n';
  assert.deepEqual(bundledNames([bundle, bundle]), { i18nextModuleId: 26104, coreModuleId: 50679, utilsExport: 'Wp' });
  assert.throws(() => bundledNames([bundle, bundle.replace('.Wp', '.Xy')]), /found 2/);
  assert.throws(() => bundledNames(['nothing']), /found 0/);
});

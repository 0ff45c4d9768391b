// Adds the Chinese texts that the release lacks to OHIF's own i18next.
import { i18nextModuleId } from './release.mjs';
import { chinese } from './chinese.mjs';

/** The bundler hands its `require` to whoever pushes a chunk; that is the only way to the bundled i18next. */
function bundledI18next() {
  let bundled = null;
  globalThis.rspackChunk.push([[`trefoil-${i18nextModuleId}`], {}, require => { bundled = require(i18nextModuleId).A; }]);
  return bundled;
}

export function addChinese(language) {
  const i18next = bundledI18next();
  if (typeof i18next?.addResourceBundle !== 'function') {
    console.warn('trefoil: the bundled i18next was not found, some texts stay English');
    return;
  }
  for (const [namespace, texts] of Object.entries(chinese)) i18next.addResourceBundle('zh', namespace, texts, true, true);
  i18next.changeLanguage(language);
}

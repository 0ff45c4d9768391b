// Adds the Chinese texts that the release lacks to OHIF's own i18next.
import { bundled } from './bundled.mjs';
import { i18nextModuleId } from './release.mjs';
import { chinese } from './chinese.mjs';

export function addChinese(language) {
  const i18next = bundled(i18nextModuleId)?.A;
  if (typeof i18next?.addResourceBundle !== 'function') {
    console.warn('trefoil: the bundled i18next was not found, some texts stay English');
    return;
  }
  for (const [namespace, texts] of Object.entries(chinese)) i18next.addResourceBundle('zh', namespace, texts, true, true);
  i18next.changeLanguage(language);
}

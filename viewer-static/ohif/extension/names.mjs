// Patients' names as they are written here: OHIF shows the Latin component group only (PS3.5 section 6.2.1).
import { bundled } from './bundled.mjs';
import { coreModuleId, utilsExport } from './release.mjs';

const han = /\p{Script=Han}/u;

/** The ideographic group where there is one, Chinese without separators, others as `Family, Given`. */
export function nameText(name) {
  if (!name) return undefined;
  const one = Array.isArray(name) ? name[0] : name;
  const text = one?.Ideographic || one?.Alphabetic || (typeof one === 'string' || one instanceof String ? String(one) : '');
  const group = text.split('=')[1] || text.split('=')[0] || '';
  if (han.test(group)) return group.replaceAll('^', '').trim();
  return group.replace('^', ', ').replaceAll('^', ' ').trim();
}

/** Must run before the chunks that copy the function are loaded. */
export function showOwnNames() {
  const utils = bundled(coreModuleId)?.[utilsExport];
  if (typeof utils?.formatPN !== 'function') {
    console.warn('trefoil: OHIF’s name formatter was not found, names stay Latin');
    return;
  }
  utils.formatPN = nameText;
}

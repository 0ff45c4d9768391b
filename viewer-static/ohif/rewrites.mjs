// What packaging changes in the published build, as pure functions, so that they can be tested without it.

/** Where the viewer is served; with a slash at both ends. */
export const base = '/viewer/';

/** True for a path (relative to the build) that is not shipped: never requested, or able to talk to other hosts. */
export function dropped(path) {
  return (
    /\.map$/.test(path) ||
    /^(sw|google|init-service-worker|oidc-client\.min|es6-shim\.min|silent-refresh)\.(js|html)$/.test(path) ||
    /^(_headers|_redirects)$/.test(path) ||
    /^assets\/(apple-touch|android-chrome|mstile|coast|firefox|yandex)/.test(path)
  );
}

/** The one text that `pattern` captures in all of `bundles`; two different ones mean that the release has changed. */
function theOnly(what, bundles, pattern) {
  const found = new Set(bundles.flatMap(text => [...text.matchAll(pattern)].map(m => m[1])));
  if (found.size !== 1) throw new Error(`expected one ${what} in the bundles, found ${found.size}`);
  return [...found][0];
}

/** The numbers and names under which the bundles keep what our extension has to reach: i18next, and OHIF's utilities. */
export function bundledNames(bundles) {
  return {
    i18nextModuleId: Number(
      theOnly('module id of i18next', bundles, /node_modules\/i18next\/dist\/esm\/i18next\.js[^\n]*\n\s*var \w+ = __webpack_require__\((\d+)\)/g),
    ),
    coreModuleId: Number(
      theOnly('module id of the core', bundles, /EXTERNAL MODULE: \.\.\/\.\.\/core\/src\/index\.ts[^\n]*\n\s*var \w+ = __webpack_require__\((\d+)\)/g),
    ),
    utilsExport: theOnly('export of the utilities', bundles, /\/\* \.utils \*\/\.(\w+)/g),
  };
}

/** Pages: our name and icon, our base, nothing that names another host or a dropped file. */
export function rewriteIndex(html) {
  return html
    .replace(/<link rel="(?:apple-touch-[a-z-]+|icon shortcut|icon|yandex-[a-z-]+|manifest)"[^>]*>/g, '')
    .replace(/<meta name="(?:msapplication|apple-mobile)[^>]*>/g, '')
    .replace(/<script[^>]*src="\/init-service-worker\.js"[^>]*><\/script>/g, '')
    .replace(/(src|href)="\/(?!viewer\/)/g, `$1="${base}`)
    .replace(/window\.PUBLIC_URL="\/"/g, `window.PUBLIC_URL="${base}"`)
    .replace('console.time("scriptToView"),', '')
    .replace(/ rel="preload" as="script"/g, '')
    .replace('content="OHIF Viewer"', 'content="Trefoil"')
    .replace(/<title>[^<]*<\/title>/, `<title>Trefoil 影像浏览</title><link rel="icon" type="image/svg+xml" href="${base}assets/trefoil.svg">`)
    .replace('<html lang="en">', '<html lang="zh-CN">');
}

export const rewrites = [
  { name: 'index page', file: /^index\.html$/, apply: rewriteIndex },
  {
    name: 'public path of bundles and workers',
    file: /^[\w-]+\.bundle\.[0-9a-f]+\.js$/,
    apply: text => text.replaceAll('__webpack_require__.p = "/";', `__webpack_require__.p = "${base}";`),
  },
  {
    name: 'fonts in style sheets',
    file: /\.css$/,
    apply: text => text.replace(/url\(\/(?!viewer\/|\/)/g, `url(${base}`),
  },
  {
    name: 'microscopy viewer',
    file: /^app\.bundle\.[0-9a-f]+\.js$/,
    apply: text => text.replaceAll("('/dicom-microscopy-viewer/", `('${base}dicom-microscopy-viewer/`),
  },
];
